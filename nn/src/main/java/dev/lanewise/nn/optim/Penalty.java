package dev.lanewise.nn.optim;

import dev.lanewise.kernels.Penalties;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.List;

/**
 * A penalty on large weights, added to the loss: {@code l1 sum |w| + l2 / 2 sum w²} over all parameters that are
 * {@link Parameter#penalized}. Its gradient is {@code l1 sign(w) + l2 w}; with {@link Sgd} that is the weight decay of
 * PyTorch.
 *
 * @param l1 the weight of the sum of absolute values; at least 0 and finite
 * @param l2 the weight of half the sum of squares; at least 0 and finite
 */
public record Penalty(double l1, double l2) {
    /** No penalty. */
    public static final Penalty NONE = new Penalty(0, 0);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is NaN, infinite or negative
     */
    public Penalty {
        check("l1", l1);
        check("l2", l2);
    }

    /**
     * Returns a penalty on absolute values, which makes weights zero.
     *
     * @param weight at least 0 and finite
     * @return the penalty
     */
    public static Penalty l1(double weight) {
        return new Penalty(weight, 0);
    }

    /**
     * Returns a penalty on squares, which makes weights small.
     *
     * @param weight at least 0 and finite
     * @return the penalty
     */
    public static Penalty l2(double weight) {
        return new Penalty(0, weight);
    }

    /**
     * Adds the gradient of the penalty to the gradients, and computes its value. To be called between backward and
     * {@link Optimizer#step}.
     *
     * @param parameters the parameters; those that are not penalized stay as they are
     * @param parallelism the threads
     * @param workspace scratch memory
     * @return the penalty, what it adds to the loss; 0 where both weights are 0
     */
    public float apply(List<Parameter> parameters, Parallelism parallelism, Workspace workspace) {
        float value = 0;
        for (Parameter parameter : parameters) {
            if (!parameter.penalized()) {
                continue;
            }
            if (l1 > 0) {
                Penalties.l1(parameter.value(), parameter.gradient(), l1, parallelism);
                value += Penalties.l1Value(parameter.value(), l1, parallelism, workspace);
            }
            if (l2 > 0) {
                Penalties.l2(parameter.value(), parameter.gradient(), l2, parallelism);
                value += Penalties.l2Value(parameter.value(), l2, parallelism, workspace);
            }
        }
        return value;
    }

    private static void check(String name, double weight) {
        if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "penalty: " + name + " is " + weight + "; it must be at least 0 and finite");
        }
    }
}
