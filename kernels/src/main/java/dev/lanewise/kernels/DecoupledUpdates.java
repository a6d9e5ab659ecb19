package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.AdaptiveLoops;
import dev.lanewise.kernels.micro.UpdateLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The updates of optimizers whose weight decay is no part of the gradient: the parameters shrink by a factor in each step
 * (Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019).
 *
 * <p>Hyperparameters are {@code double} and what is computed from them is rounded to float once: {@code stay = 1 -
 * learningRate weightDecay}. {@code fma} in an order of operations is a fused multiply-add; square roots and divisions
 * are rounded correctly.
 */
public final class DecoupledUpdates {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private DecoupledUpdates() {}

    /**
     * AdamW, as PyTorch 2's {@code torch.optim.AdamW} defines it: {@code w = (1 - learningRate weightDecay) w}, then Adam.
     *
     * <p>The order of operations is that of {@link Updates#adam}, with {@code stay w} in place of w in {@code w = fma(-rate,
     * m / fma(sqrt(v), root, epsilon), stay w)}; without decay, the same bits.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param m the mean of the gradients, same shape, zeros before the first step
     * @param v the mean of their squares, same shape, zeros before the first step
     * @param learningRate at least 0, finite
     * @param beta1 how much of m stays, at least 0 and less than 1
     * @param beta2 how much of v stays, at least 0 and less than 1
     * @param epsilon added to the root, at least 0, finite; where it and the root are 0, a division by zero gives NaN
     * @param weightDecay at least 0, finite; times the learning rate at most 1
     * @param step the number of this step, from 1
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void adamW(
            Tensor w,
            Tensor g,
            Tensor m,
            Tensor v,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step,
            Parallelism parallelism) {
        adam("adamw", w, g, m, v, learningRate, beta1, beta2, epsilon, weightDecay, step, parallelism);
    }

    /** Adam with and without decay. */
    static void adam(
            String operation,
            Tensor w,
            Tensor g,
            Tensor m,
            Tensor v,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step,
            Parallelism parallelism) {
        AdamTerms terms = AdamTerms.of(operation, learningRate, beta1, beta2, epsilon, step);
        float stay = UpdateChecks.stay(operation, learningRate, weightDecay);
        UpdateChecks.gradient(operation, w, g);
        UpdateChecks.state(operation, w, g, "m", m);
        UpdateChecks.state(operation, w, g, "v", v);
        Checks.apart(operation, "m", m, "v", v);
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> UpdateLoops.adam(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        m.array(),
                        m.offset() + from,
                        v.array(),
                        v.offset() + from,
                        to - from,
                        terms.rate(),
                        terms.keep1(),
                        terms.rest1(),
                        terms.keep2(),
                        terms.rest2(),
                        terms.root(),
                        terms.least(),
                        stay));
    }

    /**
     * Lion (Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675, 2023, algorithm 2): {@code c =
     * beta1 m + (1 - beta1) g; w = (1 - learningRate weightDecay) w - learningRate sign(c); m = beta2 m + (1 - beta2) g}.
     *
     * <p>The order of operations: {@code c = fma(rest1, g, beta1 m)}, {@code w = fma(-learningRate, sign(c), stay w)},
     * {@code m = fma(rest2, g, beta2 m)}; {@code rest = 1 - beta} computed in double and rounded. The sign of a zero is that
     * zero, that of NaN is NaN, as in {@link Math#signum(float)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param m the mean of the gradients, same shape, zeros before the first step
     * @param learningRate at least 0, finite
     * @param beta1 how much of m counts in the step, at least 0 and less than 1
     * @param beta2 how much of m stays, at least 0 and less than 1
     * @param weightDecay at least 0, finite; times the learning rate at most 1
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void lion(
            Tensor w,
            Tensor g,
            Tensor m,
            double learningRate,
            double beta1,
            double beta2,
            double weightDecay,
            Parallelism parallelism) {
        Checks.finite("lion", "learning rate", learningRate);
        UpdateChecks.beta("lion", "beta1", beta1);
        UpdateChecks.beta("lion", "beta2", beta2);
        float stay = UpdateChecks.stay("lion", learningRate, weightDecay);
        UpdateChecks.gradient("lion", w, g);
        UpdateChecks.state("lion", w, g, "m", m);
        float rate = (float) learningRate;
        float keep1 = (float) beta1;
        float rest1 = (float) (1 - beta1);
        float keep2 = (float) beta2;
        float rest2 = (float) (1 - beta2);
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> AdaptiveLoops.lion(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        m.array(),
                        m.offset() + from,
                        to - from,
                        rate,
                        keep1,
                        rest1,
                        keep2,
                        rest2,
                        stay));
    }
}
