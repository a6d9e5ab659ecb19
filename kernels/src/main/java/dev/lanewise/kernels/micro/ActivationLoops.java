package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
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
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            VectorMath.sigmoid(FloatVector.fromArray(S, x, x0 + i)).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            VectorMath.sigmoid(FloatVector.fromArray(S, x, x0 + whole, rest)).intoArray(y, y0 + whole, rest);
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
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            VectorMath.tanh(FloatVector.fromArray(S, x, x0 + i)).intoArray(y, y0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            VectorMath.tanh(FloatVector.fromArray(S, x, x0 + whole, rest)).intoArray(y, y0 + whole, rest);
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
