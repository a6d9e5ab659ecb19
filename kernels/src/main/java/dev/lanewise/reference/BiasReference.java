package dev.lanewise.reference;

/**
 * The bias and its gradient over rows {@code [rows, channels]}, one number at a time. The {@code double} versions say what
 * is true, the {@code float} versions which bits.
 */
public final class BiasReference {
    private static final int CHUNK_ROWS = 256;

    private BiasReference() {}

    /**
     * Computes {@code y[r, c] = x[r, c] + bias[c]}.
     *
     * @param x the rows
     * @param bias one value for each channel
     * @return y
     */
    public static double[] add(double[] x, double[] bias) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] + bias[i % bias.length];
        }
        return y;
    }

    /**
     * Computes {@code y[r, c] = x[r, c] + bias[c]} with the kernel's bits.
     *
     * @param x the rows
     * @param bias one value for each channel
     * @return y
     */
    public static float[] add(float[] x, float[] bias) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] + bias[i % bias.length];
        }
        return y;
    }

    /**
     * Computes {@code dbias[c] = start[c] + sum over r of dy[r, c]}.
     *
     * @param dy the gradient of the sums
     * @param start what the gradient is added to
     * @return dbias
     */
    public static double[] gradient(double[] dy, double[] start) {
        double[] sums = start.clone();
        for (int i = 0; i < dy.length; i++) {
            sums[i % sums.length] += dy[i];
        }
        return sums;
    }

    /**
     * Computes the gradient with the kernel's bits: chunks of 256 rows, each summed in ascending order from +0, added in
     * pairs, their total to the start value.
     *
     * @param dy the gradient of the sums
     * @param start what the gradient is added to
     * @return dbias
     */
    public static float[] gradient(float[] dy, float[] start) {
        int channels = start.length;
        if (dy.length == 0) {
            return start.clone();
        }
        int chunkFloats = CHUNK_ROWS * channels;
        float[][] partials = new float[(dy.length - 1) / chunkFloats + 1][channels];
        for (int i = 0; i < dy.length; i++) {
            partials[i / chunkFloats][i % channels] += dy[i];
        }
        float[] sums = start.clone();
        for (int c = 0; c < channels; c++) {
            sums[c] += PairSums.column(partials, c);
        }
        return sums;
    }
}
