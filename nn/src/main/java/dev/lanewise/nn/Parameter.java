package dev.lanewise.nn;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * A tensor that is learned, with its gradient. All that an optimizer knows of a network.
 *
 * @param name its name within the layer, such as {@code weight} or {@code bias}
 * @param value the present value
 * @param gradient the loss's gradient with respect to the value; backward passes add to it
 * @param penalized whether L1 and L2 penalties apply to it: true for weights, false for biases
 */
public record Parameter(String name, Tensor value, Tensor gradient, boolean penalized) {
    /**
     * Returns a parameter of zeros to which penalties apply.
     *
     * @param name its name within the layer
     * @param shape its shape
     * @return the parameter
     */
    public static Parameter weight(String name, Shape shape) {
        return new Parameter(name, Tensor.zeros(shape), Tensor.zeros(shape), true);
    }

    /**
     * Returns a parameter of zeros to which penalties do not apply.
     *
     * @param name its name within the layer
     * @param shape its shape
     * @return the parameter
     */
    public static Parameter bias(String name, Shape shape) {
        return new Parameter(name, Tensor.zeros(shape), Tensor.zeros(shape), false);
    }

    /**
     * Returns this parameter under another name.
     *
     * @param other the name, such as {@code 0.weight} within a sequence
     * @return a parameter that shares the value and the gradient
     */
    public Parameter named(String other) {
        return new Parameter(other, value, gradient, penalized);
    }
}
