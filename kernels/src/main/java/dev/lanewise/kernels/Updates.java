package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.UpdateLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The updates of optimizers: one pass over parameters, gradients and state. The definitions are those of PyTorch 2
 * ({@code torch.optim.SGD}, {@code RMSprop} and {@code Adam}, as its documentation states them) without weight decay,
 * which is a {@link Penalties penalty} here. Others are in {@link AdaptiveUpdates} and {@link DecoupledUpdates}.
 *
 * <p>Hyperparameters are {@code double} and what is computed from them is rounded to float once. {@code fma} in an order
 * of operations is a fused multiply-add; square roots and divisions are rounded correctly.
 */
public final class Updates {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private Updates() {}

    /**
     * Stochastic gradient descent with momentum: {@code velocity = momentum velocity + g; w = w - learningRate velocity}.
     *
     * <p>The order of operations: {@code velocity = fma(momentum, velocity, g)}, {@code w = fma(-learningRate, velocity,
     * w)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param velocity the state, same shape, zeros before the first step; neither read nor written if momentum is 0, and
     *     may be null then
     * @param learningRate at least 0, finite
     * @param momentum at least 0, finite
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, velocity is missing, or tensors overlap
     */
    public static void sgd(
            Tensor w, Tensor g, Tensor velocity, double learningRate, double momentum, Parallelism parallelism) {
        sgd(w, g, velocity, learningRate, momentum, false, parallelism);
    }

    /**
     * Stochastic gradient descent with momentum, as above, or with Nesterov's: {@code velocity = momentum velocity + g; w
     * = w - learningRate (g + momentum velocity)}.
     *
     * <p>The order of operations with Nesterov's: {@code velocity = fma(momentum, velocity, g)}, {@code w =
     * fma(-learningRate, fma(momentum, velocity, g), w)}. If momentum is 0, {@code w = fma(-learningRate, g, w)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param velocity the state, same shape, zeros before the first step; neither read nor written if momentum is 0, and
     *     may be null then
     * @param learningRate at least 0, finite
     * @param momentum at least 0, finite
     * @param nesterov whether the step looks one velocity ahead
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, velocity is missing, or tensors overlap
     */
    public static void sgd(
            Tensor w,
            Tensor g,
            Tensor velocity,
            double learningRate,
            double momentum,
            boolean nesterov,
            Parallelism parallelism) {
        Checks.finite("sgd", "learning rate", learningRate);
        Checks.finite("sgd", "momentum", momentum);
        UpdateChecks.gradient("sgd", w, g);
        float rate = (float) learningRate;
        if (momentum == 0) {
            parallelism.forRange(
                    w.size(),
                    GRAIN,
                    (from, to) -> UpdateLoops.sgd(
                            w.array(), w.offset() + from, g.array(), g.offset() + from, to - from, rate));
            return;
        }
        if (velocity == null) {
            throw new IllegalArgumentException(
                    "sgd: velocity is missing; it may be null only if momentum (" + momentum + ") is 0");
        }
        UpdateChecks.state("sgd", w, g, "velocity", velocity);
        float inertia = (float) momentum;
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> UpdateLoops.momentum(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        velocity.array(),
                        velocity.offset() + from,
                        to - from,
                        rate,
                        inertia,
                        nesterov));
    }

    /**
     * RMSProp: {@code meanSquare = decay meanSquare + (1 - decay) g²; w = w - learningRate g / (sqrt(meanSquare) +
     * epsilon)}.
     *
     * <p>The order of operations, {@code rest = 1 - decay} computed in double and rounded: {@code meanSquare = fma(rest g,
     * g, decay meanSquare)}, {@code w = fma(-learningRate, g / (sqrt(meanSquare) + epsilon), w)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param meanSquare the state, same shape, zeros before the first step
     * @param learningRate at least 0, finite
     * @param decay how much of the state stays, PyTorch's alpha; from 0 to 1
     * @param epsilon added to the root, at least 0, finite; where it and the root are 0, a division by zero gives NaN
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void rmsProp(
            Tensor w,
            Tensor g,
            Tensor meanSquare,
            double learningRate,
            double decay,
            double epsilon,
            Parallelism parallelism) {
        Checks.finite("rmsprop", "learning rate", learningRate);
        Checks.finite("rmsprop", "epsilon", epsilon);
        UpdateChecks.decay("rmsprop", decay);
        UpdateChecks.gradient("rmsprop", w, g);
        UpdateChecks.state("rmsprop", w, g, "mean square", meanSquare);
        float rate = (float) learningRate;
        float keep = (float) decay;
        float rest = (float) (1 - decay);
        float least = (float) epsilon;
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> UpdateLoops.rmsProp(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        meanSquare.array(),
                        meanSquare.offset() + from,
                        to - from,
                        rate,
                        keep,
                        rest,
                        least));
    }

    /**
     * Adam (Kingma and Ba, 2015): {@code m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w = w - learningRate
     * (m / c1) / (sqrt(v / c2) + epsilon)} with {@code c1 = 1 - beta1^step} and {@code c2 = 1 - beta2^step}.
     *
     * <p>Computed in double ({@code StrictMath.pow}) and rounded once: {@code rate = learningRate / c1}, {@code root = 1 /
     * sqrt(c2)}, {@code rest1 = 1 - beta1}, {@code rest2 = 1 - beta2}. The order of operations: {@code m = fma(rest1, g,
     * beta1 m)}, {@code v = fma(rest2 g, g, beta2 v)}, {@code w = fma(-rate, m / fma(sqrt(v), root, epsilon), w)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param m the mean of the gradients, same shape, zeros before the first step
     * @param v the mean of their squares, same shape, zeros before the first step
     * @param learningRate at least 0, finite
     * @param beta1 how much of m stays, at least 0 and less than 1
     * @param beta2 how much of v stays, at least 0 and less than 1
     * @param epsilon added to the root, at least 0, finite; where it and the root are 0, a division by zero gives NaN
     * @param step the number of this step, from 1
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void adam(
            Tensor w,
            Tensor g,
            Tensor m,
            Tensor v,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            long step,
            Parallelism parallelism) {
        DecoupledUpdates.adam("adam", w, g, m, v, learningRate, beta1, beta2, epsilon, 0, step, parallelism);
    }
}
