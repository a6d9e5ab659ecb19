package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.ROUNDER;
import static dev.lanewise.reference.FloatExponentials.SIGN;

/**
 * Sine and cosine, one float at a time: the source of the vector loops, which the build writes from these methods, and so
 * their twin, bit for bit.
 *
 * <p>{@code |x| = n π/2 + r}, |r| at most π/4. Below {@link #FAST} π/2 is subtracted in three parts with fused multiply-adds
 * (Cody and Waite, Software Manual for the Elementary Functions, 1980); the first leaves no rounding, for its product is a
 * multiple of 2^-22 and the rest below 1. Beyond, n may have more bits than a float: the bits of 2/π that matter are
 * multiplied by the 24 of x in integers (Payne and Hanek, Radian reduction for trigonometric functions, SIGNUM Newsletter
 * 18, 1983). Then a sine or a cosine of r, whichever n asks for. The polynomials are fitted as those of {@link
 * FloatExponentials}.
 */
public final class FloatTrigonometry {
    /** Up to here the three parts of π/2 are enough. */
    static final float FAST = 0x1p13f;

    private static final float TWO_OVER_PI = 0x1.45f306p-1f;
    private static final float HALF_PI_1 = 0x1.921fb4p0f;
    private static final float HALF_PI_2 = 0x1.4442d0p-24f;
    private static final float HALF_PI_3 = 0x1.84698ap-48f;

    /** The bits of 2/π after the point, behind 64 zeros. */
    private static final long[] BITS = {
        0, 0xa2f9836e4e441529L, 0xfc2757d1f534ddc0L, 0xdb6295993c439041L, 0xfe5163abdebbc561L
    };

    private FloatTrigonometry() {}

    /**
     * Computes the sine.
     *
     * @param x the argument, in radians
     * @return sin(x), with the sign of x where it is 0; NaN for infinities
     */
    public static float sin(float x) {
        float a = Math.abs(x);
        if (a >= FAST) {
            return hugeWave(a, 0, Float.floatToRawIntBits(x));
        }
        float t = Math.fma(a, TWO_OVER_PI, ROUNDER);
        return wave(reduced(a, t), Float.floatToRawIntBits(t), Float.floatToRawIntBits(x));
    }

    /**
     * Computes the cosine.
     *
     * @param x the argument, in radians
     * @return cos(x); NaN for infinities
     */
    public static float cos(float x) {
        float a = Math.abs(x);
        if (a >= FAST) {
            return hugeWave(a, 1, 0);
        }
        float t = Math.fma(a, TWO_OVER_PI, ROUNDER);
        return wave(reduced(a, t), Float.floatToRawIntBits(t) + 1, 0);
    }

    /**
     * Computes {@code dx = dy cos(x)}.
     *
     * @param x the argument of the sine
     * @param dy the gradient of the result
     * @return dx
     */
    public static float sinGradient(float x, float dy) {
        float a = Math.abs(x);
        if (a >= FAST) {
            return dy * hugeWave(a, 1, 0);
        }
        return dy * cos(x);
    }

    /**
     * Computes {@code dx = -dy sin(x)}.
     *
     * @param x the argument of the cosine
     * @param dy the gradient of the result
     * @return dx
     */
    public static float cosGradient(float x, float dy) {
        float a = Math.abs(x);
        if (a >= FAST) {
            return dy * -hugeWave(a, 0, Float.floatToRawIntBits(x));
        }
        return dy * -sin(x);
    }

    private static float reduced(float a, float t) {
        float n = ROUNDER - t;
        float r = Math.fma(n, HALF_PI_1, a);
        r = Math.fma(n, HALF_PI_2, r);
        return Math.fma(n, HALF_PI_3, r);
    }

    /** {@code sin(r + n π/2)}, its sign exchanged where the highest bit of {@code sign} is set. */
    private static float wave(float r, int n, int sign) {
        float rr = r * r;
        float s = Math.fma(rr, -0x1.9951dap-13f, 0x1.110774p-7f);
        s = Math.fma(s, rr, -0x1.555546p-3f);
        s = Math.fma(s * rr, r, r);
        float c = Math.fma(rr, 0x1.99e80cp-16f, -0x1.6c0c28p-10f);
        c = Math.fma(c, rr, 0x1.55554ap-5f);
        c = Math.fma(c, rr, -0.5f);
        c = Math.fma(c, rr, 1f);
        int magnitude = (n & 1) != 0 ? Float.floatToRawIntBits(c) : Float.floatToRawIntBits(s);
        return Float.intBitsToFloat(magnitude ^ (n << 30 ^ sign) & SIGN);
    }

    /** {@code sin(a + quarters π/2)} for a of at least 1. */
    private static float hugeWave(float a, int quarters, int sign) {
        if (!(a < Float.POSITIVE_INFINITY)) {
            return Float.NaN;
        }
        int bits = Float.floatToRawIntBits(a);
        long mantissa = bits & 0x7fffff | 0x800000;
        // Bits of 2/π from here on: those before it make multiples of 4 of n.
        int first = (bits >>> 23) - 150 - 2 + 64;
        int word = first >>> 6;
        int shift = first & 63;
        long high = window(word, shift);
        long low = window(word + 1, shift);
        // The bits of 2 a / π: two of the quadrant, 62 after the point.
        long product = mantissa * high + (mantissa * (low >>> 32) >>> 32);
        int n = (int) (product + (1L << 61) >>> 62);
        double r = (product - ((long) n << 62)) * (Math.PI * 0x1p-63);
        return wave((float) r, n + quarters, sign);
    }

    /** 64 bits of 2/π, {@code shift} bits after the start of a word. */
    private static long window(int word, int shift) {
        return shift == 0 ? BITS[word] : BITS[word] << shift | BITS[word + 1] >>> 64 - shift;
    }
}
