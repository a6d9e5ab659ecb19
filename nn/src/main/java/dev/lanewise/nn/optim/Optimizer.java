package dev.lanewise.nn.optim;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.util.Map;

/**
 * Changes parameters along their gradients. Knows parameters, not layers.
 *
 * <p>Each step: {@link #zeroGradients}, forward, loss, backward, then {@link #step}. Not thread-safe.
 */
public interface Optimizer {
    /**
     * Changes every parameter once. Gradients stay as they are.
     *
     * @param parallelism the threads
     */
    void step(Parallelism parallelism);

    /** Sets the gradient of every parameter to zero. */
    void zeroGradients();

    /**
     * Returns how many steps were taken, those before a checkpoint included.
     *
     * @return the number, at least 0
     */
    long steps();

    /**
     * Returns the learning rate.
     *
     * @return the factor of each step, at least 0
     */
    double learningRate();

    /**
     * Changes the learning rate, for a schedule.
     *
     * @param learningRate the factor of each further step; at least 0 and finite
     * @throws IllegalArgumentException if it is NaN, infinite or negative
     */
    void setLearningRate(double learningRate);

    /**
     * Returns what the optimizer remembers from step to step, beside their number.
     *
     * @return the live tensors by name, such as {@code velocity.0.weight}, in a fixed order; unmodifiable. Empty for an
     *     optimizer that remembers nothing
     */
    Map<String, Tensor> state();

    /**
     * Continues where another optimizer of the same kind, over parameters of the same names and shapes, stood.
     *
     * @param steps its {@link #steps}
     * @param state its {@link #state}; the elements are copied
     * @throws IllegalArgumentException if steps is negative, a tensor is missing, unknown or of another shape; nothing is
     *     changed then
     */
    void restore(long steps, Map<String, Tensor> state);
}
