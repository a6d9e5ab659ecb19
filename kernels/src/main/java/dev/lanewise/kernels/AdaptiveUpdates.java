package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.AdaptiveLoops;
import dev.lanewise.kernels.micro.UpdateLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The updates of optimizers that give each parameter a step of its own, by the squares of its gradients so far. The
 * definitions are those of PyTorch 2 ({@code torch.optim.Adagrad}, {@code Adadelta} and {@code Adam} with {@code amsgrad},
 * as its documentation states them) without weight decay, which is a {@link Penalties penalty} here.
 *
 * <p>Hyperparameters are {@code double} and what is computed from them is rounded to float once. {@code fma} in an order
 * of operations is a fused multiply-add; square roots and divisions are rounded correctly.
 */
public final class AdaptiveUpdates {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private AdaptiveUpdates() {}

    /**
     * Adagrad (Duchi, Hazan and Singer, Adaptive Subgradient Methods, JMLR 12, 2011): {@code sum = sum + g²; w = w -
     * learningRate g / (sqrt(sum) + epsilon)}.
     *
     * <p>The order of operations: {@code sum = fma(g, g, sum)}, {@code w = fma(-learningRate, g / (sqrt(sum) + epsilon),
     * w)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param sum the state, same shape, zeros before the first step
     * @param learningRate at least 0, finite
     * @param epsilon added to the root, at least 0, finite; where it and the root are 0, a division by zero gives NaN
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void adagrad(
            Tensor w, Tensor g, Tensor sum, double learningRate, double epsilon, Parallelism parallelism) {
        Checks.finite("adagrad", "learning rate", learningRate);
        Checks.finite("adagrad", "epsilon", epsilon);
        UpdateChecks.gradient("adagrad", w, g);
        UpdateChecks.state("adagrad", w, g, "sum", sum);
        float rate = (float) learningRate;
        float least = (float) epsilon;
        // The loop of RMSProp with factors of 1, whose products are exact.
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> UpdateLoops.rmsProp(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        sum.array(),
                        sum.offset() + from,
                        to - from,
                        rate,
                        1,
                        1,
                        least));
    }

    /**
     * Adadelta (Zeiler, ADADELTA: An Adaptive Learning Rate Method, arXiv:1212.5701, 2012): {@code v = decay v + (1 -
     * decay) g²; d = g sqrt(u + epsilon) / sqrt(v + epsilon); u = decay u + (1 - decay) d²; w = w - learningRate d}.
     *
     * <p>The order of operations, {@code rest = 1 - decay} computed in double and rounded: {@code v = fma(rest g, g, decay
     * v)}, {@code d = sqrt(u + epsilon) / sqrt(v + epsilon) * g}, {@code u = fma(rest d, d, decay u)}, {@code w =
     * fma(-learningRate, d, w)}.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param v the mean of their squares, same shape, zeros before the first step
     * @param u the mean of the squares of the changes, same shape, zeros before the first step
     * @param learningRate at least 0, finite; the paper's is 1
     * @param decay how much of the state stays, PyTorch's rho; from 0 to 1
     * @param epsilon added under the roots, at least 0, finite; where it and v are 0, a division by zero gives NaN
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void adadelta(
            Tensor w,
            Tensor g,
            Tensor v,
            Tensor u,
            double learningRate,
            double decay,
            double epsilon,
            Parallelism parallelism) {
        Checks.finite("adadelta", "learning rate", learningRate);
        Checks.finite("adadelta", "epsilon", epsilon);
        UpdateChecks.decay("adadelta", decay);
        UpdateChecks.gradient("adadelta", w, g);
        UpdateChecks.state("adadelta", w, g, "v", v);
        UpdateChecks.state("adadelta", w, g, "u", u);
        Checks.apart("adadelta", "v", v, "u", u);
        float rate = (float) learningRate;
        float keep = (float) decay;
        float rest = (float) (1 - decay);
        float least = (float) epsilon;
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> AdaptiveLoops.adadelta(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        v.array(),
                        v.offset() + from,
                        u.array(),
                        u.offset() + from,
                        to - from,
                        rate,
                        keep,
                        rest,
                        least));
    }

    /**
     * AMSGrad (Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, ICLR 2018): Adam whose divisor never falls.
     * {@code m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; top = max(top, v); w = w - learningRate (m / c1) /
     * (sqrt(top / c2) + epsilon)} with {@code c1 = 1 - beta1^step} and {@code c2 = 1 - beta2^step}.
     *
     * <p>The order of operations is that of {@link Updates#adam}, with {@code top = max(top, v)} in place of v in {@code w =
     * fma(-rate, m / fma(sqrt(top), root, epsilon), w)}. The maximum is that of {@link Math#max(float, float)}: NaN stays.
     *
     * @param w the parameters, any shape
     * @param g their gradients, same shape
     * @param m the mean of the gradients, same shape, zeros before the first step
     * @param v the mean of their squares, same shape, zeros before the first step
     * @param top the largest v so far, same shape, zeros before the first step
     * @param learningRate at least 0, finite
     * @param beta1 how much of m stays, at least 0 and less than 1
     * @param beta2 how much of v stays, at least 0 and less than 1
     * @param epsilon added to the root, at least 0, finite; where it and the root are 0, a division by zero gives NaN
     * @param step the number of this step, from 1
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; nothing is changed then
     * @throws IllegalArgumentException if a number is out of range, or tensors overlap
     */
    public static void amsGrad(
            Tensor w,
            Tensor g,
            Tensor m,
            Tensor v,
            Tensor top,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            long step,
            Parallelism parallelism) {
        AdamTerms terms = AdamTerms.of("amsgrad", learningRate, beta1, beta2, epsilon, step);
        UpdateChecks.gradient("amsgrad", w, g);
        UpdateChecks.state("amsgrad", w, g, "m", m);
        UpdateChecks.state("amsgrad", w, g, "v", v);
        UpdateChecks.state("amsgrad", w, g, "top", top);
        Checks.apart("amsgrad", "m", m, "v", v);
        Checks.apart("amsgrad", "m", m, "top", top);
        Checks.apart("amsgrad", "v", v, "top", top);
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> AdaptiveLoops.amsGrad(
                        w.array(),
                        w.offset() + from,
                        g.array(),
                        g.offset() + from,
                        m.array(),
                        m.offset() + from,
                        v.array(),
                        v.offset() + from,
                        top.array(),
                        top.offset() + from,
                        to - from,
                        terms.rate(),
                        terms.keep1(),
                        terms.rest1(),
                        terms.keep2(),
                        terms.rest2(),
                        terms.root(),
                        terms.least()));
    }
}
