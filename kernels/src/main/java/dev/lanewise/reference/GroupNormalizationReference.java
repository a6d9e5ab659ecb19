package dev.lanewise.reference;

/**
 * Group normalisation of examples {@code [batch, positions, channels]} with its gradients, one number at a time. The
 * {@code double} versions say what is true, the {@code float} versions which bits.
 *
 * @param positions of an example, at least 1
 * @param channels of a position, at least 1
 * @param groups of channels; divides them
 * @param epsilon added to variances
 * @param rectified whether ReLU follows
 */
public record GroupNormalizationReference(int positions, int channels, int groups, double epsilon, boolean rectified) {
    private static final int CHUNK_ROWS = 64;

    /** Mean and variance of each group of each example. */
    private double[][] moments(double[] x) {
        int all = x.length / (positions * channels) * groups;
        double count = (double) positions * channels / groups;
        double[][] moments = new double[all][2];
        for (int i = 0; i < x.length; i++) {
            moments[group(i)][0] += x[i] / count;
        }
        for (int i = 0; i < x.length; i++) {
            double d = x[i] - moments[group(i)][0];
            moments[group(i)][1] += d * d / count;
        }
        return moments;
    }

    /** The group of an element, counted over all examples. */
    private int group(int i) {
        return i / (positions * channels) * groups + i % channels / (channels / groups);
    }

