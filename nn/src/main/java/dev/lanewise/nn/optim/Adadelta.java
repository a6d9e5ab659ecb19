package dev.lanewise.nn.optim;

import dev.lanewise.kernels.AdaptiveUpdates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Steps as large as those before, by the ratio of the running root mean squares of steps and gradients: Zeiler, "ADADELTA:
 * An Adaptive Learning Rate Method", arXiv:1212.5701 (2012), as PyTorch's {@code Adadelta} defines it:
 *
 * <pre>
 *   v = decay v + (1 - decay) g²          v begins with 0
 *   d = g sqrt(u + epsilon) / sqrt(v + epsilon)
 *   u = decay u + (1 - decay) d²          u begins with 0
 *   w = w - learningRate d
 * </pre>
 *
 * <p>The paper's learning rate is 1. State: {@code meanSquare.<parameter>} and {@code meanSquareStep.<parameter>}.
 */
public final class Adadelta extends ParameterOptimizer {
    /** The decay of PyTorch, its rho. */
    public static final double DEFAULT_DECAY = 0.9;

    /** The epsilon of PyTorch. */
    public static final double DEFAULT_EPSILON = 1e-6;

    private final double decay;
    private final double epsilon;
    private final List<Tensor> meanSquares;
    private final List<Tensor> meanSquareSteps;

    /**
     * Creates an optimizer with the default decay and epsilon.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if the learning rate is out of range or NaN
     */
    public Adadelta(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, DEFAULT_DECAY, DEFAULT_EPSILON);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param decay the share of the mean squares that is kept; at least 0 and below 1
     * @param epsilon added under the roots; above 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public Adadelta(List<Parameter> parameters, double learningRate, double decay, double epsilon) {
        super("adadelta", parameters, learningRate);
        this.decay = share("decay", decay);
        this.epsilon = positive("epsilon", epsilon);
        this.meanSquares = remember("meanSquare");
        this.meanSquareSteps = remember("meanSquareStep");
    }

    /**
     * Returns the share of the mean squares that is kept.
     *
     * @return the decay, at least 0 and below 1
     */
    public double decay() {
        return decay;
    }

    /**
     * Returns what is added under the roots.
     *
     * @return epsilon, above 0
     */
    public double epsilon() {
        return epsilon;
    }

    @Override
    void update(int index, Parameter parameter, long step, Parallelism parallelism) {
        AdaptiveUpdates.adadelta(
                parameter.value(),
                parameter.gradient(),
                meanSquares.get(index),
                meanSquareSteps.get(index),
                learningRate(),
                decay,
                epsilon,
                parallelism);
    }
}
