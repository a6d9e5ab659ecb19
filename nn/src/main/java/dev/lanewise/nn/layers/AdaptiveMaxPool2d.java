package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * The maxima of windows that share an image out to an output of fixed size, each channel on its own; {@link Pooling} has
 * their rule, and those for ties and NaN.
 *
 * <p>Input {@code [batch, height, width, channels]}, output {@code [batch, outputHeight, outputWidth, channels]}.
 */
public final class AdaptiveMaxPool2d implements Layer {
    private final int outputHeight;
    private final int outputWidth;

    /**
     * Creates the layer.
     *
     * @param outputHeight rows of the output, at least 1
     * @param outputWidth columns of the output, at least 1
     */
    public AdaptiveMaxPool2d(int outputHeight, int outputWidth) {
        this.outputHeight = Require.positive("adaptivemaxpool2d", "outputHeight", outputHeight);
        this.outputWidth = Require.positive("adaptivemaxpool2d", "outputWidth", outputWidth);
    }

    /**
     * Returns the height of the output.
     *
     * @return its rows
     */
    public int outputHeight() {
        return outputHeight;
    }

    /**
     * Returns the width of the output.
     *
     * @return its columns
     */
    public int outputWidth() {
        return outputWidth;
    }

    @Override
    public Shape outputShape(Shape input) {
        PooledShape.requireImage("adaptivemaxpool2d", input);
        return Shape.of(outputHeight, outputWidth, input.extent(2));
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = input.shape();
        Tensor output = pass.workspace().tensor(outputShape(shape.dropFirst()).prepend(shape.extent(0)));
        Pooling.adaptiveMaxForward(input, output, pass.parallelism());
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            Tensor inputGradient = pass.workspace().tensor(shape);
            Pooling.adaptiveMaxGradient(input, output, gradient, inputGradient, pass.parallelism());
            return inputGradient;
        });
    }
}
