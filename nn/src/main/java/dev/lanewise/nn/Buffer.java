package dev.lanewise.nn;

import dev.lanewise.tensor.Tensor;

/**
 * A tensor that a layer remembers without learning it, such as a running mean. No optimizer changes it and no penalty
 * applies to it, but it is saved with the model and is part of checkpoints.
 *
 * @param name its name within the layer, such as {@code runningMean}
 * @param value the present value
 */
public record Buffer(String name, Tensor value) {
    /**
     * Returns this buffer under another name.
     *
     * @param other the name, such as {@code 0.runningMean} within a sequence
     * @return a buffer that shares the value
     */
    public Buffer named(String other) {
        return new Buffer(other, value);
    }
}
