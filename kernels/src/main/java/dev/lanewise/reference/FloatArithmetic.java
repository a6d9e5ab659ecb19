package dev.lanewise.reference;

/**
 * Arithmetic on elements and its gradients, one float at a time: the source of the vector loops, which the build writes from
 * these methods, and so their twin, bit for bit.
 */
public final class FloatArithmetic {
    private FloatArithmetic() {}

    /**
     * Adds.
     *
     * @param a a number
     * @param b a number
     * @return a + b
     */
    public static float add(float a, float b) {
        return a + b;
    }

    /**
     * Subtracts.
     *
     * @param a a number
     * @param b a number
     * @return a - b
     */
    public static float subtract(float a, float b) {
        return a - b;
    }

    /**
     * Multiplies.
     *
     * @param a a number
     * @param b a number
     * @return a b
     */
    public static float multiply(float a, float b) {
        return a * b;
    }

    /**
     * Divides.
     *
     * @param a a number
     * @param b a number
     * @return a / b
     */
    public static float divide(float a, float b) {
        return a / b;
    }

    /**
     * Takes the smaller number, as {@link Math#min(float, float)} does: NaN wins, -0 is below +0.
     *
     * @param a a number
     * @param b a number
     * @return the smaller
     */
    public static float min(float a, float b) {
        return Math.min(a, b);
    }

    /**
     * Takes the larger number, as {@link Math#max(float, float)} does: NaN wins, +0 is above -0.
     *
     * @param a a number
     * @param b a number
     * @return the larger
     */
    public static float max(float a, float b) {
        return Math.max(a, b);
    }

    /**
     * Computes {@code db = -dy (a / b) / b}.
     *
     * @param a the dividend
     * @param b the divisor
     * @param dy the gradient of the quotient
     * @return db
     */
    public static float divisorGradient(float a, float b, float dy) {
        return -dy * (a / b) / b;
    }

    /**
     * Gives the gradient of a minimum to a, where a is not larger, or of a maximum to b.
     *
     * @param a a number
     * @param b a number
     * @param dy the gradient of the result
     * @return dy where {@code a <= b}, otherwise 0; NaN where a or b is
     */
    public static float gradientIfNotAbove(float a, float b, float dy) {
        return a <= b ? dy : a > b ? 0f : Float.NaN;
    }

    /**
     * Gives the gradient of a minimum to b, where a is larger.
     *
     * @param a a number
     * @param b a number
     * @param dy the gradient of the result
     * @return dy where {@code a > b}, otherwise 0; NaN where a or b is
     */
    public static float gradientIfAbove(float a, float b, float dy) {
        return a > b ? dy : a <= b ? 0f : Float.NaN;
    }

    /**
     * Gives the gradient of a maximum to a, where a is not smaller.
     *
     * @param a a number
     * @param b a number
     * @param dy the gradient of the result
     * @return dy where {@code a >= b}, otherwise 0; NaN where a or b is
     */
    public static float gradientIfNotBelow(float a, float b, float dy) {
        return a >= b ? dy : a < b ? 0f : Float.NaN;
    }

    /**
     * Gives the gradient of a maximum to b, where a is smaller.
     *
     * @param a a number
     * @param b a number
     * @param dy the gradient of the result
     * @return dy where {@code a < b}, otherwise 0; NaN where a or b is
     */
    public static float gradientIfBelow(float a, float b, float dy) {
        return a < b ? dy : a >= b ? 0f : Float.NaN;
    }

    /**
     * Multiplies all elements by one number.
     *
     * @param x a number
     * @param factor the factor
     * @return x factor
     */
    public static float scale(float x, float factor) {
        return x * factor;
    }

    /**
     * Adds a multiple, by a fused multiply-add.
     *
     * @param x a number
     * @param t what is added to
     * @param factor the factor
     * @return t + factor x
     */
    public static float axpy(float x, float t, float factor) {
        return Math.fma(x, factor, t);
    }

    /**
     * Bounds a number.
     *
     * @param x the number
     * @param low the least result
     * @param high the largest result
     * @return x, low or high; NaN where x is
     */
    public static float clamp(float x, float low, float high) {
        return Math.min(Math.max(x, low), high);
    }

    /**
     * Computes the gradient of a bounded number.
     *
     * @param x the number
     * @param dy the gradient of the result
     * @param low the least result
     * @param high the largest result
     * @return 0 where x is below low or above high, otherwise dy
     */
    public static float clampGradient(float x, float dy, float low, float high) {
        return x < low ? 0f : x > high ? 0f : dy;
    }

    /**
     * Chooses.
     *
     * @param mask the condition
     * @param x what is taken where it is true
     * @param t what is taken where it is not
     * @return x where mask is not 0, otherwise t
     */
    public static float where(float mask, float x, float t) {
        return mask != 0f ? x : t;
    }

    /**
     * Keeps a number under a condition.
     *
     * @param mask the condition
     * @param x the number
     * @return x where mask is not 0, otherwise 0
     */
    public static float keepIf(float mask, float x) {
        return mask != 0f ? x : 0f;
    }

    /**
     * Keeps a number unless a condition holds.
     *
     * @param mask the condition
     * @param x the number
     * @return x where mask is 0, otherwise 0
     */
    public static float keepUnless(float mask, float x) {
        return mask == 0f ? x : 0f;
    }
}
