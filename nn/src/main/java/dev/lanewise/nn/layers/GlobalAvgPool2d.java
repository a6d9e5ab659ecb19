package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * The average of each channel over all pixels of an image.
 *
 * <p>Input {@code [batch, height, width, channels]}, output {@code [batch, channels]}.
 */
public final class GlobalAvgPool2d implements Layer {
    /** Creates the layer. */
    public GlobalAvgPool2d() {}

    @Override
    public Shape outputShape(Shape input) {
        PooledShape.requireImage("globalavgpool2d", input);
        return Shape.of(input.extent(2));
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = input.shape();
        Tensor output = pass.workspace().tensor(outputShape(shape.dropFirst()).prepend(shape.extent(0)));
        Shape pixel = Shape.of(shape.extent(0), 1, 1, shape.extent(3));
        Pooling.adaptiveAverageForward(input, output.reshape(pixel), pass.parallelism());
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            Tensor inputGradient = pass.workspace().tensor(shape);
            Pooling.adaptiveAverageGradient(gradient.reshape(pixel), inputGradient, pass.parallelism());
            return inputGradient;
        });
    }
}
