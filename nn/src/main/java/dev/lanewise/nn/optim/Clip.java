package dev.lanewise.nn.optim;

import dev.lanewise.kernels.Clipping;
import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.List;

/**
 * Limits for gradients, as PyTorch's {@code clip_grad_value_} and {@code clip_grad_norm_} define them (Pascanu, Mikolov and
 * Bengio, "On the difficulty of training recurrent neural networks", ICML 2013). Each element is held to {@code [-value,
 * value]}; then, if the norm (Euclidean, of the gradients of all parameters together) plus 1e-6 is above {@code norm}, they are
 * multiplied by {@code norm / (their norm + 1e-6)}.
 *
 * @param value the largest magnitude of an element; above 0 and finite, or 0 for no limit
 * @param norm the largest norm of all gradients; above 0 and finite, or 0 for no limit
 */
public record Clip(double value, double norm) {
    /** No limits. */
    public static final Clip NONE = new Clip(0, 0);

    /** What PyTorch adds to the norm that it divides by. */
    private static final double EPSILON = 1e-6;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is NaN, infinite or negative
     */
    public Clip {
        check("value", value);
        check("norm", norm);
    }

    /**
     * Returns a limit for each element.
     *
     * @param limit the largest magnitude; above 0 and finite, or 0 for no limit
     * @return the limit
     */
    public static Clip value(double limit) {
        return new Clip(limit, 0);
    }

    /**
     * Returns a limit for the norm.
     *
     * @param limit the largest norm of all gradients; above 0 and finite, or 0 for no limit
     * @return the limit
     */
    public static Clip norm(double limit) {
        return new Clip(0, limit);
    }

    /**
     * Limits the gradients. To be called between backward (and {@link Penalty#apply}) and {@link Optimizer#step}.
     *
     * <p>The squares of each parameter are added in double, then the sums of the parameters in their order; the factor is
     * rounded to float once.
     *
     * @param parameters the parameters
     * @param parallelism the threads
     * @param workspace scratch memory
     * @return the norm before the limit for it; 0 where there is none. If it is infinite or NaN, gradients stay as they are
     */
    public double apply(List<Parameter> parameters, Parallelism parallelism, Workspace workspace) {
        if (value > 0) {
            for (Parameter parameter : parameters) {
                Clipping.byValue(parameter.gradient(), value, parallelism);
            }
        }
        if (norm == 0) {
            return 0;
        }
        double squares = 0;
        for (Parameter parameter : parameters) {
            squares += Clipping.squareSum(parameter.gradient(), parallelism, workspace);
        }
        double length = Math.sqrt(squares);
        double factor = norm / (length + EPSILON);
        if (factor < 1 && length <= Double.MAX_VALUE) {
            for (Parameter parameter : parameters) {
                Clipping.scale(parameter.gradient(), (float) factor, parallelism);
            }
        }
        return length;
    }

    private static void check(String name, double limit) {
        if (!(limit >= 0 && limit <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("clip: " + name + " is " + limit + "; it must be at least 0 and finite");
        }
    }
}
