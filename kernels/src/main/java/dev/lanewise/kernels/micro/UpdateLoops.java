package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the optimizers' updates.
 *
 * <p>Assumed: the ranges lie within their arrays and share no element. The last elements that fill no vector go through
 * the same operations under a mask. Nothing outside is read or written. All loops are bound by memory.
 */
public final class UpdateLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private UpdateLoops() {}

    /**
     * Computes {@code w = fma(-rate, g, w)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param size how many
     * @param rate the learning rate
     */
    public static void sgd(float[] w, int w0, float[] g, int g0, int size, float rate) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            down.fma(slope, FloatVector.fromArray(S, w, w0 + i)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, rest);
            down.fma(slope, FloatVector.fromArray(S, w, w0 + whole, rest)).intoArray(w, w0 + whole, rest);
        }
    }

    /**
     * Computes {@code v = fma(momentum, v, g)}, {@code w = fma(-rate, v, w)}, or with Nesterov's momentum {@code w =
     * fma(-rate, fma(momentum, v, g), w)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param v velocities
     * @param v0 index of the first
     * @param size how many
     * @param rate the learning rate
     * @param momentum how much of a velocity stays
     * @param nesterov which
     */
    public static void momentum(
            float[] w,
            int w0,
            float[] g,
            int g0,
            float[] v,
            int v0,
            int size,
            float rate,
            float momentum,
            boolean nesterov) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        FloatVector inertia = FloatVector.broadcast(S, momentum);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            FloatVector velocity = inertia.fma(FloatVector.fromArray(S, v, v0 + i), slope);
            velocity.intoArray(v, v0 + i);
            FloatVector step = nesterov ? inertia.fma(velocity, slope) : velocity;
            down.fma(step, FloatVector.fromArray(S, w, w0 + i)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, rest);
            FloatVector velocity = inertia.fma(FloatVector.fromArray(S, v, v0 + whole, rest), slope);
            velocity.intoArray(v, v0 + whole, rest);
            FloatVector step = nesterov ? inertia.fma(velocity, slope) : velocity;
            down.fma(step, FloatVector.fromArray(S, w, w0 + whole, rest)).intoArray(w, w0 + whole, rest);
        }
    }

    /**
     * Computes {@code s = fma(rest g, g, keep s)}, {@code w = fma(-rate, g / (sqrt(s) + epsilon), w)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param s means of their squares
     * @param s0 index of the first
     * @param size how many
     * @param rate the learning rate
     * @param keep how much of a mean stays
     * @param rest how much of a new square is added
     * @param epsilon added to the root
     */
    public static void rmsProp(
            float[] w,
            int w0,
            float[] g,
            int g0,
            float[] s,
            int s0,
            int size,
            float rate,
            float keep,
            float rest,
            float epsilon) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            FloatVector mean = FloatVector.fromArray(S, s, s0 + i).mul(keep);
            mean = slope.mul(rest).fma(slope, mean);
            mean.intoArray(s, s0 + i);
            FloatVector step = slope.div(mean.sqrt().add(epsilon));
            down.fma(step, FloatVector.fromArray(S, w, w0 + i)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> tail = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, tail);
            FloatVector mean = FloatVector.fromArray(S, s, s0 + whole, tail).mul(keep);
            mean = slope.mul(rest).fma(slope, mean);
            mean.intoArray(s, s0 + whole, tail);
            FloatVector step = slope.div(mean.sqrt().add(epsilon));
            down.fma(step, FloatVector.fromArray(S, w, w0 + whole, tail)).intoArray(w, w0 + whole, tail);
        }
    }

    /**
     * Computes {@code m = fma(rest1, g, keep1 m)}, {@code v = fma(rest2 g, g, keep2 v)}, {@code w = fma(-rate, m /
     * fma(sqrt(v), root, epsilon), stay w)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param m means of the gradients
     * @param m0 index of the first
     * @param v means of their squares
     * @param v0 index of the first
     * @param size how many
     * @param rate the learning rate, corrected for the bias of m
     * @param keep1 how much of m stays
     * @param rest1 how much of a new gradient is added
     * @param keep2 how much of v stays
     * @param rest2 how much of a new square is added
     * @param root corrects the root for the bias of v
     * @param epsilon added to the root
     * @param stay how much of w stays; with 1 the product is w itself
     */
    public static void adam(
            float[] w,
            int w0,
            float[] g,
            int g0,
            float[] m,
            int m0,
            float[] v,
            int v0,
            int size,
            float rate,
            float keep1,
            float rest1,
            float keep2,
            float rest2,
            float root,
            float epsilon,
            float stay) {
        int whole = S.loopBound(size);
        FloatVector down = FloatVector.broadcast(S, -rate);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector slope = FloatVector.fromArray(S, g, g0 + i);
            FloatVector mean = slope.fma(
                    FloatVector.broadcast(S, rest1),
                    FloatVector.fromArray(S, m, m0 + i).mul(keep1));
            FloatVector square = slope.mul(rest2)
                    .fma(slope, FloatVector.fromArray(S, v, v0 + i).mul(keep2));
            mean.intoArray(m, m0 + i);
            square.intoArray(v, v0 + i);
            FloatVector step = mean.div(square.sqrt().fma(root, epsilon));
            down.fma(step, FloatVector.fromArray(S, w, w0 + i).mul(stay)).intoArray(w, w0 + i);
        }
        if (whole < size) {
            VectorMask<Float> tail = S.indexInRange(whole, size);
            FloatVector slope = FloatVector.fromArray(S, g, g0 + whole, tail);
            FloatVector mean = slope.fma(
                    FloatVector.broadcast(S, rest1),
                    FloatVector.fromArray(S, m, m0 + whole, tail).mul(keep1));
            FloatVector square = slope.mul(rest2)
                    .fma(slope, FloatVector.fromArray(S, v, v0 + whole, tail).mul(keep2));
            mean.intoArray(m, m0 + whole, tail);
            square.intoArray(v, v0 + whole, tail);
            FloatVector step = mean.div(square.sqrt().fma(root, epsilon));
            down.fma(step, FloatVector.fromArray(S, w, w0 + whole, tail).mul(stay))
                    .intoArray(w, w0 + whole, tail);
        }
    }
}
