package dev.lanewise.reference;

/**
 * exp and what is made of it, one float at a time: the source of the vector loops, which the build writes from these
 * methods, and so their twin, bit for bit.
 *
 * <p>All of them share one reduction, in two steps with fused multiply-adds (Cody and Waite, Software Manual for the
 * Elementary Functions, 1980): {@code x = n ln 2 + r}, |r| at most half of ln 2, and {@code exp(x) = 2^n (1 + w)} with
 * {@code w = exp(r) - 1}. The polynomials are minimax fits of the relative error (Remez), rounded to float from the lowest
 * degree up, each rounding balanced by a new fit of the rest. They are evaluated by pairs of coefficients, in powers of r² (Knuth, The Art of
 * Computer Programming 2, section 4.6.4), which takes no more operations than by single ones, as r² is needed anyway, and half
 * the time until the result; only the lowest coefficient, whose rounding counts, comes last.
 */
public final class FloatExponentials {
    static final float LOG2_E = 0x1.715476p0f;
    static final float LN2_HIGH = 0x1.62e430p-1f;
    static final float LN2_LOW = -0x1.05c610p-29f;

    /** Added to a float below 2^22, rounds it to an integer, which the low bits of the sum hold. */
    static final float ROUNDER = 0x1.8p23f;

    private static final float MINUS_2_LOG2_E = -0x1.715476p1f;

    /** Rounds to an integer n as {@link #ROUNDER} does, and leaves 384 more in the low bits: sign and exponent of {@code -2 2^n}. */
    private static final float MINUS_2_ROUNDER = 0x1.8003p23f;

    /** Where exp has become 0: half the smallest subnormal is exp(-103.97). */
    static final float LOWEST = -105f;

    static final float UNSCALE = 0x1p-64f;
    static final int SIGN = 0x80000000;

    private FloatExponentials() {}

    /**
     * Computes exp(x).
     *
     * <p>Where the result might not be a normal float, the power of two is multiplied in two halves, of which only the
     * second can round, so that results below the normal range are right too.
     *
     * @param x the argument
     * @return exp(x)
     */
    public static float exp(float x) {
        if (!(Math.abs(x) < 87f)) {
            return farExp(x);
        }
        int power = Float.floatToRawIntBits(nearest(x)) << 23;
        return Float.intBitsToFloat(Float.floatToRawIntBits(fraction(reduced(x)) + 1f) + power);
    }

    static float farExp(float x) {
        float low = x < LOWEST ? LOWEST : x;
        float bounded = low > 89f ? 89f : low;
        int power = Float.floatToRawIntBits(nearest(bounded)) << 23;
        int half = power >> 1 & 0xff800000;
        float y = (fraction(reduced(bounded)) + 1f) * Float.intBitsToFloat(half + 0x3f800000);
        return y * Float.intBitsToFloat(power - half + 0x3f800000);
    }

