package dev.lanewise.reference;

/** Parametric ReLU and its gradients over rows of as many channels as there are slopes. */
public final class ParametricReluReference {
    private static final int CHUNK_ROWS = 256;

    private ParametricReluReference() {}

    /**
     * Computes {@code y[r, c] = x[r, c]} where that is positive, otherwise {@code slope[c] x[r, c]}.
     *
     * @param x the inputs
     * @param slope one value for each channel
     * @return y
     */
    public static double[] forward(double[] x, double[] slope) {
        return inputGradient(x, slope, x);
    }

    /**
     * Computes the same with the kernel's bits.
     *
     * @param x the inputs
     * @param slope one value for each channel
     * @return y
     */
    public static float[] forward(float[] x, float[] slope) {
        return inputGradient(x, slope, x);
    }

    /**
     * Computes {@code dx[r, c] = dy[r, c]} where {@code x[r, c]} is positive, otherwise {@code slope[c] dy[r, c]}.
     *
     * @param x the inputs of the forward pass
     * @param slope one value for each channel
     * @param dy the gradient of the results
     * @return dx
     */
    public static double[] inputGradient(double[] x, double[] slope, double[] dy) {
        double[] dx = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            dx[i] = Double.isNaN(x[i]) ? x[i] : x[i] > 0 ? dy[i] : dy[i] * slope[i % slope.length];
        }
        return dx;
    }

    /**
     * Computes the same with the kernel's bits.
     *
     * @param x the inputs of the forward pass
     * @param slope one value for each channel
     * @param dy the gradient of the results
     * @return dx
     */
    public static float[] inputGradient(float[] x, float[] slope, float[] dy) {
        float[] dx = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            dx[i] = FloatRectifiers.leakyReluGradient(x[i], dy[i], slope[i % slope.length]);
        }
        return dx;
    }

    /**
     * Computes {@code dslope[c] = start[c] + sum over r of dy[r, c] min(x[r, c], 0)}.
     *
     * @param x the inputs of the forward pass
     * @param dy the gradient of the results
     * @param start what the gradient is added to
     * @return dslope
     */
    public static double[] slopeGradient(double[] x, double[] dy, double[] start) {
        double[] sums = start.clone();
        for (int i = 0; i < x.length; i++) {
            sums[i % sums.length] += dy[i] * Math.min(x[i], 0);
        }
        return sums;
    }

    /**
     * Computes the gradient with the kernel's bits: chunks of 256 rows, each a chain of fused multiply-adds from +0 that
     * leaves positive inputs out, added in pairs, their total to the start value.
     *
     * @param x the inputs of the forward pass
     * @param dy the gradient of the results
     * @param start what the gradient is added to
     * @return dslope
     */
    public static float[] slopeGradient(float[] x, float[] dy, float[] start) {
        int channels = start.length;
        if (x.length == 0) {
            return start.clone();
        }
        int chunkFloats = CHUNK_ROWS * channels;
        float[][] partials = new float[(x.length - 1) / chunkFloats + 1][channels];
        for (int i = 0; i < x.length; i++) {
            float[] sums = partials[i / chunkFloats];
            sums[i % channels] = x[i] > 0f ? sums[i % channels] : Math.fma(dy[i], x[i], sums[i % channels]);
        }
        float[] sums = start.clone();
        for (int c = 0; c < channels; c++) {
            sums[c] += PairSums.column(partials, c);
        }
        return sums;
    }
}
