package dev.lanewise.nn;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * A tensor that is learned, with its gradient. All that an optimizer knows of a network.
 *
 * @param name its name within the layer, such as {@code weight} or {@code bias}
 * @param value the present value
 * @param gradient the loss's gradient with respect to the value; backward passes add to it
 * @param penalized whether L1 and L2 penalties apply to it: true for weights, false for biases and scales
 * @param start what its elements are where no random weight takes their place: 0 but for scales
 */
public record Parameter(String name, Tensor value, Tensor gradient, boolean penalized, float start) {
    /**
     * Returns a parameter of zeros to which penalties apply.
     *
     * @param name its name within the layer
     * @param shape its shape
     * @return the parameter
     */
    public static Parameter weight(String name, Shape shape) {
        return new Parameter(name, Tensor.zeros(shape), Tensor.zeros(shape), true, 0);
    }

    /**
     * Returns a parameter of zeros to which penalties do not apply.
     *
     * @param name its name within the layer
     * @param shape its shape
     * @return the parameter
     */
    public static Parameter bias(String name, Shape shape) {
        return new Parameter(name, Tensor.zeros(shape), Tensor.zeros(shape), false, 0);
    }

    /**
     * Returns a parameter of ones, what a normalisation multiplies by, to which penalties do not apply.
     *
     * @param name its name within the layer
     * @param shape its shape
     * @return the parameter
     */
    public static Parameter scale(String name, Shape shape) {
        Parameter scale = new Parameter(name, Tensor.zeros(shape), Tensor.zeros(shape), false, 1);
        scale.value.fill(1);
        return scale;
    }

    /**
     * Returns this parameter under another name.
     *
     * @param other the name, such as {@code 0.weight} within a sequence
     * @return a parameter that shares the value and the gradient
     */
    public Parameter named(String other) {
        return new Parameter(other, value, gradient, penalized, start);
    }
}
