package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax, its logarithm, and their gradients on one row.
 *
 * <p>Assumed of every method: the ranges lie within their arrays; the row that is written is one of those that are read,
 * or shares no element with it; {@code scratch} has room for {@link #SCRATCH} floats from {@code scratch0} on, apart from
 * the rows; one row's softmax and the gradients need only the first {@link VirtualLanes#COUNT} of them.
 */
public final class SoftmaxRows {
    /** Exponentials that are computed for their sum only, at a time: they stay in the first-level cache. */
    private static final int CHUNK = 1024;

    /** Floats of scratch that a row of any length needs. */
    public static final int SCRATCH = VirtualLanes.COUNT + CHUNK;

    /** Rows that are taken together, at most, 4: with 8 or 16 rows of 128 are no faster (Zen 5). */
    private static final int TOGETHER = Parallelism.SCRATCH_FLOATS / VirtualLanes.COUNT;

    /** Elements of rows that are taken together, at most, if one row has no more: 16 KiB with the results. */
    private static final int TOGETHER_FLOATS = 2048;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private SoftmaxRows() {}

    /**
     * Computes {@code y(j) = e(j) * (1 / sum over k of e(k))} with {@code e(j) = exp(x(j) - max x)} in each of some rows that
     * follow each other.
     *
     * <p>Short rows are taken together, step by step: each step of a row waits for the one before, and a CPU looks ahead into the next
     * row, but hardly past the exponentials of this one. Rows of 128 ran at 2.4 G elements/s so, and at 1.9 one after the other (Zen 5).
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param y results
     * @param y0 index of the first result
     * @param rows how many rows
     * @param size the length of a row
     * @param scratch scratch of {@link Parallelism#SCRATCH_FLOATS} floats
     */
    public static void softmax(float[] x, int x0, float[] y, int y0, int rows, int size, float[] scratch) {
        int together = Math.clamp(TOGETHER_FLOATS / Math.max(1, size), 1, TOGETHER);
        for (int row = 0; row < rows; row += together) {
            together(x, x0 + row * size, y, y0 + row * size, Math.min(together, rows - row), size, scratch);
        }
    }

    private static void together(float[] x, int x0, float[] y, int y0, int rows, int size, float[] scratch) {
        for (int row = 0; row < rows; row++) {
            scratch[row * VirtualLanes.COUNT] = max(x, x0 + row * size, size);
        }
        for (int row = 0; row < rows; row++) {
            int at = row * size;
            int lanes = row * VirtualLanes.COUNT;
            float max = scratch[lanes];
            VirtualLanes.clear(scratch, lanes);
            ElementLoops.expBelowSummed(x, x0 + at, y, y0 + at, size, max, scratch, lanes);
        }
        for (int row = 0; row < rows; row++) {
            int lanes = row * VirtualLanes.COUNT;
            scratch[lanes] = 1f / VirtualLanes.join(scratch, lanes);
        }
        for (int row = 0; row < rows; row++) {
            int at = y0 + row * size;
            ElementLoops.scale(y, at, y, at, size, scratch[row * VirtualLanes.COUNT]);
        }
    }

    /**
     * Computes the softmax of {@code x + mask} times a factor: {@code y(j) = e(j) * (1 / sum over k of e(k) * factor)}; 0
     * throughout where all of {@code x + mask} is -infinity.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param mask what is added to them; null for nothing
     * @param mask0 index of the first of it
     * @param y results
     * @param y0 index of the first result
     * @param size the length of the row
     * @param factor the factor
     * @param scratch scratch
     * @param scratch0 index of the first float of scratch
     */
    public static void maskedSoftmax(
            float[] x,
            int x0,
            float[] mask,
            int mask0,
            float[] y,
            int y0,
            int size,
            float factor,
            float[] scratch,
            int scratch0) {
        float[] from = mask == null ? x : y;
        int from0 = mask == null ? x0 : y0;
        if (mask != null) {
            ElementLoops.masked(x, x0, mask, mask0, y, y0, size);
        }
        float max = max(from, from0, size);
        if (max == Float.NEGATIVE_INFINITY && !hasNaN(from, from0, null, 0, size)) {
            Arrays.fill(y, y0, y0 + size, 0f);
        } else {
            scaled(from, from0, max, y, y0, size, factor, scratch, scratch0);
        }
    }

    /**
     * Computes {@code y(j) = (x(j) - max x) - log(sum over k of exp(x(k) - max x))}, with the logarithm in double, rounded
     * to float.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param mask what is added to them first; null for nothing
     * @param mask0 index of the first of it
     * @param y results; -infinity throughout where there is a mask and all of {@code x + mask} is -infinity
     * @param y0 index of the first result
     * @param size the length of the row
     * @param scratch scratch
     * @param scratch0 index of the first float of scratch
     */
    public static void logSoftmax(
            float[] x, int x0, float[] mask, int mask0, float[] y, int y0, int size, float[] scratch, int scratch0) {
        float[] from = mask == null ? x : y;
        int from0 = mask == null ? x0 : y0;
        if (mask != null) {
            ElementLoops.masked(x, x0, mask, mask0, y, y0, size);
        }
        float max = max(from, from0, size);
        if (mask != null && max == Float.NEGATIVE_INFINITY && !hasNaN(y, y0, null, 0, size)) {
            return;
        }
        float sum = sumOfExponentials(from, from0, null, 0, max, size, scratch, scratch0);
        ElementLoops.logSoftmax(from, from0, y, y0, size, max, (float) StrictMath.log(sum));
    }

    /**
     * Computes {@code log(sum over k of exp(x(k)))} as {@code log(sum over k of exp(x(k) - max x)) + max x}, in double from
     * the sum on, rounded to float.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param mask what is added to them first; null for nothing
     * @param mask0 index of the first of it
     * @param size the length of the row
     * @param scratch scratch
     * @param scratch0 index of the first float of scratch
     * @return the logarithm: -infinity where all is -infinity, +infinity where one is +infinity, NaN where one is NaN
     */
    public static float logSumExp(float[] x, int x0, float[] mask, int mask0, int size, float[] scratch, int scratch0) {
        float max = mask == null ? max(x, x0, size) : maskedMax(x, x0, mask, mask0, size, scratch, scratch0);
        if (Math.abs(max) == Float.POSITIVE_INFINITY) {
            return hasNaN(x, x0, mask, mask0, size) ? Float.NaN : max;
        }
        return (float) (StrictMath.log(sumOfExponentials(x, x0, mask, mask0, max, size, scratch, scratch0)) + max);
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
     * @param scratch scratch
     * @param scratch0 index of the first float of scratch
     * @return the loss
     */
    public static float crossEntropy(
            float[] x, int x0, int label, float[] g, int g0, int size, float share, float[] scratch, int scratch0) {
        float max = max(x, x0, size);
        // Below, g may overwrite x.
        double margin = (double) max - x[x0 + label];
        float sum = exponentials(x, x0, max, g, g0, size, scratch, scratch0);
        float factor = 1f / sum * share;
        float right = Math.fma(g[g0 + label], factor, -share);
        ElementLoops.scale(g, g0, g, g0, size, factor);
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
     * @param scratch scratch
     * @param scratch0 index of the first float of scratch
     */
    public static void gradient(
            float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size, float[] scratch, int scratch0) {
        float dot = VirtualLanes.dot(y, y0, dy, dy0, size, scratch, scratch0);
        ElementLoops.softmaxGradient(y, y0, dy, dy0, dx, dx0, size, dot);
    }

    /**
     * Computes {@code dx(j) = dy(j) - exp(y(j)) * sum over k of dy(k)}.
     *
     * @param y results of log-softmax
     * @param y0 index of the first of them
     * @param dy gradients of the results
     * @param dy0 index of the first of them
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first of them
     * @param size the length of the row
     * @param scratch scratch
     * @param scratch0 index of the first float of scratch
     */
    public static void logSoftmaxGradient(
            float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size, float[] scratch, int scratch0) {
        float sum = VirtualLanes.sum(dy, dy0, size, scratch, scratch0);
        ElementLoops.logSoftmaxGradient(y, y0, dy, dy0, dx, dx0, size, sum);
    }

    private static void scaled(
            float[] x, int x0, float max, float[] y, int y0, int size, float factor, float[] scratch, int scratch0) {
        float sum = exponentials(x, x0, max, y, y0, size, scratch, scratch0);
        ElementLoops.scale(y, y0, y, y0, size, 1f / sum * factor);
    }

    /** Computes {@code y(j) = exp(x(j) - max)}; returns their sum over virtual lanes. */
    static float exponentials(
            float[] x, int x0, float max, float[] y, int y0, int size, float[] scratch, int scratch0) {
        VirtualLanes.clear(scratch, scratch0);
        ElementLoops.expBelowSummed(x, x0, y, y0, size, max, scratch, scratch0);
        return VirtualLanes.join(scratch, scratch0);
    }

    /** Returns the sum of {@code exp(x(j) + mask(j) - max)} over virtual lanes. */
    private static float sumOfExponentials(
            float[] x, int x0, float[] mask, int mask0, float max, int size, float[] scratch, int scratch0) {
        int values = scratch0 + VirtualLanes.COUNT;
        VirtualLanes.clear(scratch, scratch0);
        for (int at = 0; at < size; at += CHUNK) {
            int count = Math.min(CHUNK, size - at);
            if (mask == null) {
                ElementLoops.expBelowSummed(x, x0 + at, scratch, values, count, max, scratch, scratch0);
            } else {
                ElementLoops.masked(x, x0 + at, mask, mask0 + at, scratch, values, count);
                ElementLoops.expBelowSummed(scratch, values, scratch, values, count, max, scratch, scratch0);
            }
        }
        return VirtualLanes.join(scratch, scratch0);
    }

    /** Tells whether any of x is NaN; where the mask is -infinity, x is not looked at. Rows without a finite maximum are rare. */
    static boolean hasNaN(float[] x, int x0, float[] mask, int mask0, int size) {
        for (int i = 0; i < size; i++) {
            float added = mask == null ? 0f : mask[mask0 + i];
            if (added != Float.NEGATIVE_INFINITY && Float.isNaN(x[x0 + i] + added)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the largest of {@code x + mask}, NaNs left out. */
    private static float maskedMax(
            float[] x, int x0, float[] mask, int mask0, int size, float[] scratch, int scratch0) {
        float max = Float.NEGATIVE_INFINITY;
        for (int at = 0; at < size; at += SCRATCH) {
            int count = Math.min(SCRATCH, size - at);
            ElementLoops.masked(x, x0 + at, mask, mask0 + at, scratch, scratch0, count);
            max = Math.max(max, max(scratch, scratch0, count));
        }
        return max;
    }

    /** Returns the largest element, NaNs left out; -infinity where there is none; of two zeros either. */
    static float max(float[] x, int x0, int size) {
        FloatVector a = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        // Four chains: one waits for each comparison and blend.
        for (; i <= size - 4 * S.length(); i += 4 * S.length()) {
            FloatVector p = FloatVector.fromArray(S, x, x0 + i);
            FloatVector q = FloatVector.fromArray(S, x, x0 + i + S.length());
            FloatVector r = FloatVector.fromArray(S, x, x0 + i + 2 * S.length());
            FloatVector s = FloatVector.fromArray(S, x, x0 + i + 3 * S.length());
            a = a.blend(p, p.compare(VectorOperators.GT, a));
            b = b.blend(q, q.compare(VectorOperators.GT, b));
            c = c.blend(r, r.compare(VectorOperators.GT, c));
            d = d.blend(s, s.compare(VectorOperators.GT, d));
        }
        for (; i <= size - S.length(); i += S.length()) {
            FloatVector p = FloatVector.fromArray(S, x, x0 + i);
            a = a.blend(p, p.compare(VectorOperators.GT, a));
        }
        if (i < size) {
            VectorMask<Float> rest = S.indexInRange(i, size);
            FloatVector p = FloatVector.fromArray(S, x, x0 + i, rest);
            b = b.blend(p, p.compare(VectorOperators.GT, b).and(rest));
        }
        a = a.blend(b, b.compare(VectorOperators.GT, a));
        c = c.blend(d, d.compare(VectorOperators.GT, c));
        a = a.blend(c, c.compare(VectorOperators.GT, a));
        // As integers of the same order, whose maximum is one instruction for each step of the tree; that of floats is
        // six.
        IntVector bits = a.reinterpretAsInts();
        IntVector flips = bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
        int largest = bits.lanewise(VectorOperators.XOR, flips).reduceLanes(VectorOperators.MAX);
        return Float.intBitsToFloat(largest ^ largest >> 31 >>> 1);
    }
}
