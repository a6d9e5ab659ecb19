package dev.lanewise.nn.optim;

import dev.lanewise.kernels.Updates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Steps divided by the running root mean square of the gradient: Tieleman and Hinton, Coursera lecture 6.5, 2012, as
 * PyTorch's {@code RMSprop} defines it:
 *
 * <pre>
 *   s = decay s + (1 - decay) g²          s begins with 0
 *   w = w - learningRate g / (sqrt(s) + epsilon)
 * </pre>
 *
 * <p>State: {@code meanSquare.<parameter>}.
 */
public final class RmsProp extends ParameterOptimizer {
    /** The decay of PyTorch. */
    public static final double DEFAULT_DECAY = 0.99;

    /** The epsilon of PyTorch. */
    public static final double DEFAULT_EPSILON = 1e-8;

    private final double decay;
    private final double epsilon;
    private final List<Tensor> meanSquares;

    /**
     * Creates an optimizer with the default decay and epsilon.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if the learning rate is out of range or NaN
     */
    public RmsProp(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, DEFAULT_DECAY, DEFAULT_EPSILON);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param decay the share of the mean square that is kept; at least 0 and below 1
     * @param epsilon added to the root; above 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public RmsProp(List<Parameter> parameters, double learningRate, double decay, double epsilon) {
        super("rmsprop", parameters, learningRate);
        this.decay = share("decay", decay);
        this.epsilon = positive("epsilon", epsilon);
        this.meanSquares = remember("meanSquare");
    }

    /**
     * Returns the share of the mean square that is kept.
     *
     * @return the decay, at least 0 and below 1
     */
    public double decay() {
        return decay;
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
        Updates.rmsProp(
                parameter.value(),
                parameter.gradient(),
                meanSquares.get(index),
                learningRate(),
                decay,
                epsilon,
                parallelism);
    }
}
