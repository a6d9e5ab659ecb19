package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.LN2_HIGH;
import static dev.lanewise.reference.FloatExponentials.SIGN;
import static dev.lanewise.reference.FloatExponentials.farExp;
import static dev.lanewise.reference.FloatExponentials.farSigmoid;
import static dev.lanewise.reference.FloatExponentials.fraction;
import static dev.lanewise.reference.FloatExponentials.nearSigmoid;
import static dev.lanewise.reference.FloatExponentials.nearest;
import static dev.lanewise.reference.FloatExponentials.power;
import static dev.lanewise.reference.FloatExponentials.reduced;

/**
 * log and what is made of it, one float at a time: the source of the vector loops, which the build writes from these
 * methods, and so their twin, bit for bit.
 *
 * <p>The argument is {@code 2^k (1 + f)} with f from -1/4 to 1/2, split by its bits (Muller, Elementary Functions, 3rd
 * edition, section 11.2), and its logarithm {@code k ln 2 + f + f² q(f)}, q of degree 8, fitted as those of {@link
 * FloatExponentials}.
 */
public final class FloatLogarithms {
    /** The bits of 3/4, the smallest {@code 1 + f}. */
    private static final int LEAST = 0x3f400000;

    private FloatLogarithms() {}

    /**
     * Computes the natural logarithm.
     *
     * @param x the argument
     * @return log(x): -infinity for zeros, NaN below
     */
    public static float log(float x) {
        if (!(x >= 0x1p-126f & x < Float.POSITIVE_INFINITY)) {
            return rareLog(x);
        }
        return logarithm(exponent(x), significand(x));
    }

    /** The logarithm of subnormal numbers, scaled by 2^25, and of what is no positive number. */
    private static float rareLog(float x) {
        float scaled = x * 0x1p25f;
        float y = logarithm(exponent(scaled) - 25f, significand(scaled));
        y = x < Float.POSITIVE_INFINITY ? y : x;
        return x > 0f ? y : x == 0f ? Float.NEGATIVE_INFINITY : Float.NaN;
    }

    /** k of {@code x = 2^k (1 + f)}, f from -1/4 to 1/2. */
    private static float exponent(float x) {
        return (float) (Float.floatToRawIntBits(x) - LEAST >> 23);
    }

    /** f of {@code x = 2^k (1 + f)}. */
    private static float significand(float x) {
        int bits = Float.floatToRawIntBits(x);
        return Float.intBitsToFloat(bits - (bits - LEAST & 0xff800000)) - 1f;
    }

    /**
     * Computes log(1 + x): {@code u = 1 + x} is split into {@code 2^k m}, and what its rounding lost is added to f.
     *
     * @param x the argument
     * @return log(1 + x), with the sign of x even where it is 0; -infinity for -1, NaN below
     */
    public static float log1p(float x) {
        float u = x + 1f;
        float lost = x - (u - 1f);
        // 2^-k; 0 where 1 is lost beside x.
        int power = Float.floatToRawIntBits(u) - LEAST & 0xff800000;
        float s = Float.intBitsToFloat(Math.max(0x3f800000 - power, 0));
        float f = Math.fma(s, lost, significand(u));
        float y = logarithm(exponent(u), f);
        y = Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & SIGN);
        y = x < Float.POSITIVE_INFINITY ? y : x;
        return x > -1f ? y : x == -1f ? Float.NEGATIVE_INFINITY : Float.NaN;
    }

    /**
     * Computes {@code log(1 + exp(x)) = max(x, 0) + log(1 + z)}, {@code z = exp(-|x|)} in two parts; where z is no normal float, z or x.
     *
     * @param x the argument
     * @return log(1 + exp(x))
     */
    public static float softplus(float x) {
        if (!(Math.abs(x) < 87f)) {
            return x < 0f ? farExp(x) : x;
        }
        float u = -Math.abs(x);
        float w = fraction(reduced(u));
        float s = power(nearest(u));
        float h = w + 1f;
        float z = h * s;
        boolean high = u > -LN2_HIGH;
        float f = high ? Math.fma(z, 0.5f, -0.5f) : z;
        float positive = x > 0f ? x : 0f;
        float step = high ? LN2_HIGH : 0f;
        float sum = positive + step;
        // The second part of z, times the derivative 1 / (1 + z), of which a few bits are enough, and what the sum has
        // lost.
        float rest = Math.fma((w - (h - 1f)) * s, Math.fma(z, -0.5f, 1f), positive - (sum - step));
        return sum + (f + Math.fma(f * f, series(f), rest));
    }

    /**
     * Computes {@code dx = dy / x}.
     *
     * @param x the argument of log
     * @param dy the gradient of the result
     * @return dx; of zeros that of +0, NaN below, where log is NaN
     */
    public static float logGradient(float x, float dy) {
        return x >= 0f ? dy / Math.abs(x) : Float.NaN;
    }

    /**
     * Computes {@code dx = dy / (1 + x)}.
     *
     * @param x the argument of log1p
     * @param dy the gradient of the result
     * @return dx; NaN below -1, where log1p is NaN
     */
    public static float log1pGradient(float x, float dy) {
        return x >= -1f ? dy / (x + 1f) : Float.NaN;
    }

    /**
     * Computes {@code dx = dy / (1 + exp(-x))}.
     *
     * @param x the argument of softplus
     * @param dy the gradient of the result
     * @return dx
     */
    public static float softplusGradient(float x, float dy) {
        if (!(Math.abs(x) < 16f)) {
            return dy * farSigmoid(x);
        }
        return dy * nearSigmoid(x);
    }

    /** {@code log(1 + z)}, z from 0 to 1, as in the binary cross-entropy: above 1/2 {@code log 2 + log(1 + (z - 1) / 2)}. */
    static float log1pOfFraction(float z) {
        boolean high = z > 0.5f;
        float f = high ? (z - 1f) * 0.5f : z;
        return Math.fma(f * f, series(f), f) + (high ? LN2_HIGH : 0f);
    }

    /** {@code k ln 2 + log(1 + f)}; one float of ln 2 is enough, 2^-28.5 of it being lost. */
    private static float logarithm(float k, float f) {
        return Math.fma(k, LN2_HIGH, Math.fma(f * f, series(f), f));
    }

    /** {@code (log(1 + f) - f) / f²}. */
    static float series(float f) {
        float square = f * f;
        float q = Math.fma(f, -0x1.71e324p-5f, 0x1.acf4a6p-4f);
        q = Math.fma(q, square, Math.fma(f, -0x1.0d98f0p-3f, 0x1.28807ap-3f));
        q = Math.fma(q, square, Math.fma(f, -0x1.54ed96p-3f, 0x1.99699ep-3f));
        q = Math.fma(q, square, Math.fma(f, -0x1.00004ap-2f, 0x1.5555a4p-2f));
        return Math.fma(q, f, -0.5f);
    }
}
