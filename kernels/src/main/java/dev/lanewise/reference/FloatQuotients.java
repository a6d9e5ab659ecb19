package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.SIGN;

/**
 * The functions that need no more than a division or a root, one float at a time: the source of the vector loops, which the
 * build writes from these methods, and so their twin, bit for bit.
 */
public final class FloatQuotients {
    private FloatQuotients() {}

    /**
     * Computes {@code x / (1 + |x|)}.
     *
     * @param x the argument
     * @return the result, with the sign of x even where it is 0
     */
    public static float softsign(float x) {
        float a = Math.abs(x);
        float b = a > 0x1p30f ? 0x1p30f : a;
        float d = b + 1f;
        // What the sum has lost (Knuth); with it the quotient is mended, for it would not rise everywhere.
        float one = d - b;
        float lost = b - (d - one) + (1f - one);
        float inverse = 1f / d;
        float q = b * inverse;
        float rest = Math.fma(-q, lost, Math.fma(-q, d, b));
        int magnitude = Float.floatToRawIntBits(Math.fma(rest, inverse, q));
        return Float.intBitsToFloat(magnitude | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes {@code dx = dy / (1 + |x|)²}.
     *
     * @param x the argument of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float softsignGradient(float x, float dy) {
        float r = 1f / (Math.abs(x) + 1f);
        return dy * r * r;
    }

    /**
     * Computes the square root.
     *
     * @param x the argument
     * @return the nearest float; NaN below 0
     */
    public static float sqrt(float x) {
        return (float) Math.sqrt(x);
    }

    /**
     * Computes {@code dx = dy / (2 y)}.
     *
     * @param y the square root
     * @param dy the gradient of the result
     * @return dx
     */
    public static float sqrtGradient(float y, float dy) {
        return dy * 0.5f / y;
    }

    /**
     * Computes 1 / x.
     *
     * @param x the argument
     * @return the nearest float
     */
    public static float reciprocal(float x) {
        return 1f / x;
    }

    /**
     * Computes {@code dx = dy (-y²)}.
     *
     * @param y the reciprocal
     * @param dy the gradient of the result
     * @return dx
     */
    public static float reciprocalGradient(float y, float dy) {
        return dy * y * -y;
    }
}
