package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.LN2_HIGH;
import static dev.lanewise.reference.FloatExponentials.LN2_LOW;
import static dev.lanewise.reference.FloatExponentials.LOG2_E;
import static dev.lanewise.reference.FloatExponentials.ROUNDER;
import static dev.lanewise.reference.FloatExponentials.SIGN;
import static dev.lanewise.reference.FloatExponentials.UNSCALE;
import static dev.lanewise.reference.FloatExponentials.finer;
import static dev.lanewise.reference.FloatExponentials.fraction;
import static dev.lanewise.reference.FloatExponentials.loss;
import static dev.lanewise.reference.FloatExponentials.nearest;
import static dev.lanewise.reference.FloatExponentials.negativePower;
import static dev.lanewise.reference.FloatExponentials.onePlus;
import static dev.lanewise.reference.FloatExponentials.opposite;
import static dev.lanewise.reference.FloatExponentials.power;
import static dev.lanewise.reference.FloatExponentials.reduced;
import static dev.lanewise.reference.FloatExponentials.scale;

/**
 * SiLU, the tanh form of GELU, and mish, one float at a time: the source of the vector loops, which the build writes from
 * these methods, and so their twin, bit for bit.
 *
 * <p>SiLU and the tanh form of GELU are {@code x / (1 + exp(-v))} as long as that has no power of two beyond those of floats.
 * Else all are {@code max(x, 0) - t(a)}, {@code a = |x|}, with t as small as exp in the end: nothing cancels, and results below
 * the normal range are right, for the power of two is multiplied last.
 */
public final class FloatGates {
    private static final float GELU_1_HIGH = 0x1.988454p0f;
    private static final float GELU_1_LOW = -0x1.857936p-25f;
    private static final float GELU_3_HIGH = 0x1.2444f2p-4f;
    private static final float GELU_3_LOW = 0x1.49b16ap-29f;
    /** The first part of 2 sqrt(2/π), of 20 bits: a float less this is exact for all results that are normal. */
    private static final float GELU_1_SHORT = 0x1.98845p0f;

    private static final float GELU_1_REST = 0x1.9ea1b2p-23f;
    /** Where the integer that the low bits hold is 24: 1 + 2^24 is no float. */
    private static final float POWER_24 = 0x1.80003p23f;

    private static final float GELU_9 = 0x1.b6676cp-3f;

    private FloatGates() {}

    /**
     * Computes {@code x / (1 + exp(-x))}.
     *
     * @param x the argument
     * @return the result, with the sign of x even where it is 0
     */
    public static float silu(float x) {
        if (!(Math.abs(x) < 87f)) {
            return farSilu(x);
        }
        float t = Math.fma(x, -LOG2_E, ROUNDER);
        return x / onePlus(opposite(x, t), t);
    }

