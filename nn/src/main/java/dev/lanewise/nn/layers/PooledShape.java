package dev.lanewise.nn.layers;

import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;

/** The shapes of images, before and after pooling. */
final class PooledShape {
    private PooledShape() {}

    /** Refuses what is no image, or one without a pixel. */
    static void requireImage(String layer, Shape input) {
        if (input.rank() != 3 || Math.min(input.extent(0), input.extent(1)) < 1) {
            throw new ShapeMismatchException(layer + ": an example is " + input
                    + "; it must be [height]x[width]x[channels], with a pixel or more");
        }
    }

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
