package dev.lanewise.nn.layers;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Makes one axis of all axes of an example: {@code [batch, height, width, channels]} becomes {@code [batch, height width
 * channels]}. The output is a view of the input; nothing is copied.
 */
public final class Flatten implements Layer {
    /** Creates the layer. */
    public Flatten() {}

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.size());
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = input.shape();
        Tensor output = input.reshape(outputShape(shape.dropFirst()).prepend(shape.extent(0)));
        return new Forward(output, (gradient, wanted) -> wanted ? gradient.reshape(shape) : null);
    }
}
