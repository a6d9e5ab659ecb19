package dev.lanewise.nn;

import dev.lanewise.tensor.Tensor;

/** The gradient of one forward pass of a layer: the chain rule's step from its output to its input and parameters. */
@FunctionalInterface
public interface Backward {
    /**
     * Adds to the gradient of each of the layer's parameters, and returns the gradient of the input.
     *
     * <p>What it takes from the pass's workspace may be given back when it has returned, all but what it returns, which may be
     * moved: it must keep nothing of it. What the forward pass took stays until the step ends.
     *
     * @param outputGradient the loss's gradient with respect to the output, of the output's shape. It is consumed: the
     *     layer may overwrite it
     * @param inputGradientWanted false for the first layer of a network, which needs not compute what no one reads
     * @return the loss's gradient with respect to the input, of the input's shape; null if it was not wanted
     */
    Tensor apply(Tensor outputGradient, boolean inputGradientWanted);
}
