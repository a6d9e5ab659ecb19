package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Bias;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.TransposedConvolution;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * A transposed 2-d convolution: {@code y = f(bias + transposed(x, weight))}; {@link TransposedConvolution} has the formula.
 *
 * <p>The geometry is that of the convolution which is transposed: its {@code outChannels} are the channels of this layer's
 * input. Input {@code [batch, height, width, outChannels]}, output {@code [batch, outputHeight, outputWidth,
 * inChannels]}, parameters {@code weight} of shape {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
 * and {@code bias} of shape {@code [inChannels]}, both zero until an {@link Initializer} or a file fills them.
 */
public final class ConvTranspose2d implements Layer {
    private final ConvolutionGeometry transposed;
    private final int outputPaddingHeight;
    private final int outputPaddingWidth;
    private final Activation activation;
    private final Parameter weight;
    private final Parameter bias;

    /**
     * Creates a layer whose parameters are zero.
     *
     * @param transposed the geometry of the convolution that is transposed
     * @param outputPaddingHeight more rows of the output, at least 0 and less than the stride
     * @param outputPaddingWidth more columns of the output, at least 0 and less than the stride
     * @param activation applied to each output, {@link Activation#IDENTITY} for none
     */
    public ConvTranspose2d(
            ConvolutionGeometry transposed, int outputPaddingHeight, int outputPaddingWidth, Activation activation) {
        this.transposed = Require.given("convtranspose2d", "geometry", transposed);
        this.outputPaddingHeight = outputPaddingHeight;
        this.outputPaddingWidth = outputPaddingWidth;
        this.activation = Require.fused("convtranspose2d", activation);
        this.weight = Parameter.weight(
                "weight",
                Shape.of(
                        transposed.kernelHeight(),
                        transposed.kernelWidth(),
                        transposed.inChannels() / transposed.groups(),
                        transposed.outChannels()));
        this.bias = Parameter.bias("bias", Shape.of(transposed.inChannels()));
    }

    /**
     * Returns the geometry.
     *
     * @return that of the convolution that is transposed
     */
    public ConvolutionGeometry transposed() {
        return transposed;
    }

    /**
     * Returns the output padding of the height.
     *
     * @return more rows of the output
     */
    public int outputPaddingHeight() {
        return outputPaddingHeight;
    }

    /**
     * Returns the output padding of the width.
     *
     * @return more columns of the output
     */
    public int outputPaddingWidth() {
        return outputPaddingWidth;
    }

    /**
     * Returns what is applied to each output.
     *
     * @return the activation
     */
    public Activation activation() {
        return activation;
    }

    @Override
    public Shape outputShape(Shape input) {
        return prepare(input).outputShape(1).dropFirst();
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = input.shape();
        TransposedConvolution kernel = prepare(shape.dropFirst());
        Tensor output = pass.workspace().tensor(kernel.outputShape(shape.extent(0)));
        kernel.forward(input, weight.value(), bias.value(), activation, output, pass.parallelism(), pass.workspace());
        return new Forward(output, (gradient, wanted) -> {
            if (activation != Activation.IDENTITY) {
                Activations.gradient(activation, output, gradient, gradient, pass.parallelism());
            }
            Bias.gradient(gradient, bias.gradient(), pass.parallelism(), pass.workspace());
            kernel.weightGradient(input, gradient, weight.gradient(), pass.parallelism(), pass.workspace());
            if (!wanted) {
                return null;
            }
            Tensor inputGradient = pass.workspace().tensor(shape);
            kernel.inputGradient(gradient, weight.value(), inputGradient, pass.parallelism(), pass.workspace());
            return inputGradient;
        });
    }

    private TransposedConvolution prepare(Shape input) {
        if (input.rank() != 3 || input.extent(2) != transposed.outChannels()) {
            throw new ShapeMismatchException("convtranspose2d: an example is " + input
                    + "; it must be [height]x[width]x" + transposed.outChannels() + ", channels last");
        }
        try {
            return TransposedConvolution.of(
                    transposed, input.extent(0), input.extent(1), outputPaddingHeight, outputPaddingWidth);
        } catch (IllegalArgumentException e) {
            throw new ShapeMismatchException("convtranspose2d: an example is " + input + "; " + e.getMessage());
        }
    }
}
