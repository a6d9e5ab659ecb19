package dev.lanewise.nn.layers;

import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;

/** The shape of an image after pooling. */
final class PooledShape {
    private PooledShape() {}

    static Shape of(String layer, PoolingGeometry geometry, Shape input) {
        if (input.rank() != 3) {
            throw new ShapeMismatchException(
                    layer + ": an example is " + input + "; it must be [height]x[width]x[channels]");
        }
        try {
            return Shape.of(
                    geometry.outputHeight(input.extent(0)), geometry.outputWidth(input.extent(1)), input.extent(2));
        } catch (IllegalArgumentException e) {
            throw new ShapeMismatchException(layer + ": an example is " + input + "; " + e.getMessage());
        }
    }
}
