package dev.lanewise.reference;

/**
 * Losses that compare element with element, one number at a time: the mean over all elements, and its gradient. The
 * {@code double} versions say what is true, the {@code float} versions which bits.
 */
public final class LossesReference {
    private static final int CHUNK = 1024;

    private LossesReference() {}

    /**
     * Computes the mean of {@code max(x, 0) - x t + log(1 + exp(-|x|))}.
     *
     * @param x the logits
     * @param t the targets
     * @return the loss
     */
    public static double binaryCrossEntropy(double[] x, double[] t) {
        double total = 0;
        for (int i = 0; i < x.length; i++) {
            double positive = x[i] <= 0 ? 0 : x[i];
            total += positive - x[i] * t[i] + StrictMath.log1p(StrictMath.exp(-Math.abs(x[i])));
        }
        return total / x.length;
    }

    /**
     * Computes the loss with the kernel's bits: elements as {@code fma(-x, t, max(x, 0)) + log1p(exp(-|x|))}, chunks of
     * 1024 summed in float over 16 virtual lanes, the chunks in double in ascending order.
     *
     * @param x the logits
     * @param t the targets
     * @return the loss
     */
    public static float binaryCrossEntropy(float[] x, float[] t) {
        float[] losses = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float positive = x[i] <= 0 ? 0 : x[i];
            losses[i] = Math.fma(-x[i], t[i], positive)
                    + FloatLogarithms.log1pOfFraction(FloatExponentials.exp(-Math.abs(x[i])));
        }
        double total = 0;
        for (int from = 0; from < x.length; from += CHUNK) {
            total += LaneSums.sum(losses, from, Math.min(x.length, from + CHUNK));
        }
        return (float) (total / x.length);
    }

    /**
     * Computes the gradient of {@link #binaryCrossEntropy(double[], double[])}: {@code (sigmoid(x) - t) / n}.
     *
     * @param x the logits
     * @param t the targets
     * @return the gradient
     */
    public static double[] binaryCrossEntropyGradient(double[] x, double[] t) {
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            gradient[i] = (DoubleFunctions.sigmoid(x[i]) - t[i]) / x.length;
        }
        return gradient;
    }

    /**
     * Computes the gradient with the kernel's bits: {@code (sigmoid(x) - t) * (1 / n)}.
     *
     * @param x the logits
     * @param t the targets
     * @return the gradient
     */
    public static float[] binaryCrossEntropyGradient(float[] x, float[] t) {
        float share = (float) (1.0 / x.length);
        float[] gradient = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            gradient[i] = (FloatExponentials.sigmoid(x[i]) - t[i]) * share;
        }
        return gradient;
    }

    /**
     * Computes the mean of {@code (x - t)²}.
     *
     * @param x the predictions
     * @param t the targets
     * @return the loss
     */
    public static double meanSquaredError(double[] x, double[] t) {
        double total = 0;
        for (int i = 0; i < x.length; i++) {
            total += (x[i] - t[i]) * (x[i] - t[i]);
        }
        return total / x.length;
    }

    /**
     * Computes the loss with the kernel's bits: chunks of 1024 summed in float by fused multiply-adds over 16 virtual
     * lanes, the chunks in double in ascending order.
     *
     * @param x the predictions
     * @param t the targets
     * @return the loss
     */
    public static float meanSquaredError(float[] x, float[] t) {
        float[] d = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            d[i] = x[i] - t[i];
        }
        double total = 0;
        for (int from = 0; from < x.length; from += CHUNK) {
            total += LaneSums.dot(d, d, from, Math.min(x.length, from + CHUNK));
        }
        return (float) (total / x.length);
    }

    /**
     * Computes the gradient of {@link #meanSquaredError(double[], double[])}: {@code 2 (x - t) / n}.
     *
     * @param x the predictions
     * @param t the targets
     * @return the gradient
     */
    public static double[] meanSquaredErrorGradient(double[] x, double[] t) {
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            gradient[i] = 2 * (x[i] - t[i]) / x.length;
        }
        return gradient;
    }

    /**
     * Computes the gradient with the kernel's bits: {@code (x - t) * (2 / n)}.
     *
     * @param x the predictions
     * @param t the targets
     * @return the gradient
     */
    public static float[] meanSquaredErrorGradient(float[] x, float[] t) {
        float share = (float) (2.0 / x.length);
        float[] gradient = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            gradient[i] = (x[i] - t[i]) * share;
        }
        return gradient;
    }
}
