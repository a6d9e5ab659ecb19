package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.ROUNDER;
import static dev.lanewise.reference.FloatExponentials.SIGN;
import static dev.lanewise.reference.FloatExponentials.UNSCALE;
import static dev.lanewise.reference.FloatExponentials.finer;
import static dev.lanewise.reference.FloatExponentials.power;
import static dev.lanewise.reference.FloatExponentials.scale;

/**
 * The error function and GELU, one float at a time: the source of the vector loops, which the build writes from these
 * methods, and so their twin, bit for bit.
 *
 * <p>With Φ the normal distribution function, {@code GELU(x) = x Φ(x) = max(x, 0) - a Φ(-a)}, {@code a = |x|}: nothing
 * cancels for any x. {@code Φ(-a) = exp(-a²/2) m(a)}, where m is Mills' ratio over the root of 2π, which is smooth: a rational
 * of degrees 4 and 5 (minimax in the relative error for a up to 14.6, where GELU has become 0). The square is taken in two
 * floats, for exp multiplies its rounding error by up to 100.
 */
public final class FloatErrorFunctions {
    private static final float INVERSE_ROOT_2_PI = 0x1.988454p-2f;
    private static final float TWO_OVER_ROOT_PI = 0x1.20dd76p0f;

    /** c of {@code m(a) = p / (c a p + q)}, near the root of 2π. */
    private static final float MILLS = 0x1.40d860p1f;

    private static final float HALF_LOG2_E = -0x1.715476p-1f;

    /** The first part of 2 ln 2, of 16 bits: its products with an integer are exact. */
    private static final float LN4_HIGH = 0x1.62e4p0f;

    private static final float LN4_LOW = 0x1.7f7d1cp-19f;

    private FloatErrorFunctions() {}

