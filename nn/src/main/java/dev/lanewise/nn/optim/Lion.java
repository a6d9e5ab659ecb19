package dev.lanewise.nn.optim;

import dev.lanewise.kernels.DecoupledUpdates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Steps of one size, in the direction of a running mean of the gradient: Chen et al., "Symbolic Discovery of Optimization
 * Algorithms", arXiv:2302.06675 (2023), algorithm 2:
 *
 * <pre>
 *   c = beta1 m + (1 - beta1) g           m begins with 0
 *   w = (1 - learningRate weightDecay) w - learningRate sign(c)
 *   m = beta2 m + (1 - beta2) g
 * </pre>
 *
 * <p>The paper advises a learning rate 3 to 10 times smaller than Adam's, and a weight decay as many times larger. Only
 * parameters that are {@link Parameter#penalized} shrink, as with a {@link Penalty}. State: {@code mean.<parameter>}.
 */
public final class Lion extends ParameterOptimizer {
    /** The beta1 of the paper. */
    public static final double DEFAULT_BETA1 = 0.9;

    /** The beta2 of the paper. */
    public static final double DEFAULT_BETA2 = 0.99;

    /** No weight decay. */
    public static final double DEFAULT_WEIGHT_DECAY = 0;

    private final double beta1;
    private final double beta2;
    private final double weightDecay;
    private final List<Tensor> means;

    /**
     * Creates an optimizer with the paper's constants and no weight decay.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if the learning rate is out of range or NaN
     */
    public Lion(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_WEIGHT_DECAY);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param beta1 the share of the mean in the step; at least 0 and below 1
     * @param beta2 the share of the mean that is kept; at least 0 and below 1
     * @param weightDecay how fast weights shrink; at least 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public Lion(List<Parameter> parameters, double learningRate, double beta1, double beta2, double weightDecay) {
        super("lion", parameters, learningRate);
        this.beta1 = share("beta1", beta1);
        this.beta2 = share("beta2", beta2);
        this.weightDecay = notNegative("weight decay", weightDecay);
        this.means = remember("mean");
    }

    /**
     * Returns the share of the mean in the step.
     *
     * @return beta1, at least 0 and below 1
     */
    public double beta1() {
        return beta1;
    }

    /**
     * Returns the share of the mean that is kept.
     *
     * @return beta2, at least 0 and below 1
     */
    public double beta2() {
        return beta2;
    }

    /**
     * Returns how fast weights shrink.
     *
     * @return the weight decay, at least 0
     */
    public double weightDecay() {
        return weightDecay;
    }

    @Override
    void update(int index, Parameter parameter, long step, Parallelism parallelism) {
        DecoupledUpdates.lion(
                parameter.value(),
                parameter.gradient(),
                means.get(index),
                learningRate(),
                beta1,
                beta2,
                parameter.penalized() ? weightDecay : 0,
                parallelism);
    }
}
