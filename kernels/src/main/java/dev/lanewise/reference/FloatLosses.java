package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.exponential;
import static dev.lanewise.reference.FloatLogarithms.log1pOfFraction;

/**
 * What softmax and the losses compute of each element, one float at a time: the source of the vector loops, which the build
 * writes from these methods, and so their twin, bit for bit.
 */
public final class FloatLosses {
    private FloatLosses() {}

    /**
     * Computes {@code exp(x - max)}, in the same bits as {@link FloatExponentials#exp}.
     *
     * @param x an element of a row
     * @param max the largest of the row, so that nothing overflows
     * @return exp(x - max); NaN where both are the same infinity
     */
    public static float expBelow(float x, float max) {
        return exponential(x - max);
    }

    /**
     * Computes {@code dx = (dy - dot) y}.
     *
     * @param y a probability
     * @param dy its gradient
     * @param dot the sum of {@code dy y} over the row
     * @return dx
     */
    public static float softmaxGradient(float y, float dy, float dot) {
        return (dy - dot) * y;
    }

    /**
     * Computes the logarithm of a probability, {@code (x - max) - logSum}.
     *
     * @param x an element of a row
     * @param max the largest of the row
     * @param logSum the logarithm of the sum of {@code exp(x - max)} over the row
     * @return log of the softmax
     */
    public static float logSoftmax(float x, float max, float logSum) {
        return x - max - logSum;
    }

    /**
     * Computes {@code dx = dy - exp(y) sum}.
     *
     * @param y a result of log-softmax
     * @param dy its gradient
     * @param sum the sum of the gradients over the row
     * @return dx
     */
    public static float logSoftmaxGradient(float y, float dy, float sum) {
        return Math.fma(-exponential(y), sum, dy);
    }

    /**
     * Adds a mask to an element; where the mask is -infinity, the element is left out whatever it is, a NaN too.
     *
     * @param x the element
     * @param mask what is added: 0 for an element that is seen as it is, -infinity for one that is not seen
     * @return x + mask, or -infinity
     */
    public static float masked(float x, float mask) {
        return mask == Float.NEGATIVE_INFINITY ? mask : x + mask;
    }

    /**
     * Computes the binary cross-entropy {@code max(x, 0) - x t + log(1 + exp(-|x|))} as {@code fma(-x, t, max(x, 0)) + log}.
     *
     * @param x the logit
     * @param t the target
     * @return the loss
     */
    public static float logisticLoss(float x, float t) {
        float positive = x <= 0f ? 0f : x;
        return Math.fma(-x, t, positive) + log1pOfFraction(exponential(-Math.abs(x)));
    }

    /**
     * Computes {@code (x - t) * factor}.
     *
     * @param x a prediction
     * @param t its target
     * @param factor a factor
     * @return the scaled difference
     */
    public static float difference(float x, float t, float factor) {
        return (x - t) * factor;
    }
}
