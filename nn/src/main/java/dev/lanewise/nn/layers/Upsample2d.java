package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.Upsampling;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Images made larger by a whole factor, each channel on its own; {@link Interpolation} has the formulas.
 *
 * <p>Input {@code [batch, height, width, channels]}, output {@code [batch, height factorHeight, width factorWidth,
 * channels]}.
 */
public final class Upsample2d implements Layer {
    private final int factorHeight;
    private final int factorWidth;
    private final Interpolation mode;

    /**
     * Creates the layer.
     *
     * @param factorHeight rows of the output for each row of the input, at least 1
     * @param factorWidth columns of the output for each column of the input, at least 1
     * @param mode nearest or bilinear
     */
    public Upsample2d(int factorHeight, int factorWidth, Interpolation mode) {
        this.factorHeight = Require.positive("upsample2d", "factorHeight", factorHeight);
        this.factorWidth = Require.positive("upsample2d", "factorWidth", factorWidth);
        this.mode = Require.given("upsample2d", "mode", mode);
    }

    /**
     * Returns by how much images get higher.
     *
     * @return rows of the output for each row of the input
     */
    public int factorHeight() {
        return factorHeight;
    }

    /**
     * Returns by how much images get wider.
     *
     * @return columns of the output for each column of the input
     */
    public int factorWidth() {
        return factorWidth;
    }

    /**
     * Returns how pixels are computed.
     *
     * @return nearest or bilinear
     */
    public Interpolation mode() {
        return mode;
    }

    @Override
    public Shape outputShape(Shape input) {
        PooledShape.requireImage("upsample2d", input);
        return Shape.of(
                Math.multiplyExact(input.extent(0), factorHeight),
                Math.multiplyExact(input.extent(1), factorWidth),
                input.extent(2));
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = input.shape();
        Tensor output = pass.workspace().tensor(outputShape(shape.dropFirst()).prepend(shape.extent(0)));
        Upsampling.forward(mode, input, output, pass.parallelism());
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            Tensor inputGradient = pass.workspace().tensor(shape);
            Upsampling.gradient(mode, gradient, inputGradient, pass.parallelism());
            return inputGradient;
        });
    }
}
