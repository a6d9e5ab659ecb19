package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ActivationLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Applies an {@link Activation} to every element, forward and backward.
 *
 * <p>Largest errors over all floats, against {@code double}: sigmoid 1.01 ulp, subnormal results included; tanh 1.3 ulp,
 * and {@code tanh(-x)} is {@code -tanh(x)} to the bit; ReLU is exact. An element's bits do not depend on its neighbours,
 * its place, the threads or the vector width.
 */
public final class Activations {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private Activations() {}

    /**
     * Computes {@code y(i) = f(x(i))}.
     *
     * @param f the activation
     * @param x the inputs, any shape
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements
     */
    public static void forward(Activation f, Tensor x, Tensor y, Parallelism parallelism) {
        Checks.sameShape("activation", "x", x, "y", y);
        Checks.sameOrApart("activation", "x", x, "y", y);
        float[] source = x.array();
        float[] target = y.array();
        int x0 = x.offset();
        int y0 = y.offset();
        parallelism.forRange(x.size(), GRAIN, (from, to) -> apply(f, source, x0 + from, target, y0 + from, to - from));
    }

    /**
     * Computes {@code dx(i) = dy(i) f'(x(i))} from {@code y(i) = f(x(i))}.
     *
     * <p>The order of operations: ReLU, {@code dy} or +0; sigmoid, {@code dy * fma(-y, y, y)}; tanh,
     * {@code dy * fma(-y, y, 1)}. Where y is NaN, so is dx, but for the
     * identity.
     *
     * @param f the activation
     * @param y the results of the forward pass, any shape
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be y or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps y or dy without being the same elements
     */
    public static void gradient(Activation f, Tensor y, Tensor dy, Tensor dx, Parallelism parallelism) {
        Checks.sameShape("activation gradient", "y", y, "dy", dy);
        Checks.sameShape("activation gradient", "y", y, "dx", dx);
        Checks.sameOrApart("activation gradient", "y", y, "dx", dx);
        Checks.sameOrApart("activation gradient", "dy", dy, "dx", dx);
        parallelism.forRange(
                y.size(),
                GRAIN,
                (from, to) -> applyGradient(
                        f,
                        y.array(),
                        y.offset() + from,
                        dy.array(),
                        dy.offset() + from,
                        dx.array(),
                        dx.offset() + from,
                        to - from));
    }

    /**
     * Applies an activation in place on the calling thread: what a fused kernel does to rows that are still in cache.
     *
     * @param f the activation
     * @param array holds the elements
     * @param from index of the first element
     * @param to index after the last element
     */
    static void applyRange(Activation f, float[] array, int from, int to) {
        assert 0 <= from && from <= to && to <= array.length;
        apply(f, array, from, array, from, to - from);
    }

    private static void apply(Activation f, float[] x, int x0, float[] y, int y0, int size) {
        switch (f) {
            case IDENTITY -> copy(x, x0, y, y0, size);
            case RELU -> ActivationLoops.relu(x, x0, y, y0, size);
            case SIGMOID -> ActivationLoops.sigmoid(x, x0, y, y0, size);
            case TANH -> ActivationLoops.tanh(x, x0, y, y0, size);
        }
    }

    private static void applyGradient(
            Activation f, float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size) {
        switch (f) {
            case IDENTITY -> copy(dy, dy0, dx, dx0, size);
            case RELU -> ActivationLoops.reluGradient(y, y0, dy, dy0, dx, dx0, size);
            case SIGMOID -> ActivationLoops.sigmoidGradient(y, y0, dy, dy0, dx, dx0, size);
            case TANH -> ActivationLoops.tanhGradient(y, y0, dy, dy0, dx, dx0, size);
        }
    }

    private static void copy(float[] x, int x0, float[] y, int y0, int size) {
        if (x != y || x0 != y0) {
            System.arraycopy(x, x0, y, y0, size);
        }
    }
}
