package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the optimizers' updates that {@link UpdateLoops} has not.
 *
 * <p>Assumed: the ranges lie within their arrays and share no element. The last elements that fill no vector go through
 * the same operations under a mask. Nothing outside is read or written. All loops are bound by memory.
 */
public final class AdaptiveLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private AdaptiveLoops() {}

    /**
     * Computes {@code v = fma(rest g, g, keep v)}, {@code d = sqrt(u + epsilon) / sqrt(v + epsilon) * g}, {@code u =
     * fma(rest d, d, keep u)}, {@code w = fma(-rate, d, w)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param v means of their squares
     * @param v0 index of the first
     * @param u means of the squares of changes
     * @param u0 index of the first
     * @param size how many
     * @param rate the learning rate
     * @param keep how much of a mean stays
     * @param rest how much of a new square is added
     * @param epsilon added under the roots
     */
    public static void adadelta(
            float[] w,
            int w0,
            float[] g,
            int g0,
            float[] v,
            int v0,
            float[] u,
            int u0,
            int size,
            float rate,
            float keep,
            float rest,
            float epsilon) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            FloatVector square = slope.mul(rest)
                    .fma(slope, FloatVector.fromArray(S, v, v0 + i).mul(keep));
            FloatVector change = FloatVector.fromArray(S, u, u0 + i);
            FloatVector step =
                    change.add(epsilon).sqrt().div(square.add(epsilon).sqrt()).mul(slope);
            change = step.mul(rest).fma(step, change.mul(keep));
            square.intoArray(v, v0 + i);
            change.intoArray(u, u0 + i);
            down.fma(step, FloatVector.fromArray(S, w, w0 + i)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> tail = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, tail);
            FloatVector square = slope.mul(rest)
                    .fma(slope, FloatVector.fromArray(S, v, v0 + whole, tail).mul(keep));
            FloatVector change = FloatVector.fromArray(S, u, u0 + whole, tail);
            FloatVector step =
                    change.add(epsilon).sqrt().div(square.add(epsilon).sqrt()).mul(slope);
            change = step.mul(rest).fma(step, change.mul(keep));
            square.intoArray(v, v0 + whole, tail);
            change.intoArray(u, u0 + whole, tail);
            down.fma(step, FloatVector.fromArray(S, w, w0 + whole, tail)).intoArray(w, w0 + whole, tail);
        }
    }

    /**
     * Computes {@code m = fma(rest1, g, keep1 m)}, {@code v = fma(rest2 g, g, keep2 v)}, {@code t = max(t, v)}, {@code w =
     * fma(-rate, m / fma(sqrt(t), root, epsilon), w)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param m means of the gradients
     * @param m0 index of the first
     * @param v means of their squares
     * @param v0 index of the first
     * @param t largest of those so far
     * @param t0 index of the first
     * @param size how many
     * @param rate the learning rate, corrected for the bias of m
     * @param keep1 how much of m stays
     * @param rest1 how much of a new gradient is added
     * @param keep2 how much of v stays
     * @param rest2 how much of a new square is added
     * @param root corrects the root for the bias of v
     * @param epsilon added to the root
     */
    public static void amsGrad(
            float[] w,
            int w0,
            float[] g,
            int g0,
            float[] m,
            int m0,
            float[] v,
            int v0,
            float[] t,
            int t0,
            int size,
            float rate,
            float keep1,
            float rest1,
            float keep2,
            float rest2,
            float root,
            float epsilon) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            FloatVector mean = slope.fma(
                    FloatVector.broadcast(S, rest1),
                    FloatVector.fromArray(S, m, m0 + i).mul(keep1));
            FloatVector square = slope.mul(rest2)
                    .fma(slope, FloatVector.fromArray(S, v, v0 + i).mul(keep2));
            FloatVector top = FloatVector.fromArray(S, t, t0 + i).max(square);
            mean.intoArray(m, m0 + i);
            square.intoArray(v, v0 + i);
            top.intoArray(t, t0 + i);
            FloatVector step = mean.div(top.sqrt().fma(root, epsilon));
            down.fma(step, FloatVector.fromArray(S, w, w0 + i)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> tail = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, tail);
            FloatVector mean = slope.fma(
                    FloatVector.broadcast(S, rest1),
                    FloatVector.fromArray(S, m, m0 + whole, tail).mul(keep1));
            FloatVector square = slope.mul(rest2)
                    .fma(slope, FloatVector.fromArray(S, v, v0 + whole, tail).mul(keep2));
            FloatVector top = FloatVector.fromArray(S, t, t0 + whole, tail).max(square);
            mean.intoArray(m, m0 + whole, tail);
            square.intoArray(v, v0 + whole, tail);
            top.intoArray(t, t0 + whole, tail);
            FloatVector step = mean.div(top.sqrt().fma(root, epsilon));
            down.fma(step, FloatVector.fromArray(S, w, w0 + whole, tail)).intoArray(w, w0 + whole, tail);
        }
    }

    /**
     * Computes {@code c = fma(rest1, g, keep1 m)}, {@code w = fma(-rate, sign(c), stay w)}, {@code m = fma(rest2, g, keep2
     * m)}; the sign of a zero is that zero, that of NaN is NaN.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param m means of the gradients
     * @param m0 index of the first
     * @param size how many
     * @param rate the learning rate
     * @param keep1 how much of m counts in the step
     * @param rest1 how much of the gradient does
     * @param keep2 how much of m stays
     * @param rest2 how much of a new gradient is added
     * @param stay how much of w stays
     */
    public static void lion(
            float[] w,
            int w0,
            float[] g,
            int g0,
            float[] m,
            int m0,
            int size,
            float rate,
            float keep1,
            float rest1,
            float keep2,
            float rest2,
            float stay) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            FloatVector mean = FloatVector.fromArray(S, m, m0 + i);
            FloatVector step = slope.fma(FloatVector.broadcast(S, rest1), mean.mul(keep1));
            FloatVector sign = step.blend(1f, step.compare(VectorOperators.GT, 0f))
                    .blend(-1f, step.compare(VectorOperators.LT, 0f));
            slope.fma(FloatVector.broadcast(S, rest2), mean.mul(keep2)).intoArray(m, m0 + i);
            down.fma(sign, FloatVector.fromArray(S, w, w0 + i).mul(stay)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> tail = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, tail);
            FloatVector mean = FloatVector.fromArray(S, m, m0 + whole, tail);
            FloatVector step = slope.fma(FloatVector.broadcast(S, rest1), mean.mul(keep1));
            FloatVector sign = step.blend(1f, step.compare(VectorOperators.GT, 0f))
                    .blend(-1f, step.compare(VectorOperators.LT, 0f));
            slope.fma(FloatVector.broadcast(S, rest2), mean.mul(keep2)).intoArray(m, m0 + whole, tail);
            down.fma(sign, FloatVector.fromArray(S, w, w0 + whole, tail).mul(stay))
                    .intoArray(w, w0 + whole, tail);
        }
    }
}
