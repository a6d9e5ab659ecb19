package dev.lanewise.nn.optim;

import dev.lanewise.kernels.AdaptiveUpdates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * {@link Adam} whose divisor never falls: Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", ICLR 2018, as
 * PyTorch's {@code Adam} with {@code amsgrad=True} defines it:
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g           m begins with 0
 *   v = beta2 v + (1 - beta2) g²          v begins with 0
 *   u = max(u, v)                         u begins with 0
 *   w = w - learningRate (m / (1 - beta1^t)) / (sqrt(u / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>where {@code t} is the number of the step, the first is 1. State: {@code mean.<parameter>}, {@code
 * meanSquare.<parameter>} and {@code largestMeanSquare.<parameter>}.
 */
public final class AmsGrad extends MomentOptimizer {
    /** The beta1 of PyTorch. */
    public static final double DEFAULT_BETA1 = 0.9;

    /** The beta2 of PyTorch. */
    public static final double DEFAULT_BETA2 = 0.999;

    /** The epsilon of PyTorch. */
    public static final double DEFAULT_EPSILON = 1e-8;

    private final List<Tensor> largest;

    /**
     * Creates an optimizer with the constants of PyTorch.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if the learning rate is out of range or NaN
     */
    public AmsGrad(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param beta1 the share of the mean that is kept; at least 0 and below 1
     * @param beta2 the share of the mean square that is kept; at least 0 and below 1
     * @param epsilon added to the root; above 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public AmsGrad(List<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon) {
        super("amsgrad", parameters, learningRate, beta1, beta2, epsilon);
        this.largest = remember("largestMeanSquare");
    }

    @Override
    void update(int index, Parameter parameter, long step, Parallelism parallelism) {
        AdaptiveUpdates.amsGrad(
                parameter.value(),
                parameter.gradient(),
                means.get(index),
                meanSquares.get(index),
                largest.get(index),
                learningRate(),
                beta1(),
                beta2(),
                epsilon(),
                step,
                parallelism);
    }
}
