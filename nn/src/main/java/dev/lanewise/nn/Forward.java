package dev.lanewise.nn;

import dev.lanewise.tensor.Tensor;

/**
 * What a layer's forward pass returns.
 *
 * @param output the output, shape {@code [batch, ...]}
 * @param backward carries a gradient of the output back to the input and the parameters
 */
public record Forward(Tensor output, Backward backward) {}
