package dev.lanewise.nn.optim;

import dev.lanewise.kernels.AdaptiveUpdates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Steps divided by the root of the sum of the squared gradients so far: Duchi, Hazan and Singer, "Adaptive Subgradient
 * Methods for Online Learning and Stochastic Optimization", JMLR 12 (2011), as PyTorch's {@code Adagrad} defines it:
 *
 * <pre>
 *   s = s + g²          s begins with 0
 *   w = w - learningRate g / (sqrt(s) + epsilon)
 * </pre>
 *
 * <p>State: {@code squareSum.<parameter>}.
 */
public final class Adagrad extends ParameterOptimizer {
    /** The epsilon of PyTorch. */
    public static final double DEFAULT_EPSILON = 1e-10;

    private final double epsilon;
    private final List<Tensor> squareSums;

    /**
     * Creates an optimizer with the default epsilon.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if the learning rate is out of range or NaN
     */
    public Adagrad(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, DEFAULT_EPSILON);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param epsilon added to the root; above 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public Adagrad(List<Parameter> parameters, double learningRate, double epsilon) {
        super("adagrad", parameters, learningRate);
        this.epsilon = positive("epsilon", epsilon);
        this.squareSums = remember("squareSum");
    }

    /**
     * Returns what is added to the root.
     *
     * @return epsilon, above 0
     */
    public double epsilon() {
        return epsilon;
    }

    @Override
    void update(int index, Parameter parameter, long step, Parallelism parallelism) {
        AdaptiveUpdates.adagrad(
                parameter.value(), parameter.gradient(), squareSums.get(index), learningRate(), epsilon, parallelism);
    }
}
