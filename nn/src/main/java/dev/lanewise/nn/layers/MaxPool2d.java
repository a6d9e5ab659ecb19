package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * The maximum of each window of an image, each channel on its own; {@link Pooling} has the rules for ties, NaN and
 * padding.
 *
 * <p>Input {@code [batch, height, width, channels]}, output {@code [batch, outputHeight, outputWidth, channels]}.
 */
public final class MaxPool2d implements Layer {
    private final PoolingGeometry geometry;

    /**
     * Creates the layer.
     *
     * @param geometry window, stride and padding
     */
    public MaxPool2d(PoolingGeometry geometry) {
        this.geometry = Require.given("maxpool2d", "geometry", geometry);
    }

    /**
     * Returns the geometry.
     *
     * @return window, stride and padding
     */
    public PoolingGeometry geometry() {
        return geometry;
    }

    @Override
    public Shape outputShape(Shape input) {
        return PooledShape.of("maxpool2d", geometry, input);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = outputShape(input.shape().dropFirst());
        Tensor output = pass.workspace().tensor(shape.prepend(input.shape().extent(0)));
        Pooling.maxForward(input, output, geometry, pass.parallelism());
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            Tensor inputGradient = pass.workspace().tensor(input.shape());
            Pooling.maxGradient(input, output, gradient, inputGradient, geometry, pass.parallelism());
            return inputGradient;
        });
    }
}
