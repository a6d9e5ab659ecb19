package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Bias;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PackedWeights;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * A 2-d convolution: {@code y = f(bias + conv(x, weight))}; {@link ConvolutionGeometry} has the formula.
 *
 * <p>Input {@code [batch, height, width, inChannels]}, output {@code [batch, outputHeight, outputWidth, outChannels]},
 * parameters {@code weight} of shape {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]} and {@code
 * bias} of shape {@code [outChannels]}, both zero until an {@link Initializer} or a file fills them.
 */
public final class Conv2d implements Layer {
    private final ConvolutionOfSize convolutions;
    private final Activation activation;
    private final Parameter weight;
    /** Null without. */
    private final Parameter bias;

    /**
     * Creates a layer whose parameters are zero, with {@link ConvAlgorithm#EXACT} sums.
     *
     * @param geometry kernel, channels, stride, padding, dilation, groups
     * @param activation applied to each output, {@link Activation#IDENTITY} for none; one that does not keep its inputs
     */
    public Conv2d(ConvolutionGeometry geometry, Activation activation) {
        this(geometry, activation, ConvAlgorithm.EXACT);
    }

    /**
     * Creates a layer whose parameters are zero.
     *
     * @param geometry kernel, channels, stride, padding, dilation, groups
     * @param activation applied to each output, {@link Activation#IDENTITY} for none; one that does not keep its inputs
     * @param algorithm which algorithms may be used, forward and for both gradients
     */
    public Conv2d(ConvolutionGeometry geometry, Activation activation, ConvAlgorithm algorithm) {
        this(geometry, activation, algorithm, true);
    }

    private Conv2d(ConvolutionGeometry geometry, Activation activation, ConvAlgorithm algorithm, boolean biased) {
        Require.given("conv2d", "geometry", geometry);
        this.activation = Require.fused("conv2d", activation);
        this.convolutions = new ConvolutionOfSize(geometry, Require.given("conv2d", "algorithm", algorithm));
        this.weight = Parameter.weight(
                "weight",
                Shape.of(
                        geometry.kernelHeight(),
                        geometry.kernelWidth(),
                        geometry.inChannels() / geometry.groups(),
                        geometry.outChannels()));
        this.bias = biased ? Parameter.bias("bias", Shape.of(geometry.outChannels())) : null;
    }

    /**
     * Returns a layer without a bias, whose weights are zero: what goes before a batch normalisation, which would take a bias
     * out again.
     *
     * @param geometry kernel, channels, stride, padding, dilation, groups
     * @param activation applied to each output, {@link Activation#IDENTITY} for none; one that does not keep its inputs
     * @param algorithm which algorithms may be used, forward and for both gradients
     * @return the layer, with the parameter {@code weight} alone
     */
    public static Conv2d withoutBias(ConvolutionGeometry geometry, Activation activation, ConvAlgorithm algorithm) {
        return new Conv2d(geometry, activation, algorithm, false);
    }

    /**
     * Returns whether the layer has a bias.
     *
     * @return false if it was made by {@link #withoutBias}
     */
    public boolean isBiased() {
        return bias != null;
    }

    /**
     * Returns the geometry.
     *
     * @return kernel, channels, stride, padding, dilation, groups
     */
    public ConvolutionGeometry geometry() {
        return convolutions.geometry();
    }

    /**
     * Returns what is applied to each output.
     *
     * @return the activation
     */
    public Activation activation() {
        return activation;
    }

    /**
     * Returns which algorithms may be used.
     *
     * @return the algorithm
     */
    public ConvAlgorithm algorithm() {
        return convolutions.algorithm();
    }

    @Override
    public Shape outputShape(Shape input) {
        return convolutions.outputShape(input);
    }

    @Override
    public List<Parameter> parameters() {
        return isBiased() ? List.of(weight, bias) : List.of(weight);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = outputShape(input.shape().dropFirst());
        Convolution convolution =
                convolutions.prepare(input.shape().extent(1), input.shape().extent(2));
        Tensor output = pass.workspace().tensor(shape.prepend(input.shape().extent(0)));
        convolution.forward(
                input,
                weight.value(),
                isBiased() ? bias.value() : null,
                activation,
                output,
                pass.parallelism(),
                pass.workspace());
        return new Forward(output, (gradient, wanted) -> backward(convolution, input, output, gradient, wanted, pass));
    }

    /** Returns a layer whose weights are packed, for images of any size. */
    @Override
    public Layer forInference() {
        Tensor biases =
                isBiased() ? Tensor.wrap(bias.value().toArray(), 0, bias.value().shape()) : null;
        PackedWeights weights = PackedWeights.of(geometry(), algorithm(), weight.value());
        return new PackedConv2d(new ConvolutionOfSize(geometry(), algorithm()), activation, weights, biases);
    }

    private Tensor backward(
            Convolution convolution,
            Tensor input,
            Tensor output,
            Tensor gradient,
            boolean inputGradientWanted,
            Pass pass) {
        if (activation != Activation.IDENTITY) {
            Activations.gradient(activation, output, gradient, gradient, pass.parallelism());
        }
        if (isBiased()) {
            Bias.gradient(gradient, bias.gradient(), pass.parallelism(), pass.workspace());
        }
        convolution.weightGradient(input, gradient, weight.gradient(), pass.parallelism(), pass.workspace());
        if (!inputGradientWanted) {
            return null;
        }
        Tensor inputGradient = pass.workspace().tensor(input.shape());
        convolution.inputGradient(gradient, weight.value(), inputGradient, pass.parallelism(), pass.workspace());
        return inputGradient;
    }
}
