package dev.lanewise.nn.optim;

import dev.lanewise.kernels.Updates;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent, with or without momentum, as PyTorch's {@code SGD} defines it:
 *
 * <pre>
 *   v = momentum v + g          v begins with 0
 *   w = w - learningRate v                     plain
 *   w = w - learningRate (g + momentum v)      Nesterov
 * </pre>
 *
 * <p>State: {@code velocity.<parameter>}, if there is momentum.
 */
public final class Sgd extends ParameterOptimizer {
    private final double momentum;
    private final boolean nesterov;
    private final List<Tensor> velocities;

    /**
     * Creates an optimizer without momentum.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public Sgd(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, 0, false);
    }

    /**
     * Creates an optimizer.
     *
     * @param parameters what to learn; names must differ
     * @param learningRate the factor of each step; at least 0 and finite
     * @param momentum the share of the last step that is kept; at least 0 and below 1
     * @param nesterov whether to look ahead along the momentum, which must then be above 0
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public Sgd(List<Parameter> parameters, double learningRate, double momentum, boolean nesterov) {
        super("sgd", parameters, learningRate);
        this.momentum = share("momentum", momentum);
        this.nesterov = nesterov;
        if (nesterov && momentum == 0) {
            throw new IllegalArgumentException("sgd: momentum is 0; Nesterov's needs one above 0");
        }
        this.velocities = momentum == 0 ? List.of() : remember("velocity");
    }

    /**
     * Returns the share of the last step that is kept.
     *
     * @return the momentum, at least 0 and below 1
     */
    public double momentum() {
        return momentum;
    }

    /**
     * Tells whether steps look ahead along the momentum.
     *
     * @return true for Nesterov's
     */
    public boolean nesterov() {
        return nesterov;
    }

    @Override
    void update(int index, Parameter parameter, long step, Parallelism parallelism) {
        Tensor velocity = velocities.isEmpty() ? null : velocities.get(index);
        Updates.sgd(parameter.value(), parameter.gradient(), velocity, learningRate(), momentum, nesterov, parallelism);
    }
}
