package dev.lanewise.nn.optim;

import dev.lanewise.kernels.DecoupledUpdates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import java.util.List;

/**
 * {@link Adam} with weights that shrink by themselves, not through the gradient: Loshchilov and Hutter, "Decoupled Weight
 * Decay Regularization", ICLR 2019, as PyTorch's {@code AdamW} defines it:
 *
 * <pre>
 *   w = (1 - learningRate weightDecay) w
 *   m = beta1 m + (1 - beta1) g           m begins with 0
 *   v = beta2 v + (1 - beta2) g²          v begins with 0
 *   w = w - learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>where {@code t} is the number of the step, the first is 1. Only parameters that are {@link Parameter#penalized} shrink,
 * as with a {@link Penalty}; PyTorch's shrinks all it is given, biases too. State: {@code mean.<parameter>} and {@code
 * meanSquare.<parameter>}.
 */
public final class AdamW extends MomentOptimizer {
    /** The beta1 of PyTorch. */
    public static final double DEFAULT_BETA1 = 0.9;

    /** The beta2 of PyTorch. */
    public static final double DEFAULT_BETA2 = 0.999;

    /** The epsilon of PyTorch. */
    public static final double DEFAULT_EPSILON = 1e-8;

    /** The weight decay of PyTorch. */
    public static final double DEFAULT_WEIGHT_DECAY = 0.01;

    private final double weightDecay;

    /**
     * Creates an optimizer with the constants of PyTorch.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if the learning rate is out of range or NaN
     */
    public AdamW(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON, DEFAULT_WEIGHT_DECAY);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param beta1 the share of the mean that is kept; at least 0 and below 1
     * @param beta2 the share of the mean square that is kept; at least 0 and below 1
     * @param epsilon added to the root; above 0 and finite
     * @param weightDecay how fast weights shrink; at least 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public AdamW(
            List<Parameter> parameters,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay) {
        super("adamw", parameters, learningRate, beta1, beta2, epsilon);
        this.weightDecay = notNegative("weight decay", weightDecay);
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
        DecoupledUpdates.adamW(
                parameter.value(),
                parameter.gradient(),
                means.get(index),
                meanSquares.get(index),
                learningRate(),
                beta1(),
                beta2(),
                epsilon(),
                parameter.penalized() ? weightDecay : 0,
                step,
                parallelism);
    }
}
