package dev.lanewise.reference;

import java.util.Arrays;

/**
 * The penalties and their gradients, one number at a time. The {@code double} versions say what is true, the {@code float}
 * versions which bits.
 */
public final class PenaltiesReference {
    private static final int CHUNK = 1 << 12;

    private PenaltiesReference() {}

    /**
     * Computes {@code lambda sum |w|}.
     *
     * @param w the parameters
     * @param lambda the penalty's weight
     * @return the penalty
     */
    public static double l1Value(double[] w, double lambda) {
        double sum = 0;
        for (double value : w) {
            sum += Math.abs(value);
        }
        return lambda * sum;
    }

    /**
     * Computes {@code lambda / 2 sum w²}.
     *
     * @param w the parameters
     * @param lambda the penalty's weight
     * @return the penalty
     */
    public static double l2Value(double[] w, double lambda) {
        double sum = 0;
        for (double value : w) {
            sum += value * value;
        }
        return lambda / 2 * sum;
    }

    /**
     * Computes {@code lambda sum |w|} with the kernel's bits: chunks of 4096, each over 16 virtual lanes, added in pairs.
     *
     * @param w the parameters
     * @param lambda the penalty's weight
     * @return the penalty
     */
    public static float l1Value(float[] w, double lambda) {
        if (w.length == 0) {
            return 0;
        }
        float[] magnitudes = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            magnitudes[i] = Math.abs(w[i]);
        }
        float[] sums = new float[(w.length - 1) / CHUNK + 1];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = LaneSums.sum(magnitudes, i * CHUNK, Math.min(w.length, (i + 1) * CHUNK));
        }
        return (float) lambda * PairSums.sum(sums);
    }

    /**
     * Computes {@code lambda / 2 sum w²} with the kernel's bits: chunks of 4096, each by fused multiply-adds over 16
     * virtual lanes, added in pairs.
     *
     * @param w the parameters
     * @param lambda the penalty's weight
     * @return the penalty
     */
    public static float l2Value(float[] w, double lambda) {
        if (w.length == 0) {
            return 0;
        }
        float[] sums = new float[(w.length - 1) / CHUNK + 1];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = LaneSums.dot(w, w, i * CHUNK, Math.min(w.length, (i + 1) * CHUNK));
        }
        return (float) (lambda / 2) * PairSums.sum(sums);
    }

    /**
     * Computes {@code g + lambda sign(w)}.
     *
     * @param w the parameters
     * @param g the gradient so far
     * @param lambda the penalty's weight
     * @return the gradient
     */
    public static double[] l1(double[] w, double[] g, double lambda) {
        double[] sum = new double[w.length];
        Arrays.setAll(sum, i -> g[i] + lambda * Math.signum(w[i]));
        return sum;
    }

    /**
     * Computes {@code g + lambda sign(w)} with the kernel's bits.
     *
     * @param w the parameters
     * @param g the gradient so far
     * @param lambda the penalty's weight
     * @return the gradient
     */
    public static float[] l1(float[] w, float[] g, double lambda) {
        float[] sum = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            float sign = Math.signum(w[i]);
            sum[i] = g[i] + (sign > 0 ? (float) lambda : sign < 0 ? -(float) lambda : sign);
        }
        return sum;
    }

    /**
     * Computes {@code g + lambda w}.
     *
     * @param w the parameters
     * @param g the gradient so far
     * @param lambda the penalty's weight
     * @return the gradient
     */
    public static double[] l2(double[] w, double[] g, double lambda) {
        double[] sum = new double[w.length];
        Arrays.setAll(sum, i -> g[i] + lambda * w[i]);
        return sum;
    }

    /**
     * Computes {@code fma(lambda, w, g)}.
     *
     * @param w the parameters
     * @param g the gradient so far
     * @param lambda the penalty's weight
     * @return the gradient
     */
    public static float[] l2(float[] w, float[] g, double lambda) {
        float[] sum = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            sum[i] = Math.fma((float) lambda, w[i], g[i]);
        }
        return sum;
    }
}
