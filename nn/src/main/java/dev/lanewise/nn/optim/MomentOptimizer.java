package dev.lanewise.nn.optim;

import dev.lanewise.nn.Parameter;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/** What {@link Adam} and its relatives have in common: running means of the gradient and of its square, and epsilon. */
abstract sealed class MomentOptimizer extends ParameterOptimizer permits Adam, AdamW, AmsGrad {
    final List<Tensor> means;
    final List<Tensor> meanSquares;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    MomentOptimizer(
            String name, List<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon) {
        super(name, parameters, learningRate);
        this.beta1 = share("beta1", beta1);
        this.beta2 = share("beta2", beta2);
        this.epsilon = positive("epsilon", epsilon);
        this.means = remember("mean");
        this.meanSquares = remember("meanSquare");
    }

    /**
     * Returns the share of the mean that is kept.
     *
     * @return beta1, at least 0 and below 1
     */
    public final double beta1() {
        return beta1;
    }

    /**
     * Returns the share of the mean square that is kept.
     *
     * @return beta2, at least 0 and below 1
     */
    public final double beta2() {
        return beta2;
    }

    /**
     * Returns what is added to the root.
     *
     * @return epsilon, above 0
     */
    public final double epsilon() {
        return epsilon;
    }
}
