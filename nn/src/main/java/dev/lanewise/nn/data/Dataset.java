package dev.lanewise.nn.data;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Examples with what should be predicted for each.
 *
 * @param <T> the targets of a batch: {@code int[]} for labels, {@link Tensor} for values
 */
public interface Dataset<T> {
    /**
     * Returns the number of examples.
     *
     * @return the number, at least 0
     */
    int size();

    /**
     * Returns the shape of one example's input.
     *
     * @return the shape, without a batch axis
     */
    Shape inputShape();

    /**
     * Returns room for the targets of a batch.
     *
     * @param count how many examples the batch has
     * @return targets that {@link #copy} fills
     */
    T newTargets(int count);

    /**
     * Copies a batch.
     *
     * @param order the numbers of examples, each at least 0 and below {@link #size}
     * @param from index in {@code order} of the batch's first example; the batch is as long as the first axis of
     *     {@code inputs}
     * @param inputs receives the inputs, shape {@code [count, ...inputShape]}
     * @param targets receives the targets, made by {@link #newTargets} for as many examples
     */
    void copy(int[] order, int from, Tensor inputs, T targets);
}
