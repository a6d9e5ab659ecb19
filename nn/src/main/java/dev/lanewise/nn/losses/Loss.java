package dev.lanewise.nn.losses;

import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Tensor;

/**
 * What training makes small: how far a network's output is from its targets.
 *
 * @param <T> the targets of a batch: {@code int[]} for labels, {@link Tensor} for values
 */
public interface Loss<T> {
    /**
     * Computes the loss of a batch and its gradient.
     *
     * @param output the network's output, shape {@code [batch, ...]}, with at least one example
     * @param targets what it should have been
     * @param outputGradient receives the gradient of the loss with respect to the output, same shape; must not overlap
     *     the output
     * @param pass threads and memory
     * @return the mean loss
     * @throws IllegalArgumentException if output and targets do not fit together or the batch is empty; the gradient is
     *     untouched then
     */
    float evaluate(Tensor output, T targets, Tensor outputGradient, Pass pass);
}