    /**
     * Normalises.
     *
     * @param x the examples
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @return y
     */
    public double[] forward(double[] x, double[] weight, double[] bias) {
        double[][] moments = moments(x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] m = moments[group(i)];
            double z = (x[i] - m[0]) / Math.sqrt(m[1] + epsilon) * weight[i % channels] + bias[i % channels];
            y[i] = rectified && z <= 0 ? 0 : z;
        }
        return y;
    }

    /**
     * Computes the gradients.
     *
     * @param x the examples of the forward pass
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @param dy the gradients of the results
     * @param startWeight what the gradient of the weights is added to
     * @param startBias what the gradient of the biases is added to
     * @return the gradients
     */
    public NormalizationGradients gradient(
            double[] x, double[] weight, double[] bias, double[] dy, double[] startWeight, double[] startBias) {
        double[][] moments = moments(x);
        double[] y = forward(x, weight, bias);
        double[] n = new double[x.length];
        double[] g = new double[x.length];
        double[] dweight = startWeight.clone();
        double[] dbias = startBias.clone();
        double[] level = new double[moments.length];
        double[] slope = new double[moments.length];
        double count = (double) positions * channels / groups;
        for (int i = 0; i < x.length; i++) {
            double[] m = moments[group(i)];
            n[i] = (x[i] - m[0]) / Math.sqrt(m[1] + epsilon);
            g[i] = rectified && y[i] <= 0 ? 0 : dy[i];
            dweight[i % channels] += g[i] * n[i];
            dbias[i % channels] += g[i];
            level[group(i)] += weight[i % channels] * g[i] / count;
            slope[group(i)] += weight[i % channels] * g[i] * n[i] / count;
        }
        double[] dx = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int group = group(i);
            double root = Math.sqrt(moments[group][1] + epsilon);
            dx[i] = (weight[i % channels] * g[i] - level[group] - n[i] * slope[group]) / root;
        }
        return new NormalizationGradients(dx, dweight, dbias);
    }

    /**
     * Computes the statistics with the kernel's bits.
     *
     * @param x the examples
     * @return for each example three rows of groups: means, what their rounding took, variances
     */
    public float[] statistics(float[] x) {
        int batch = x.length / (positions * channels);
        int size = channels / groups;
        float[] statistics = new float[batch * 3 * groups];
        for (int example = 0; example < batch; example++) {
            float[] own = example(x, example);
            for (int group = 0; group < groups; group++) {
                ChannelMoments[] moments = new ChannelMoments[size];
                double mean = 0;
                for (int i = 0; i < size; i++) {
                    moments[i] = ChannelMoments.of(own, group * size + i, channels, CHUNK_ROWS);
                    mean += moments[i].mean();
                }
                mean /= size;
                double variance = 0;
                for (int i = 0; i < size; i++) {
                    double e = moments[i].mean() - mean;
                    variance += moments[i].variance() + e * e;
                }
                int at = example * 3 * groups + group;
                statistics[at] = (float) mean;
                statistics[at + groups] = (float) (mean - statistics[at]);
                statistics[at + 2 * groups] = (float) (variance / size);
            }
        }
        return statistics;
    }

    private float[] example(float[] x, int example) {
        float[] own = new float[positions * channels];
        System.arraycopy(x, example * own.length, own, 0, own.length);
        return own;
    }

    /**
     * Normalises with the kernel's bits.
     *
     * @param x the examples
     * @param statistics theirs
     * @param weight one value for each channel
     * @param bias one value for each channel
     * @return y
     */
    public float[] forward(float[] x, float[] statistics, float[] weight, float[] bias) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float z = linear(x[i], i % channels, at(i), statistics, weight, bias);
            y[i] = rectified ? FloatRectifiers.relu(z) : z;
        }
        return y;
    }

    /** Where the statistics of an element begin. */
    private int at(int i) {
        return i / (positions * channels) * 3 * groups + i % channels / (channels / groups);
    }

    /** The result before ReLU. */
    private float linear(float x, int c, int at, float[] statistics, float[] weight, float[] bias) {
        float scale = (float) (weight[c] / Math.sqrt(statistics[at + 2 * groups] + epsilon));
        float offset = (float) (bias[c] - (double) statistics[at + groups] * scale);
        return Math.fma(x - statistics[at], scale, offset);
    }

    /**
     * Computes the gradients with the kernel's bits.
     *
     * @param x the examples of the forward pass
     * @param statistics theirs
     * @param weight one value for each channel
     * @param bias one value for each channel
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
            float[] dy,
            float[] startWeight,
            float[] startBias) {
        float[] g = new float[x.length];
        float[] d = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float z = linear(x[i], i % channels, at(i), statistics, weight, bias);
            g[i] = rectified ? FloatRectifiers.reluGradient(FloatRectifiers.relu(z), dy[i]) : dy[i];
            d[i] = x[i] - statistics[at(i)];
        }
        int batch = x.length / (positions * channels);
        float[] dx = new float[x.length];
        double[] dweight = new double[channels];
        double[] dbias = new double[channels];
        for (int example = 0; example < batch; example++) {
            for (int group = 0; group < groups; group++) {
                gradient(g, d, statistics, weight, example, group, dx, dweight, dbias);
            }
        }
        return new NormalizationGradients.Floats(dx, added(dweight, startWeight), added(dbias, startBias));
    }

    private void gradient(
            float[] g,
            float[] d,
            float[] statistics,
            float[] weight,
            int example,
            int group,
            float[] dx,
            double[] dweight,
            double[] dbias) {
        int size = channels / groups;
        int at = example * 3 * groups + group;
        float rest = statistics[at + groups];
        double r = 1 / Math.sqrt(statistics[at + 2 * groups] + epsilon);
        double level = 0;
        double slope = 0;
        for (int c = group * size; c < (group + 1) * size; c++) {
            float[] gradients = channel(g, example, c);
            double sum = ChannelMoments.sum(gradients, CHUNK_ROWS);
            double product = (ChannelMoments.dot(gradients, channel(d, example, c), CHUNK_ROWS) - rest * sum) * r;
            dweight[c] += product;
            dbias[c] += sum;
            level += weight[c] * sum;
            slope += weight[c] * product;
        }
        double count = (double) size * positions;
        float steep = (float) (-r * r * slope / count);
        float flat = (float) (-r * level / count - (double) steep * rest);
        for (int c = group * size; c < (group + 1) * size; c++) {
            float scale = (float) (weight[c] / Math.sqrt(statistics[at + 2 * groups] + epsilon));
            for (int position = 0; position < positions; position++) {
                int i = (example * positions + position) * channels + c;
                dx[i] = Math.fma(g[i], scale, Math.fma(d[i], steep, flat));
            }
        }
    }

    private float[] channel(float[] x, int example, int c) {
        float[] values = new float[positions];
        for (int position = 0; position < positions; position++) {
            values[position] = x[(example * positions + position) * channels + c];
        }
        return values;
    }

    private static float[] added(double[] terms, float[] start) {
        float[] sums = new float[start.length];
        for (int c = 0; c < sums.length; c++) {
            sums[c] = (float) (start[c] + terms[c]);
        }
        return sums;
    }
}