    /**
     * Computes the error function: below 1 {@code x + x p(x²)}, above {@code 1 - 2^-g(x)}, {@code 2^-g} being 1 - erf. From 0.8 to 1
     * the second form would fall in 400 places where x rises.
     *
     * @param x the argument
     * @return erf(x), with the sign of x even where it is 0
     */
    public static float erf(float x) {
        float a = Math.abs(x);
        float aa = a * a;
        float p = Math.fma(aa, 0x1.4771fcp-14f, -0x1.a3515ep-11f);
        p = Math.fma(p, aa, 0x1.53f224p-8f);
        p = Math.fma(p, aa, -0x1.b7f71ap-6f);
        p = Math.fma(p, aa, 0x1.ce2ce6p-4f);
        p = Math.fma(p, aa, -0x1.81273ep-2f);
        p = Math.fma(p, aa, 0x1.06eba8p-3f);
        float small = Math.fma(p, a, a);
        float b = a > 4f ? 4f : a;
        float g = Math.fma(b, 0x1.39d3c2p-12f, -0x1.2a2b16p-8f);
        g = Math.fma(g, b, 0x1.0bc344p-5f);
        g = Math.fma(g, b, -0x1.35a460p-3f);
        g = Math.fma(g, b, -0x1.d5f3a2p-1f);
        g = Math.fma(g, b, -0x1.a0b04ep0f);
        g = Math.fma(g, b, -0x1.8f384p-14f);
        float t = g + ROUNDER;
        float r = g - (t - ROUNDER);
        float q = Math.fma(r, 0x1.4bc7b4p-13f, 0x1.5fc00ap-10f);
        q = Math.fma(q, r, 0x1.3b21c6p-7f);
        q = Math.fma(q, r, 0x1.c6ada6p-5f);
        q = Math.fma(q, r, 0x1.ebfbe6p-3f);
        q = Math.fma(q, r, 0x1.62e432p-1f);
        q = Math.fma(q, r, 1f);
        float large = 1f - q * power(t);
        int magnitude = Float.floatToRawIntBits(a < 1f ? small : large);
        return Float.intBitsToFloat(magnitude | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes the Gaussian error linear unit, x Φ(x): below 1/2 as {@code x (1/2 + x p(x²))}, which takes fewer roundings.
     * The square is added to {@code n ln 2} without being rounded: {@code x² + 2n ln 2 = r}, {@code exp(-x²/2) = 2^n exp(-r/2)}.
     *
     * @param x the argument
     * @return GELU(x), with the sign of x even where it is 0
     */
    public static float gelu(float x) {
        if (!(Math.abs(x) < 13f)) {
            return farGelu(x);
        }
        float a = Math.abs(x);
        float aa = x * x;
        float p = Math.fma(aa, upper(a), a);
        float q = lower(a);
        float d = Math.fma(p, MILLS, q);
        float dRest = Math.fma(p, MILLS, -d) + q;
        float t = Math.fma(aa, HALF_LOG2_E, ROUNDER);
        float n = t - ROUNDER;
        float w = halved(Math.fma(n, LN4_LOW, Math.fma(x, x, n * LN4_HIGH)));
        // The quotient p / (d + dRest) in two parts, negative: of all roundings d's was the one too many for 2.5 ulp.
        float inverse = -1f / d;
        float m = p * inverse;
        float rest = Math.fma(m, dRest, Math.fma(m, d, p)) * inverse;
        float tail = (m + Math.fma(w, m, rest)) * power(t);
        float positive = Float.intBitsToFloat(Math.max(Float.floatToRawIntBits(x), 0));
        return a < 0.5f ? smallGelu(x, aa) : positive + tail;
    }

    private static float farGelu(float x) {
        float a = Math.abs(x);
        float b = a > 14.5f ? 14.5f : a;
        float p = Math.fma(b * b, upper(b), b);
        float d = Math.fma(p, MILLS, lower(b));
        // The quotient p / d in two parts, since there are only so many roundings to spend.
        float inverse = 1f / d;
        float m = p * inverse;
        float rest = Math.fma(-m, d, p) * inverse;
        float tail = bell(b, m, rest);
        float large = (x > 0f ? x : 0f) - tail;
        int bits = Float.floatToRawIntBits(large);
        return Float.intBitsToFloat(bits | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes {@code dx = dy (Φ(x) + x φ(x))}, φ the normal density; for negative x it is {@code Φ(-a) - a φ(a)}, for
     * others 1 minus this.
     *
     * @param x the argument of GELU
     * @param dy the gradient of the result
     * @return dx
     */
    public static float geluGradient(float x, float dy) {
        float a = Math.abs(x);
        float b = a > 14.5f ? 14.5f : a;
        float p = Math.fma(upper(b), b, 1f);
        float m = p / Math.fma(b * p, MILLS, lower(b));
        float tail = bell(b, Math.fma(b, -INVERSE_ROOT_2_PI, m), 0f);
        return dy * (x < 0f ? tail : 1f - tail);
    }

    /**
     * Computes {@code dx = dy 2 exp(-x²) / sqrt(π)}.
     *
     * @param x the argument of the error function
     * @param dy the gradient of the result
     * @return dx
     */
    public static float erfGradient(float x, float dy) {
        float a = Math.abs(x);
        float b = a > 10.3f ? 10.3f : a;
        float square = b * b;
        float w = finer(-square, -Math.fma(b, b, -square));
        return dy * (Math.fma(w, TWO_OVER_ROOT_PI, TWO_OVER_ROOT_PI) * scale(-square) * UNSCALE);
    }

    /** {@code x (1/2 + x p(x²))}. */
    private static float smallGelu(float x, float square) {
        float s = Math.fma(square, -0x1.264d3cp-10f, 0x1.4667d6p-7f);
        s = Math.fma(s, square, -0x1.105744p-4f);
        s = Math.fma(s, square, 0x1.988452p-2f);
        return x * Math.fma(x, s, 0.5f);
    }

    /** {@code exp(-r/2) - 1}, by the coefficients of {@link FloatExponentials} over powers of 2. */
    private static float halved(float r) {
        float q = Math.fma(r, 0x1.6a492ep-16f, -0x1.12399ep-12f);
        q = Math.fma(q, r, 0x1.5558b4p-9f);
        q = Math.fma(q, r, -0x1.555492p-6f);
        q = Math.fma(q, r, 0x1.fffffcp-4f);
        return Math.fma(q, r, -0.5f) * r;
    }

    /** {@code exp(-a²/2) (m + rest)}. */
    private static float bell(float a, float m, float rest) {
        float square = a * a;
        float high = square * -0.5f;
        float low = Math.fma(a, a, -square) * -0.5f;
        return (m + Math.fma(finer(high, low), m, rest)) * scale(high) * UNSCALE;
    }

    /** {@code (p - 1) / a}, p of {@code m(a) = p / (c a p + q)}. */
    private static float upper(float a) {
        float p = Math.fma(a, 0x1.113700p-7f, 0x1.4fe496p-4f);
        p = Math.fma(p, a, 0x1.798d7ap-2f);
        return Math.fma(p, a, 0x1.c2640ep-1f);
    }

    /** q of {@code m(a) = p / (c a p + q)}. */
    private static float lower(float a) {
        float q = Math.fma(a, 0x1.cc2f4ep-17f, 0x1.52008cp-6f);
        q = Math.fma(q, a, 0x1.acdcdcp-3f);
        q = Math.fma(q, a, 0x1.b26f58p-1f);
        return Math.fma(q, a, 2f);
    }
}
