package dev.lanewise.reference;

/**
 * Elementary functions, one number at a time. The {@code float} versions do the operations of the vector kernels in the
 * same order and give the same bits; the {@code double} versions say what is true.
 */
public final class ScalarMath {
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float ROUNDER = 0x1.8p23f;
    private static final float UNSCALE = 0x1p-64f;
    private static final float LN2_HIGH = 0x1.62e430p-1f;
    private static final float LN2_LOW = -0x1.05c610p-29f;

    private ScalarMath() {}

    /**
     * Computes exp(x) for x up to 40: {@code exp(x) = 2^n (1 + w)} with {@code n ln 2} next to x.
     *
     * @param x the argument; below -105 the result is 0
     * @return exp(x), to 1.02 ulp
     */
    public static float exp(float x) {
        float bounded = bound(x);
        return (fraction(bounded) + 1f) * scale(bounded) * UNSCALE;
    }

    /**
     * Computes the logistic function: with {@code z = exp(-|x|)}, kept in two parts, {@code z / (1 + z)} where x is
     * negative, else 1 minus this; the quotient is mended by one Newton step.
     *
     * @param x the argument
     * @return 1 / (1 + exp(-x))
     */
    public static float sigmoid(float x) {
        float bounded = bound(-Math.abs(x));
        float w = fraction(bounded);
        float s = scale(bounded);
        float h = w + 1f;
        float l = w - (h - 1f);
        float z = h * s * UNSCALE;
        float q = z / (z + 1f);
        float rest = Math.fma(l * s, UNSCALE, Math.fma(-q, z, z - q));
        float low = Math.fma(rest, 1f - q, q);
        return x < 0f ? low : 1f - low;
    }

    /**
     * Computes the logistic function.
     *
     * @param x the argument
     * @return 1 / (1 + exp(-x))
     */
    public static double sigmoid(double x) {
        double z = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? z : 1) / (1 + z);
    }

    /**
     * Computes the hyperbolic tangent: below 3/4 {@code x + x³ p(x²)}, above {@code 1 - 2z / (1 + z)} with
     * {@code z = exp(-2|x|)}.
     *
     * @param x the argument
     * @return tanh(x), with the sign of x even where it is 0
     */
    public static float tanh(float x) {
        float a = Math.abs(x);
        float z = exp(a * -2f);
        float large = z * -2f / (z + 1f) + 1f;
        float u = a * a;
        float p = Math.fma(u, 0x1.c89750p-10f, -0x1.f662fep-8f);
        p = Math.fma(p, u, 0x1.5f9082p-6f);
        p = Math.fma(p, u, -0x1.b98108p-5f);
        p = Math.fma(p, u, 0x1.110ddap-3f);
        p = Math.fma(p, u, -0x1.55554ap-2f);
        float small = Math.fma(a * u, p, a);
        int magnitude = Float.floatToRawIntBits(a < 0.75f ? small : large);
        return Float.intBitsToFloat(magnitude | Float.floatToRawIntBits(x) & Integer.MIN_VALUE);
    }

    /**
     * Computes log(1 + z), near 1 as {@code log 2 + log(1 + (z - 1) / 2)}.
     *
     * @param z the argument, in [0, 1]
     * @return log(1 + z)
     */
    public static float log1p(float z) {
        boolean high = z > 0.5f;
        float f = high ? (z - 1f) * 0.5f : z;
        float q = Math.fma(f, -0x1.71e324p-5f, 0x1.acf4a6p-4f);
        q = Math.fma(q, f, -0x1.0d98f0p-3f);
        q = Math.fma(q, f, 0x1.28807ap-3f);
        q = Math.fma(q, f, -0x1.54ed96p-3f);
        q = Math.fma(q, f, 0x1.99699ep-3f);
        q = Math.fma(q, f, -0x1.00004ap-2f);
        q = Math.fma(q, f, 0x1.5555a4p-2f);
        q = Math.fma(q, f, -0.5f);
        return Math.fma(f * f, q, f) + (high ? LN2_HIGH : 0f);
    }

    private static float bound(float x) {
        return x < -105f ? -105f : x;
    }

    /** exp(r) - 1 of the rest r = x - n ln 2, as r + r² q(r). */
    private static float fraction(float x) {
        // The sum rounds x / ln 2 to an integer and holds it in its low bits.
        float n = Math.fma(x, LOG2_E, ROUNDER) - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, x);
        r = Math.fma(n, -LN2_LOW, r);
        float q = Math.fma(r, 0x1.6a492ep-10f, 0x1.12399ep-7f);
        q = Math.fma(q, r, 0x1.5558b4p-5f);
        q = Math.fma(q, r, 0x1.555492p-3f);
        q = Math.fma(q, r, 0x1.fffffcp-2f);
        return Math.fma(r * r, q, r);
    }

    /** 2^(64 + n), so that of the two products with it and 2^-64 only the second can round. */
    private static float scale(float x) {
        int shifted = Float.floatToRawIntBits(Math.fma(x, LOG2_E, ROUNDER));
        return Float.intBitsToFloat((shifted << 23) + ((127 + 64) << 23));
    }
}
