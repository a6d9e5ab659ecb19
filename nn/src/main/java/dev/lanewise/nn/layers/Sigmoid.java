package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * The logistic function: {@code y = 1 / (1 + exp(-x))}, applied to each element of an input of any shape.
 *
 * <p>Directly after a {@link Linear} or {@link Conv2d} it is faster as their activation.
 */
public final class Sigmoid implements Layer {
    /** Creates the layer. */
    public Sigmoid() {}

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        return ElementWise.forward(Activation.SIGMOID, input, pass);
    }
}
