package dev.lanewise.kernels.micro;

import static dev.lanewise.kernels.micro.ElementaryFunctions.*;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax and its gradient on one row.
 *
 * <p>Assumed of every method: the ranges lie within their arrays; the row that is written is one of those that are read,
 * or shares no element with them; {@code lanes} has room for {@link VirtualLanes#COUNT} floats from {@code lanes0} on,
 * apart from the rows.
 */
public final class SoftmaxRows {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private SoftmaxRows() {}

    /**
     * Computes {@code y(j) = e(j) * (1 / sum over k of e(k))} with {@code e(j) = exp(x(j) - max x)}.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param y results
     * @param y0 index of the first result
     * @param size the length of the row
     * @param lanes scratch
     * @param lanes0 index of the first float of scratch
     */
    public static void softmax(float[] x, int x0, float[] y, int y0, int size, float[] lanes, int lanes0) {
        exponentials(x, x0, max(x, x0, size), y, y0, size);
        float sum = VirtualLanes.sum(y, y0, size, lanes, lanes0);
        scale(y, y0, size, 1f / sum);
    }

    /**
     * Computes the loss {@code log(sum over k of exp(x(k))) - x(label)}, and its gradient times {@code share}.
     *
     * @param x logits
     * @param x0 index of the first logit
     * @param label the right class, at least 0 and below {@code size}
     * @param g receives the gradient
     * @param g0 index of its first element
     * @param size the length of the row, at least 1
     * @param share what the gradient is multiplied by
     * @param lanes scratch
     * @param lanes0 index of the first float of scratch
     * @return the loss
     */
    public static float crossEntropy(
            float[] x, int x0, int label, float[] g, int g0, int size, float share, float[] lanes, int lanes0) {
        float max = max(x, x0, size);
        // Below, g may overwrite x.
        double margin = (double) max - x[x0 + label];
        exponentials(x, x0, max, g, g0, size);
        float sum = VirtualLanes.sum(g, g0, size, lanes, lanes0);
        float factor = 1f / sum * share;
        float right = Math.fma(g[g0 + label], factor, -share);
        scale(g, g0, size, factor);
        g[g0 + label] = right;
        return (float) (StrictMath.log(sum) + margin);
    }

    /**
     * Computes {@code dx(j) = y(j) * (dy(j) - sum over k of dy(k) y(k))}.
     *
     * @param y results of the forward pass
     * @param y0 index of the first of them
     * @param dy gradients of the results
     * @param dy0 index of the first of them
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first of them
     * @param size the length of the row
     * @param lanes scratch
     * @param lanes0 index of the first float of scratch
     */
    public static void gradient(
            float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size, float[] lanes, int lanes0) {
        float dot = VirtualLanes.dot(y, y0, dy, dy0, size, lanes, lanes0);
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, y, y0 + i);
            FloatVector.fromArray(S, dy, dy0 + i).sub(dot).mul(v).intoArray(dx, dx0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector v = FloatVector.fromArray(S, y, y0 + whole, rest);
            FloatVector.fromArray(S, dy, dy0 + whole, rest).sub(dot).mul(v).intoArray(dx, dx0 + whole, rest);
        }
    }

    /** Returns the largest element, NaNs left out; -infinity where there is none; of two zeros either. */
    private static float max(float[] x, int x0, int size) {
        FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + i);
            max = max.blend(v, v.compare(VectorOperators.GT, max));
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector v = FloatVector.fromArray(S, x, x0 + whole, rest);
            max = max.blend(v, v.compare(VectorOperators.GT, max).and(rest));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** Computes {@code y(j) = exp(x(j) - max)}. */
    private static void exponentials(float[] x, int x0, float max, float[] y, int y0, int size) {
        for (int i = 0; i < size; i += S.length()) {
            boolean whole = i <= size - S.length();
            FloatVector v = whole
                    ? FloatVector.fromArray(S, x, x0 + i)
                    : FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size));
            FloatVector u = v.sub(max);
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
            FloatVector result = w.add(1f).mul(s).mul(UNSCALE);
            if (whole) {
                result.intoArray(y, y0 + i);
            } else {
                result.intoArray(y, y0 + i, S.indexInRange(i, size));
            }
        }
    }

    private static void scale(float[] y, int y0, int size, float factor) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector.fromArray(S, y, y0 + i).mul(factor).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector.fromArray(S, y, y0 + whole, rest).mul(factor).intoArray(y, y0 + whole, rest);
        }
    }
}