    /**
     * Computes exp(x) - 1 as {@code 2^n w + (2^n - 1)}; n is 0 for |x| below 1/2, so that nothing cancels.
     *
     * @param x the argument
     * @return exp(x) - 1, with the sign of x even where it is 0
     */
    public static float expm1(float x) {
        float low = x < -20f ? -20f : x;
        float bounded = low > 89f ? 89f : low;
        boolean near = Math.abs(x) < 0.5f;
        float r = near ? x : reduced(bounded);
        float p = Math.fma(r, 0x1.a12782p-13f, 0x1.6ef372p-10f);
        p = Math.fma(p, r, 0x1.11107ap-7f);
        p = Math.fma(p, r, 0x1.555236p-5f);
        p = Math.fma(p, r, 0x1.555558p-3f);
        p = Math.fma(p, r, 0x1.000002p-1f);
        float w = Math.fma(r * r, p, r);
        // 2^(n - 1): 2^128 would be no float.
        float s = Float.intBitsToFloat((Float.floatToRawIntBits(nearest(bounded)) << 23) + 0x3f000000);
        float far = Math.fma(s, w, s - 0.5f) * 2f;
        int magnitude = Float.floatToRawIntBits(near ? w : far);
        return Float.intBitsToFloat(magnitude | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes the logistic function, {@code 1 / (1 + 2^n - 2^n v)} where {@code exp(-x) = 2^n (1 - v)}: for |x| below 16
     * the sum of 1 and the power is exact. What the next sum loses and what the quotient does are mended by one Newton step.
     *
     * @param x the argument
     * @return 1 / (1 + exp(-x))
     */
    public static float sigmoid(float x) {
        if (!(Math.abs(x) < 16f)) {
            return farSigmoid(x);
        }
        return nearSigmoid(x);
    }

    /** For |x| below 16. */
    static float nearSigmoid(float x) {
        float t = Math.fma(x, -LOG2_E, ROUNDER);
        float v = loss(opposite(x, t));
        float s = negativePower(t);
        float sum = 1f - s;
        float d = Math.fma(s, v, sum);
        float lost = Math.fma(s, v, sum - d);
        float y = 1f / d;
        float rest = Math.fma(-y, lost, Math.fma(-y, d, 1f));
        return Math.fma(y, rest, y);
    }

    /**
     * With {@code z = exp(-|x|)}, kept in two parts, {@code z / (1 + z)} where x is negative, else 1 minus this; the quotient
     * is mended by one Newton step.
     */
    static float farSigmoid(float x) {
        float u = -Math.abs(x);
        float bounded = u < LOWEST ? LOWEST : u;
        float w = fraction(reduced(bounded));
        float s = scale(bounded);
        float h = w + 1f;
        float l = w - (h - 1f);
        float z = h * s * UNSCALE;
        float q = z / (z + 1f);
        float p = 1f - q;
        float rest = Math.fma(l * s * p, UNSCALE, Math.fma(-q, z, z - q));
        float low = Math.fma(rest, p, q);
        return x < 0f ? low : 1f - low;
    }

    /**
     * Computes the hyperbolic tangent: below 1 {@code x + x³ p(x²)}, above {@code 1 - 2z / (1 + z)} with
     * {@code z = exp(-2|x|) = 2^n 2^r}. That part being at most a quarter, a reduction in one step and a polynomial of degree 5 are
     * enough; -2 is part of the power.
     *
     * @param x the argument
     * @return tanh(x), with the sign of x even where it is 0
     */
    public static float tanh(float x) {
        float a = Math.abs(x);
        // From 9.02 on the result is 1.
        float b = a > 10f ? 10f : a;
        float t = Math.fma(b, MINUS_2_LOG2_E, MINUS_2_ROUNDER);
        float r = Math.fma(b, MINUS_2_LOG2_E, MINUS_2_ROUNDER - t);
        float h = Math.fma(r, 0x1.5c08e6p-10f, 0x1.3d0c52p-7f);
        h = Math.fma(h, r, 0x1.c6b6e4p-5f);
        h = Math.fma(h, r, 0x1.ebf918p-3f);
        h = Math.fma(h, r, 0x1.62e428p-1f);
        h = Math.fma(h, r, 1f);
        float z = h * Float.intBitsToFloat(Float.floatToRawIntBits(t) << 23);
        float large = z / Math.fma(z, -0.5f, 1f) + 1f;
        float aa = a * a;
        float p = Math.fma(aa, -0x1.77ecc4p-12f, 0x1.2da716p-9f);
        p = Math.fma(p, aa, -0x1.0460d8p-7f);
        p = Math.fma(p, aa, 0x1.6009b6p-6f);
        p = Math.fma(p, aa, -0x1.b9623ap-5f);
        p = Math.fma(p, aa, 0x1.110be4p-3f);
        p = Math.fma(p, aa, -0x1.55553cp-2f);
        float small = Math.fma(a * aa, p, a);
        int magnitude = Float.floatToRawIntBits(a < 1f ? small : large);
        return Float.intBitsToFloat(magnitude | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes {@code dx = dy y}.
     *
     * @param y the result of exp
     * @param dy its gradient
     * @return dx
     */
    public static float expGradient(float y, float dy) {
        return dy * y;
    }

    /**
     * Computes {@code dx = dy (y + 1)}.
     *
     * @param y the result of expm1
     * @param dy its gradient
     * @return dx
     */
    public static float expm1Gradient(float y, float dy) {
        return dy * (y + 1f);
    }

    /**
     * Computes {@code dx = dy (y - y²)}.
     *
     * @param y the result of the logistic function
     * @param dy its gradient
     * @return dx
     */
    public static float sigmoidGradient(float y, float dy) {
        return dy * Math.fma(-y, y, y);
    }

    /**
     * Computes {@code dx = dy (1 - y²)}.
     *
     * @param y the result of the hyperbolic tangent
     * @param dy its gradient
     * @return dx
     */
    public static float tanhGradient(float y, float dy) {
        return dy * Math.fma(-y, y, 1f);
    }

    /** exp(x) of x up to 43, with the bits of {@link #exp} but no rare case, as part of what a loop computes. */
    static float exponential(float x) {
        float bounded = x < LOWEST ? LOWEST : x;
        return (fraction(reduced(bounded)) + 1f) * scale(bounded) * UNSCALE;
    }

    /** {@code exp(x) - 1} of negative x and 0, as {@code 2^n w + (2^n - 1)}: there nothing cancels for any n. */
    static float expm1OfNegative(float x) {
        float bounded = x < -20f ? -20f : x;
        float s = power(nearest(bounded));
        float y = Math.fma(s, fraction(reduced(bounded)), s - 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & SIGN);
    }

    /** {@code x / ln 2} rounded to an integer n, plus {@link #ROUNDER}. */
    static float nearest(float x) {
        return Math.fma(x, LOG2_E, ROUNDER);
    }

    /** {@code r = x - n ln 2}. */
    static float reduced(float x) {
        float n = nearest(x) - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, x);
        return Math.fma(n, -LN2_LOW, r);
    }

    /** {@code r = x + n ln 2} of {@code exp(-x) = 2^n exp(-r)}, n in the low bits of t. */
    static float opposite(float x, float t) {
        float n = t - ROUNDER;
        return Math.fma(n, LN2_LOW, Math.fma(n, LN2_HIGH, x));
    }

    /** {@code 1 + 2^n exp(-r)}, n in the low bits of t. */
    static float onePlus(float r, float t) {
        float s = negativePower(t);
        return Math.fma(s, loss(r), 1f - s);
    }

    /** {@code 1 - exp(-r) = r - r² q(-r)}. */
    static float loss(float r) {
        float square = r * r;
        float q = Math.fma(
                Math.fma(r, -0x1.6a492ep-10f, 0x1.12399ep-7f), square, Math.fma(r, -0x1.5558b4p-5f, 0x1.555492p-3f));
        return Math.fma(square, Math.fma(q, r, -0x1.fffffcp-2f), r);
    }

    /** -2^n of the integer n that the low bits of t hold, n from -126 to 127. */
    static float negativePower(float t) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + 0xbf800000);
    }

    /** 2^n of the integer n that the low bits of t hold, n from -126 to 127. */
    static float power(float t) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + 0x3f800000);
    }

    /** {@code exp(r) - 1 = r + r² q(r)}. */
    static float fraction(float r) {
        return Math.fma(r * r, quadratic(r), r);
    }

    /** {@code exp(r) - 1} for {@code x + low = n ln 2 + r}, low beneath the last bits of x: one rounding fewer. */
    static float finer(float x, float low) {
        float n = nearest(x) - ROUNDER;
        float r1 = Math.fma(n, -LN2_HIGH, x);
        float r2 = Math.fma(n, -LN2_LOW, low);
        float r = r1 + r2;
        return r1 + Math.fma(r * r, quadratic(r), r2);
    }

    /** q of {@code exp(r) - 1 = r + r² q(r)}, of degree 4. */
    private static float quadratic(float r) {
        float q = Math.fma(
                Math.fma(r, 0x1.6a492ep-10f, 0x1.12399ep-7f), r * r, Math.fma(r, 0x1.5558b4p-5f, 0x1.555492p-3f));
        return Math.fma(q, r, 0x1.fffffcp-2f);
    }

    /** {@code 2^(64 + n)}, so that of the two products with it and 2^-64 only the second can round; x up to 43. */
    static float scale(float x) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(nearest(x)) << 23) + 0x5f800000);
    }
}
