package dev.lanewise.reference;

import java.util.Arrays;

/**
 * Batch normalisation over rows {@code [rows, channels]} with its gradients, one number at a time. The {@code double}
 * versions say what is true, the {@code float} versions which bits.
 *
 * <p>Statistics are three rows of channels as the kernel has them, mean, what its rounding took, and variance; in double the
 * second is 0.
 *
 * @param channels floats of a row
 * @param epsilon added to variances
 * @param rectified whether ReLU follows
 */
public record BatchNormalizationReference(int channels, double epsilon, boolean rectified) {
    private static final int CHUNK_ROWS = 64;

    /**
     * Computes mean and variance of each channel.
     *
     * @param x the rows, at least one
     * @return three rows: means, zeros, variances
     */
    public double[] statistics(double[] x) {
        int rows = rows(x.length);
        double[] statistics = new double[3 * channels];
        for (int i = 0; i < x.length; i++) {
            statistics[i % channels] += x[i] / rows;
        }
        for (int i = 0; i < x.length; i++) {
            double d = x[i] - statistics[i % channels];
            statistics[2 * channels + i % channels] += d * d / rows;
        }
        return statistics;
    }

    /**
     * Computes the statistics with the kernel's bits.
     *
     * @param x the rows, at least one
     * @return three rows: means, what their rounding took, variances
     */
    public float[] statistics(float[] x) {
        float[] statistics = new float[3 * channels];
        for (int c = 0; c < channels; c++) {
            ChannelMoments moments = ChannelMoments.of(x, c, channels, CHUNK_ROWS);
            statistics[c] = (float) moments.mean();
            statistics[channels + c] = (float) (moments.mean() - statistics[c]);
            statistics[2 * channels + c] = (float) moments.variance();
        }
        return statistics;
    }

    /**
     * Blends running statistics with those of a batch.
     *
     * @param statistics those of the batch
     * @param rows how many rows it had
     * @param momentum the weight of the batch
     * @param mean the running mean before
     * @param variance the running variance before
     * @return two rows, the running mean and the running variance
     */
    public double[] follow(double[] statistics, int rows, double momentum, double[] mean, double[] variance) {
        double[] running = new double[2 * channels];
        for (int c = 0; c < channels; c++) {
            double batchMean = statistics[c] + statistics[channels + c];
            double batchVariance = rows / (rows - 1.0) * statistics[2 * channels + c];
            running[c] = (1 - momentum) * mean[c] + momentum * batchMean;
            running[channels + c] = (1 - momentum) * variance[c] + momentum * batchVariance;
        }
        return running;
    }

    /**
     * Normalises.
     *
     * @param x the rows
     * @param statistics what to subtract and to divide by
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @return y
     */
    public double[] forward(double[] x, double[] statistics, double[] weight, double[] bias) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double d = x[i] - statistics[c] - statistics[channels + c];
            y[i] = d / Math.sqrt(statistics[2 * channels + c] + epsilon) * weight[c] + bias[c];
            y[i] = rectified && y[i] <= 0 ? 0 : y[i];
        }
        return y;
    }

    /**
     * Normalises with the kernel's bits.
     *
     * @param x the rows
     * @param statistics what to subtract and to divide by
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @return y
     */
    public float[] forward(float[] x, float[] statistics, float[] weight, float[] bias) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float z = linear(x[i], i % channels, statistics, weight, bias);
            y[i] = rectified ? FloatRectifiers.relu(z) : z;
        }
        return y;
    }

    /**
     * Computes the gradients.
     *
     * @param x the rows of the forward pass
     * @param statistics those of the forward pass
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @param own whether the statistics are those of x, and follow it
     * @param dy the gradients of the results
     * @param startWeight what the gradient of the weights is added to
     * @param startBias what the gradient of the biases is added to
     * @return the gradients
     */
    public NormalizationGradients gradient(
            double[] x,
            double[] statistics,
            double[] weight,
            double[] bias,
            boolean own,
            double[] dy,
            double[] startWeight,
            double[] startBias) {
        double[] y = forward(x, statistics, weight, bias);
        int rows = rows(x.length);
        double[] dx = new double[x.length];
        double[] normalized = new double[x.length];
        double[] dweight = new double[channels];
        double[] dbias = new double[channels];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double root = Math.sqrt(statistics[2 * channels + c] + epsilon);
            normalized[i] = (x[i] - statistics[c] - statistics[channels + c]) / root;
            double g = rectified && y[i] <= 0 ? 0 : dy[i];
            dweight[c] += g * normalized[i];
            dbias[c] += g;
        }
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double g = rectified && y[i] <= 0 ? 0 : dy[i];
            double followed = own ? (dbias[c] + normalized[i] * dweight[c]) / rows : 0;
            dx[i] = weight[c] / Math.sqrt(statistics[2 * channels + c] + epsilon) * (g - followed);
        }
        Arrays.setAll(dweight, c -> dweight[c] + startWeight[c]);
        Arrays.setAll(dbias, c -> dbias[c] + startBias[c]);
        return new NormalizationGradients(dx, dweight, dbias);
    }

    /**
     * Computes the gradients with the kernel's bits.
     *
     * @param x the rows of the forward pass
     * @param statistics those of the forward pass
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @param own whether the statistics are those of x, and follow it
     * @param dy the gradients of the results
     * @param startWeight what the gradient of the weights is added to
     * @param startBias what the gradient of the biases is added to
     * @return the gradients
     */
    public NormalizationGradients.Floats gradient(
            float[] x,
            float[] statistics,
            float[] weight,
            float[] bias,
            boolean own,
            float[] dy,
            float[] startWeight,
            float[] startBias) {
        int rows = rows(x.length);
        float[] dx = new float[x.length];
        float[] dweight = startWeight.clone();
        float[] dbias = startBias.clone();
        for (int c = 0; c < channels && rows > 0; c++) {
            float[] g = new float[rows];
            float[] d = new float[rows];
            for (int row = 0; row < rows; row++) {
                float value = x[row * channels + c];
                float z = linear(value, c, statistics, weight, bias);
                float slope = dy[row * channels + c];
                g[row] = rectified ? FloatRectifiers.reluGradient(FloatRectifiers.relu(z), slope) : slope;
                d[row] = value - statistics[c];
            }
            double rest = statistics[channels + c];
            double shifted = statistics[2 * channels + c] + epsilon;
            double gradients = ChannelMoments.sum(g, CHUNK_ROWS);
            double product = ChannelMoments.dot(g, d, CHUNK_ROWS) - rest * gradients;
            double scale = (float) (weight[c] / Math.sqrt(shifted));
            float slope = own ? (float) (-scale * product / (shifted * rows)) : 0f;
            float level = own ? (float) (-scale * gradients / rows - slope * rest) : 0f;
            for (int row = 0; row < rows; row++) {
                dx[row * channels + c] = Math.fma(g[row], (float) scale, Math.fma(d[row], slope, level));
            }
            dweight[c] = (float) (dweight[c] + product / Math.sqrt(shifted));
            dbias[c] = (float) (dbias[c] + gradients);
        }
        return new NormalizationGradients.Floats(dx, dweight, dbias);
    }

    private int rows(int elements) {
        return channels == 0 ? 0 : elements / channels;
    }

    /** The result before ReLU. */
    private float linear(float x, int c, float[] statistics, float[] weight, float[] bias) {
        float scale = (float) (weight[c] / Math.sqrt(statistics[2 * channels + c] + epsilon));
        float offset = (float) (bias[c] - (double) statistics[channels + c] * scale);
        return Math.fma(x - statistics[c], scale, offset);
    }
}
