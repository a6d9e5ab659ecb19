package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.BiasLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/** The sum of two tensors of one shape, and an activation of it: where two branches of a network meet. */
public final class Addition {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private Addition() {}

    /**
     * Computes {@code y[i] = f(a[i] + b[i])}. The gradient with respect to either is that of f.
     *
     * @param a any shape
     * @param b same shape as a
     * @param f the activation, {@link Activation#IDENTITY} for none
     * @param y receives the results, same shape as a; may be a, b, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if y overlaps a or b without being the same elements
     */
    public static void forward(Tensor a, Tensor b, Activation f, Tensor y, Parallelism parallelism) {
        Checks.sameShape("addition", "a", a, "b", b);
        Checks.sameShape("addition", "a", a, "y", y);
        Checks.sameOrApart("addition", "a", a, "y", y);
        Checks.sameOrApart("addition", "b", b, "y", y);
        parallelism.forRange(a.size(), GRAIN, (from, to) -> {
            int y0 = y.offset() + from;
            // One row: each element of b is the bias of its own channel.
            BiasLoops.add(a.array(), a.offset() + from, b.array(), b.offset() + from, y.array(), y0, 1, to - from);
            if (f != Activation.IDENTITY) {
                Activations.applyRange(f, y.array(), y0, y.offset() + to);
            }
        });
    }
}