    /** {@code t(a) = a z / (1 + z)}, {@code z = exp(-a)}. */
    private static float farSilu(float x) {
        float a = Math.abs(x);
        float b = a > 110f ? 110f : a;
        float tail = gate(b, finer(-b, 0f), scale(-b));
        float y = (x > 0f ? x : 0f) - tail;
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes {@code dx = dy y (1 + x z y)}, {@code z = exp(-x)}, {@code y = 1 / (1 + z)}.
     *
     * @param x the argument of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float siluGradient(float x, float dy) {
        if (!(Math.abs(x) < 87f)) {
            return farSiluGradient(x, dy);
        }
        float t = Math.fma(x, -LOG2_E, ROUNDER);
        return gateGradient(x, opposite(x, t), t, dy);
    }

    /** {@code dy t'(a)}, {@code t'(a) = z (1 + z - a) / (1 + z)²}, {@code z = exp(-a)}; for positive x 1 minus this. */
    private static float farSiluGradient(float x, float dy) {
        float a = Math.abs(x);
        float b = a > 110f ? 110f : a;
        float s = scale(-b);
        float w = finer(-b, 0f);
        float d = s * UNSCALE * (w + 1f) + 1f;
        float e = (d - b) / (d * d);
        float tail = Math.fma(w, e, e) * s * UNSCALE;
        return dy * (x < 0f ? tail : 1f - tail);
    }

    /**
     * Computes {@code x (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2}, which is {@code x / (1 + exp(-v))} with {@code v = 2
     * sqrt(2/π) (x + 0.044715 x³)}, in two floats.
     *
     * @param x the argument
     * @return the result, with the sign of x even where it is 0
     */
    public static float geluTanh(float x) {
        float v = x * Math.fma(x * x, GELU_3_HIGH, GELU_1_SHORT);
        float t = Math.fma(v, -LOG2_E, ROUNDER);
        if (!(Math.abs(x) < 9.9f & t != POWER_24)) {
            return farGeluTanh(x);
        }
        return x / onePlus(innerRest(x, t), t);
    }

    /** {@code v + n ln 2}, v the inner function of the tanh form of GELU, n in the low bits of t. */
    private static float innerRest(float x, float t) {
        float square = x * x;
        float factor = Math.fma(square, GELU_3_HIGH, GELU_1_SHORT);
        // What the sum has lost, then what the square has, and the second parts of the constants.
        float rest = Math.fma(square, GELU_3_HIGH, GELU_1_SHORT - factor);
        rest = Math.fma(Math.fma(x, x, -square), GELU_3_HIGH, rest) + Math.fma(square, GELU_3_LOW, GELU_1_REST);
        float v = x * factor;
        float low = Math.fma(x, rest, Math.fma(x, factor, -v));
        float n = t - ROUNDER;
        return Math.fma(n, LN2_HIGH, v) + Math.fma(n, LN2_LOW, low);
    }

    /** {@code dy y (1 + slope z y)}, {@code z = 2^n exp(-r)}, n in the low bits of t, and {@code y = 1 / (1 + z)}. */
    private static float gateGradient(float slope, float r, float t, float dy) {
        float s = negativePower(t);
        float z = s * loss(r) - s;
        float y = 1f / onePlus(r, t);
        return dy * y * Math.fma(slope, z * y, 1f);
    }

    /** {@code x / (1 + exp(-v))} by {@link #gate}. */
    private static float farGeluTanh(float x) {
        float a = Math.abs(x);
        float b = a > 11f ? 11f : a;
        float v = cubic(b);
        float w = finer(-v, -cubicRest(b));
        float tail = gate(b, w, scale(-v));
        float y = (x > 0f ? x : 0f) - tail;
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes {@code dx = dy y (1 + x v'(x) z y)}, {@code z = exp(-v)}, {@code y = 1 / (1 + z)}.
     *
     * @param x the argument of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float geluTanhGradient(float x, float dy) {
        if (!(Math.abs(x) < 9.9f)) {
            return farGeluTanhGradient(x, dy);
        }
        float square = x * x;
        float v = x * Math.fma(square, GELU_3_HIGH, GELU_1_SHORT);
        float t = Math.fma(v, -LOG2_E, ROUNDER);
        float slope = x * Math.fma(square, GELU_9, GELU_1_HIGH);
        return gateGradient(slope, innerRest(x, t), t, dy);
    }

    /**
     * {@code dy t'(a)}, {@code t'(a) = z (1 + z - a v'(a)) / (1 + z)²}, {@code z = exp(-v(a))}; for positive x 1 minus this.
     */
    private static float farGeluTanhGradient(float x, float dy) {
        float a = Math.abs(x);
        float b = a > 11f ? 11f : a;
        float v = cubic(b);
        float w = finer(-v, -cubicRest(b));
        float s = scale(-v);
        float d = s * UNSCALE * (w + 1f) + 1f;
        // a v'(a)
        float slope = b * Math.fma(b * b, GELU_9, GELU_1_HIGH);
        float e = (d - slope) / (d * d);
        float tail = Math.fma(w, e, e) * s * UNSCALE;
        return dy * (x < 0f ? tail : 1f - tail);
    }

    /**
     * Computes {@code x tanh(log(1 + exp(x)))}, with {@code z = exp(x) = s (1 + w)} and {@code m = z² + 2z} {@code x m / (m + 2)}: where
     * x is low {@code p - p (z² + z) / (m + 2)} with {@code p = x z}, otherwise {@code x / 2 + x (m / 2 - 1) / (m + 2)}, so that the
     * quotient, which takes the most roundings, is the smaller part.
     *
     * @param x the argument
     * @return the result, with the sign of x even where it is 0
     */
    public static float mish(float x) {
        if (!(Math.abs(x) < 43f)) {
            return farMish(x);
        }
        float w = fraction(reduced(x));
        float s = power(nearest(x));
        float z = Math.fma(s, w, s);
        float m = Math.fma(z, z, z + z);
        boolean low = x < -0.75f;
        float factor = low ? Math.fma(x, w, x) * s : x;
        float part = low ? -Math.fma(z, z, z) : Math.fma(m, 0.5f, -1f);
        return Math.fma(factor, part / (m + 2f), low ? factor : x * 0.5f);
    }

    /**
     * Mish by {@code a = |x|}, {@code z = exp(-a)}: {@code t(a) = a z (1 - (z² + z) / (z² + 2z + 2))} where x is negative, for z above
     * 1/2 {@code a z (1/2 + (1 - z²/2) / (z² + 2z + 2))}; otherwise {@code a z 2z / (2z² + 2z + 1)}.
     */
    private static float farMish(float x) {
        float a = Math.abs(x);
        float b = a > 110f ? 110f : a;
        float w = finer(-b, 0f);
        float s = scale(-b);
        float z = (w + 1f) * s * UNSCALE;
        float twice = z + z;
        boolean high = z > 0.5f;
        float part = high ? Math.fma(z * -0.5f, z, 1f) : -Math.fma(z, z, z);
        part = x < 0f ? part : twice;
        float whole = Math.fma(x < 0f ? z : twice, z, twice) + (x < 0f ? 2f : 1f);
        float product = Math.fma(w, b, b);
        float share = high ? product * 0.5f : product;
        float tail = Math.fma(product, part / whole, x < 0f ? share : 0f) * s * UNSCALE;
        float y = (x > 0f ? x : 0f) - tail;
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & SIGN);
    }

    /**
     * Computes {@code dx = dy f'(x)}, {@code f'(x) = z (4(x + 1) + (4x + 6) z + 4z² + z³) / (z² + 2z + 2)²} with {@code z =
     * exp(x)}.
     *
     * @param x the argument of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float mishGradient(float x, float dy) {
        if (!(Math.abs(x) < 20f)) {
            return farMishGradient(x, dy);
        }
        float s = power(nearest(x));
        float z = Math.fma(s, fraction(reduced(x)), s);
        float whole = Math.fma(z, z, z + z) + 2f;
        float four = Math.fma(x, 4f, 4f);
        float n = Math.fma(Math.fma(z + 4f, z, four + 2f), z, four);
        return dy * (z * n / (whole * whole));
    }

    /**
     * The same, where z⁴ might overflow or z be no normal float: by {@code exp(-|x|)}, whose power of two is multiplied last; for
     * positive x both parts are divided by {@code exp(4x)}.
     */
    private static float farMishGradient(float x, float dy) {
        float a = Math.abs(x);
        float b = a > 110f ? 110f : a;
        float w = finer(-b, 0f);
        float s = scale(-b);
        float z = (w + 1f) * s * UNSCALE;
        float twice = z + z;
        float whole = Math.fma(x < 0f ? z : twice, z, twice) + (x < 0f ? 2f : 1f);
        float four = (x < 0f ? -b : b) * 4f + 4f;
        float six = four + 2f;
        float n = Math.fma(z, x < 0f ? 1f : four, x < 0f ? 4f : six);
        n = Math.fma(n, z, x < 0f ? six : 4f);
        n = Math.fma(n, z, x < 0f ? four : 1f);
        float e = n / (whole * whole);
        return dy * (x < 0f ? Math.fma(w, e, e) * s * UNSCALE : e);
    }

    /** {@code b z / (1 + z)}, {@code z = (1 + w) s} but for 2^-64. */
    private static float gate(float b, float w, float s) {
        float t = s * UNSCALE;
        float z = Math.fma(t, w, t);
        float d = z + 1f;
        // What the sum has lost is as good as taken from w, which has more bits to hold it.
        float lost = z - (d - 1f);
        return Math.fma(w - lost, b, b) / d * s * UNSCALE;
    }

    /** {@code v(b) = 2 sqrt(2/π) (b + 0.044715 b³)}, b positive. */
    private static float cubic(float b) {
        return b * (b * b * GELU_3_HIGH + GELU_1_HIGH);
    }

    /** What {@link #cubic} has lost to rounding. */
    private static float cubicRest(float b) {
        float square = b * b;
        float squareRest = Math.fma(b, b, -square);
        float third = square * GELU_3_HIGH;
        float factor = third + GELU_1_HIGH;
        // What the sum has lost (Knuth), then what the product has, and the second parts of the constants.
        float other = factor - third;
        float rest = third - (factor - other) + (GELU_1_HIGH - other);
        rest = rest + Math.fma(square, GELU_3_HIGH, -third);
        rest = rest + Math.fma(squareRest, GELU_3_HIGH, Math.fma(square, GELU_3_LOW, GELU_1_LOW));
        return Math.fma(b, rest, Math.fma(b, factor, -(b * factor)));
    }
}
