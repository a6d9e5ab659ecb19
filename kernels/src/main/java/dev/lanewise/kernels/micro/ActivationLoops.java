package dev.lanewise.kernels.micro;

import static dev.lanewise.kernels.micro.ElementaryFunctions.*;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops over elements of the activations and of their derivatives.
 *
 * <p>Assumed of every loop: the ranges lie within their arrays, and a range that is written is one that is read, or
 * shares no element with it. The last elements that fill no vector go through the same operations under a mask, so that
 * an element's place does not change its bits. Nothing outside the ranges is read or written.
 */
public final class ActivationLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private ActivationLoops() {}

    /**
     * Computes {@code y = x <= 0 ? +0 : x}.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param y results
     * @param y0 index of the first result
     * @param size how many
     */
    public static void relu(float[] x, int x0, float[] y, int y0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + i);
            v.blend(0f, v.compare(VectorOperators.LE, 0f)).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector v = FloatVector.fromArray(S, x, x0 + whole, rest);
            v.blend(0f, v.compare(VectorOperators.LE, 0f)).intoArray(y, y0 + whole, rest);
        }
    }

    /**
     * Computes {@code y = 1 / (1 + exp(-x))}.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param y results
     * @param y0 index of the first result
     * @param size how many
     */
    public static void sigmoid(float[] x, int x0, float[] y, int y0, int size) {
        for (int i = 0; i < size; i += S.length()) {
            boolean whole = i <= size - S.length();
            FloatVector v = whole
                    ? FloatVector.fromArray(S, x, x0 + i)
                    : FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size));
            FloatVector u = v.abs().neg();
            FloatVector bounded = u.blend(LOWEST, u.compare(VectorOperators.LT, LOWEST));
            FloatVector t = bounded.fma(LOG2_E, ROUNDER);
            FloatVector n = t.sub(ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), bounded);
            r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
            FloatVector c = r.fma(EXP_6, EXP_5);
            c = c.fma(r, FloatVector.broadcast(S, EXP_4));
            c = c.fma(r, FloatVector.broadcast(S, EXP_3));
            c = c.fma(r, FloatVector.broadcast(S, EXP_2));
            FloatVector w = r.mul(r).fma(c, r);
            IntVector bits =
                    t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(SCALE);
            FloatVector s = bits.reinterpretAsFloats();
            FloatVector h = w.add(1f);
            FloatVector l = w.sub(h.sub(1f)).mul(s);
            FloatVector z = h.mul(s).mul(UNSCALE);
            FloatVector q = z.div(z.add(1f));
            FloatVector error = l.fma(FloatVector.broadcast(S, UNSCALE), q.neg().fma(z, z.sub(q)));
            FloatVector low = error.fma(FloatVector.broadcast(S, 1f).sub(q), q);
            FloatVector high = FloatVector.broadcast(S, 1f).sub(low);
            FloatVector result = high.blend(low, v.compare(VectorOperators.LT, 0f));
            if (whole) {
                result.intoArray(y, y0 + i);
            } else {
                result.intoArray(y, y0 + i, S.indexInRange(i, size));
            }
        }
    }

    /**
     * Computes {@code y = tanh(x)}.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param y results
     * @param y0 index of the first result
     * @param size how many
     */
    public static void tanh(float[] x, int x0, float[] y, int y0, int size) {
        for (int i = 0; i < size; i += S.length()) {
            boolean whole = i <= size - S.length();
            FloatVector v = whole
                    ? FloatVector.fromArray(S, x, x0 + i)
                    : FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size));
            FloatVector a = v.abs();
            FloatVector u = a.mul(-2f);
            FloatVector bounded = u.blend(LOWEST, u.compare(VectorOperators.LT, LOWEST));
            FloatVector t = bounded.fma(LOG2_E, ROUNDER);
            FloatVector n = t.sub(ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), bounded);
            r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
            FloatVector c = r.fma(EXP_6, EXP_5);
            c = c.fma(r, FloatVector.broadcast(S, EXP_4));
            c = c.fma(r, FloatVector.broadcast(S, EXP_3));
            c = c.fma(r, FloatVector.broadcast(S, EXP_2));
            FloatVector w = r.mul(r).fma(c, r);
            IntVector bits =
                    t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(SCALE);
            FloatVector s = bits.reinterpretAsFloats();
            FloatVector z = w.add(1f).mul(s).mul(UNSCALE);
            FloatVector large = z.mul(-2f).div(z.add(1f)).add(1f);
            FloatVector aa = a.mul(a);
            FloatVector p = aa.fma(TANH_13, TANH_11);
            p = p.fma(aa, FloatVector.broadcast(S, TANH_9));
            p = p.fma(aa, FloatVector.broadcast(S, TANH_7));
            p = p.fma(aa, FloatVector.broadcast(S, TANH_5));
            p = p.fma(aa, FloatVector.broadcast(S, TANH_3));
            FloatVector small = a.mul(aa).fma(p, a);
            IntVector magnitude = large.blend(small, a.compare(VectorOperators.LT, TANH_SPLIT))
                    .reinterpretAsInts();
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            FloatVector result = magnitude.or(sign).reinterpretAsFloats();
            if (whole) {
                result.intoArray(y, y0 + i);
            } else {
                result.intoArray(y, y0 + i, S.indexInRange(i, size));
            }
        }
    }

    /**
     * Computes {@code dx = y == 0 ? +0 : dy}, but NaN where y is NaN.
     *
     * @param y results of the forward pass
     * @param y0 index of the first of them
     * @param dy gradients of the results
     * @param dy0 index of the first of them
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first of them
     * @param size how many
     */
    public static void reluGradient(float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, y, y0 + i);
            FloatVector d = FloatVector.fromArray(S, dy, dy0 + i);
            FloatVector open = d.blend(v, v.test(VectorOperators.IS_NAN));
            open.blend(0f, v.compare(VectorOperators.EQ, 0f)).intoArray(dx, dx0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector v = FloatVector.fromArray(S, y, y0 + whole, rest);
            FloatVector d = FloatVector.fromArray(S, dy, dy0 + whole, rest);
            FloatVector open = d.blend(v, v.test(VectorOperators.IS_NAN));
            open.blend(0f, v.compare(VectorOperators.EQ, 0f)).intoArray(dx, dx0 + whole, rest);
        }
    }

    /**
     * Computes {@code dx = dy * fma(-y, y, y)}.
     *
     * @param y results of the forward pass
     * @param y0 index of the first of them
     * @param dy gradients of the results
     * @param dy0 index of the first of them
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first of them
     * @param size how many
     */
    public static void sigmoidGradient(float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, y, y0 + i);
            FloatVector d = FloatVector.fromArray(S, dy, dy0 + i);
            d.mul(v.neg().fma(v, v)).intoArray(dx, dx0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector v = FloatVector.fromArray(S, y, y0 + whole, rest);
            FloatVector d = FloatVector.fromArray(S, dy, dy0 + whole, rest);
            d.mul(v.neg().fma(v, v)).intoArray(dx, dx0 + whole, rest);
        }
    }

    /**
     * Computes {@code dx = dy * fma(-y, y, 1)}.
     *
     * @param y results of the forward pass
     * @param y0 index of the first of them
     * @param dy gradients of the results
     * @param dy0 index of the first of them
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first of them
     * @param size how many
     */
    public static void tanhGradient(float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, y, y0 + i);
            FloatVector d = FloatVector.fromArray(S, dy, dy0 + i);
            d.mul(v.neg().fma(v, FloatVector.broadcast(S, 1f))).intoArray(dx, dx0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector v = FloatVector.fromArray(S, y, y0 + whole, rest);
            FloatVector d = FloatVector.fromArray(S, dy, dy0 + whole, rest);
            d.mul(v.neg().fma(v, FloatVector.broadcast(S, 1f))).intoArray(dx, dx0 + whole, rest);
        }
    }
}
