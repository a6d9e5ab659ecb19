package dev.lanewise.kernels.micro;

import static dev.lanewise.kernels.micro.ElementaryFunctions.*;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Losses on a chunk of elements, with their gradients.
 *
 * <p>Assumed of every loop: the ranges lie within their arrays; the range that is written is one of those that are
 * read, or shares no element with them.
 */
public final class LossLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private LossLoops() {}

    /**
     * Computes the loss {@code max(x, 0) - x t + log(1 + exp(-|x|))} of each element and
     * {@code g = (sigmoid(x) - t) * share}.
     *
     * @param x logits
     * @param x0 index of the first logit
     * @param t targets
     * @param t0 index of the first target
     * @param g receives the gradient
     * @param g0 index of its first element
     * @param size how many
     * @param share what the gradient is multiplied by
     * @param scratch room for {@link #scratch} floats, apart from the ranges
     * @param scratch0 index of the first float of scratch
     * @return the sum of the losses over virtual lanes
     */
    public static float binaryCrossEntropy(
            float[] x,
            int x0,
            float[] t,
            int t0,
            float[] g,
            int g0,
            int size,
            float share,
            float[] scratch,
            int scratch0) {
        int values = scratch0 + VirtualLanes.COUNT;
        logisticLoss(x, x0, t, t0, scratch, values, size);
        float loss = VirtualLanes.sum(scratch, values, size, scratch, scratch0);
        ElementLoops.sigmoid(x, x0, scratch, values, size);
        difference(scratch, values, t, t0, g, g0, size, share);
        return loss;
    }

    /**
     * Computes {@code d²} for {@code d = x - t}, and {@code g = d * share}.
     *
     * @param x predictions
     * @param x0 index of the first prediction
     * @param t targets
     * @param t0 index of the first target
     * @param g receives the gradient
     * @param g0 index of its first element
     * @param size how many
     * @param share what the gradient is multiplied by
     * @param scratch room for {@link #scratch} floats, apart from the ranges
     * @param scratch0 index of the first float of scratch
     * @return the sum of the squares over virtual lanes, each added by a fused multiply-add
     */
    public static float squaredError(
            float[] x,
            int x0,
            float[] t,
            int t0,
            float[] g,
            int g0,
            int size,
            float share,
            float[] scratch,
            int scratch0) {
        int values = scratch0 + VirtualLanes.COUNT;
        difference(x, x0, t, t0, scratch, values, size, 1f);
        difference(x, x0, t, t0, g, g0, size, share);
        return VirtualLanes.dot(scratch, values, scratch, values, size, scratch, scratch0);
    }

    /**
     * Returns how much scratch a chunk needs.
     *
     * @param size the elements of the chunk
     * @return the number of floats
     */
    public static int scratch(int size) {
        return VirtualLanes.COUNT + size;
    }

    /** Computes {@code y = max(x, 0) - x t + log(1 + exp(-|x|))} as {@code fma(-x, t, max(x, 0)) + log}. */
    private static void logisticLoss(float[] x, int x0, float[] t, int t0, float[] y, int y0, int size) {
        for (int i = 0; i < size; i += S.length()) {
            boolean whole = i <= size - S.length();
            FloatVector v = whole
                    ? FloatVector.fromArray(S, x, x0 + i)
                    : FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size));
            FloatVector target = whole
                    ? FloatVector.fromArray(S, t, t0 + i)
                    : FloatVector.fromArray(S, t, t0 + i, S.indexInRange(i, size));
            FloatVector u = v.abs().neg();
            FloatVector bounded = u.blend(LOWEST, u.compare(VectorOperators.LT, LOWEST));
            FloatVector k = bounded.fma(LOG2_E, ROUNDER);
            FloatVector n = k.sub(ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), bounded);
            r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
            FloatVector c = r.fma(EXP_6, EXP_5);
            c = c.fma(r, FloatVector.broadcast(S, EXP_4));
            c = c.fma(r, FloatVector.broadcast(S, EXP_3));
            c = c.fma(r, FloatVector.broadcast(S, EXP_2));
            FloatVector w = r.mul(r).fma(c, r);
            IntVector bits =
                    k.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(SCALE);
            FloatVector s = bits.reinterpretAsFloats();
            FloatVector z = w.add(1f).mul(s).mul(UNSCALE);
            VectorMask<Float> high = z.compare(VectorOperators.GT, 0.5f);
            FloatVector f = z.blend(z.sub(1f).mul(0.5f), high);
            FloatVector p = f.fma(LOG_10, LOG_9);
            p = p.fma(f, FloatVector.broadcast(S, LOG_8));
            p = p.fma(f, FloatVector.broadcast(S, LOG_7));
            p = p.fma(f, FloatVector.broadcast(S, LOG_6));
            p = p.fma(f, FloatVector.broadcast(S, LOG_5));
            p = p.fma(f, FloatVector.broadcast(S, LOG_4));
            p = p.fma(f, FloatVector.broadcast(S, LOG_3));
            p = p.fma(f, FloatVector.broadcast(S, LOG_2));
            FloatVector log = f.mul(f).fma(p, f).add(FloatVector.zero(S).blend(LN2_HIGH, high));
            FloatVector positive = v.blend(0f, v.compare(VectorOperators.LE, 0f));
            FloatVector result = v.neg().fma(target, positive).add(log);
            if (whole) {
                result.intoArray(y, y0 + i);
            } else {
                result.intoArray(y, y0 + i, S.indexInRange(i, size));
            }
        }
    }

    /** Computes {@code y = (x - t) * factor}. */
    private static void difference(float[] x, int x0, float[] t, int t0, float[] y, int y0, int size, float factor) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector target = FloatVector.fromArray(S, t, t0 + i);
            FloatVector.fromArray(S, x, x0 + i).sub(target).mul(factor).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector target = FloatVector.fromArray(S, t, t0 + whole, rest);
            FloatVector.fromArray(S, x, x0 + whole, rest)
                    .sub(target)
                    .mul(factor)
                    .intoArray(y, y0 + whole, rest);
        }
    }
}
