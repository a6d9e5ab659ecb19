package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * The average of each window of an image, each channel on its own; padding is not counted ({@link Pooling}).
 *
 * <p>Input {@code [batch, height, width, channels]}, output {@code [batch, outputHeight, outputWidth, channels]}.
 */
public final class AvgPool2d implements Layer {
    private final PoolingGeometry geometry;

    /**
     * Creates the layer.
     *
     * @param geometry window, stride and padding
     */
    public AvgPool2d(PoolingGeometry geometry) {
        this.geometry = Require.given("avgpool2d", "geometry", geometry);
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
        return PooledShape.of("avgpool2d", geometry, input);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape inputShape = input.shape();
        Shape shape = outputShape(inputShape.dropFirst());
        Tensor output = pass.workspace().tensor(shape.prepend(inputShape.extent(0)));
        Pooling.averageForward(input, output, geometry, pass.parallelism());
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            Tensor inputGradient = pass.workspace().tensor(inputShape);
            Pooling.averageGradient(gradient, inputGradient, geometry, pass.parallelism());
            return inputGradient;
        });
    }
}
