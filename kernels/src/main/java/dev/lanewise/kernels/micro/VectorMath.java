package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions on vectors: polynomials with explicit fused multiply-adds, so that every CPU and every vector
 * width gives the same bits. {@code dev.lanewise.reference.ScalarMath} does the same operations one float at a time.
 *
 * <p>The polynomials are minimax fits of the relative error, rounded to float from the lowest degree up, each rounding
 * balanced by a new fit of the rest. NaN in, NaN out.
 *
 * <p>These are the only helpers that take and return vectors. They are small enough for C2 to inline into a loop with
 * one or two of them; a loop that calls more must be measured for boxing.
 */
final class VectorMath {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    /** Where exp is 0: half the smallest subnormal is exp(-103.97). Keeps the exponent arithmetic in range. */
    private static final float LOWEST = -105f;

    private static final float LOG2_E = 0x1.715476p0f;

    /** ln 2 in two parts: Cody and Waite, Software Manual for the Elementary Functions, 1980. */
    private static final float LN2_HIGH = 0x1.62e430p-1f;

    private static final float LN2_LOW = -0x1.05c610p-29f;

    /** Added and subtracted, it rounds to an integer, which the low bits of the sum then hold. */
    private static final float ROUNDER = 0x1.8p23f;

    /** The bits of 2^64; adding {@code n << 23} makes them those of 2^(64 + n), a normal number for n >= -190. */
    private static final int SCALE = (127 + 64) << 23;

    private static final float UNSCALE = 0x1p-64f;

    /** Below, tanh is a polynomial; above, it is so far from 0 that the form with exp loses nothing. */
    private static final float TANH_SPLIT = 0.75f;

    private VectorMath() {}

    /**
     * Computes exp(x) for x up to 40, to 1 ulp: {@code exp(x) = 2^n (1 + w)} with {@code n ln 2} next to x.
     *
     * <p>The power of two is applied in two steps, of which only the last can round: results below the normal range are
     * right too.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = bound(x);
        return fraction(bounded).add(1f).mul(scale(bounded)).mul(UNSCALE);
    }

    /**
     * Computes 1 / (1 + exp(-x)): with {@code z = exp(-|x|)} it is {@code z / (1 + z)} where x is negative, else 1 minus
     * this, so that neither tail overflows or loses digits.
     *
     * <p>The quotient q alone would be wrong by up to 2.2 ulp. One Newton step, {@code q + (z - q - q z) (1 - q)}, mends
     * it; the rest in the first parentheses takes z as two floats, since 1 + w has been rounded.
     */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector bounded = bound(x.abs().neg());
        FloatVector w = fraction(bounded);
        FloatVector s = scale(bounded);
        FloatVector h = w.add(1f);
        FloatVector l = w.sub(h.sub(1f));
        FloatVector z = h.mul(s).mul(UNSCALE);
        FloatVector q = z.div(z.add(1f));
        FloatVector rest =
                l.mul(s).fma(FloatVector.broadcast(S, UNSCALE), q.neg().fma(z, z.sub(q)));
        FloatVector low = rest.fma(FloatVector.broadcast(S, 1f).sub(q), q);
        return FloatVector.broadcast(S, 1f).sub(low).blend(low, x.compare(VectorOperators.LT, 0f));
    }

    /** Returns x, or where it is below {@link #LOWEST} that. */
    private static FloatVector bound(FloatVector x) {
        return x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
    }

    /**
     * Computes {@code w = exp(r) - 1} of the rest {@code r = x - n ln 2}, |r| up to half of ln 2, as
     * {@code r + r² q(r)}, q of degree 4.
     */
    private static FloatVector fraction(FloatVector x) {
        FloatVector n = x.fma(LOG2_E, ROUNDER).sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
        FloatVector q = r.fma(0x1.6a492ep-10f, 0x1.12399ep-7f);
        q = q.fma(r, FloatVector.broadcast(S, 0x1.5558b4p-5f));
        q = q.fma(r, FloatVector.broadcast(S, 0x1.555492p-3f));
        q = q.fma(r, FloatVector.broadcast(S, 0x1.fffffcp-2f));
        return r.mul(r).fma(q, r);
    }

    /** Computes 2^(64 + n) for the n of {@link #fraction}, whose first step C2 shares. */
    private static FloatVector scale(FloatVector x) {
        IntVector shifted = x.fma(LOG2_E, ROUNDER).reinterpretAsInts();
        return shifted.lanewise(VectorOperators.LSHL, 23).add(SCALE).reinterpretAsFloats();
    }

    /**
     * Computes tanh(x): on |x|, then the sign of x. Below the split {@code x + x³ p(x²)}, p of degree 5; above it
     * {@code 1 - 2z / (1 + z)} with {@code z = exp(-2|x|)}.
     */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = exp(a.mul(-2f));
        FloatVector large = z.mul(-2f).div(z.add(1f)).add(1f);
        FloatVector u = a.mul(a);
        FloatVector p = u.fma(0x1.c89750p-10f, -0x1.f662fep-8f);
        p = p.fma(u, FloatVector.broadcast(S, 0x1.5f9082p-6f));
        p = p.fma(u, FloatVector.broadcast(S, -0x1.b98108p-5f));
        p = p.fma(u, FloatVector.broadcast(S, 0x1.110ddap-3f));
        p = p.fma(u, FloatVector.broadcast(S, -0x1.55554ap-2f));
        FloatVector small = a.mul(u).fma(p, a);
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return large.blend(small, a.compare(VectorOperators.LT, TANH_SPLIT))
                .reinterpretAsInts()
                .or(sign)
                .reinterpretAsFloats();
    }

    /**
     * Computes log(1 + z) for z in [0, 1]. Where z is above 1/2, {@code log(1 + z) = log 2 + log(1 + f)} with
     * {@code f = (z - 1) / 2}, which is exact; otherwise f is z. {@code log(1 + f) = f + f² q(f)}, q of degree 8 for f in
     * [-1/4, 1/2].
     */
    static FloatVector log1p(FloatVector z) {
        VectorMask<Float> high = z.compare(VectorOperators.GT, 0.5f);
        FloatVector f = z.blend(z.sub(1f).mul(0.5f), high);
        FloatVector q = f.fma(-0x1.71e324p-5f, 0x1.acf4a6p-4f);
        q = q.fma(f, FloatVector.broadcast(S, -0x1.0d98f0p-3f));
        q = q.fma(f, FloatVector.broadcast(S, 0x1.28807ap-3f));
        q = q.fma(f, FloatVector.broadcast(S, -0x1.54ed96p-3f));
        q = q.fma(f, FloatVector.broadcast(S, 0x1.99699ep-3f));
        q = q.fma(f, FloatVector.broadcast(S, -0x1.00004ap-2f));
        q = q.fma(f, FloatVector.broadcast(S, 0x1.5555a4p-2f));
        q = q.fma(f, FloatVector.broadcast(S, -0.5f));
        FloatVector part = f.mul(f).fma(q, f);
        return part.add(FloatVector.zero(S).blend(LN2_HIGH, high));
    }
}
