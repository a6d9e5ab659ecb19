package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.PackedWeights;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * A {@link Conv2d} whose weights are packed, for inference.
 *
 * @param convolutions the convolutions, for each size of image
 * @param activation applied to each output
 * @param weights the weights as they were
 * @param bias the bias as it was, or null
 */
record PackedConv2d(ConvolutionOfSize convolutions, Activation activation, PackedWeights weights, Tensor bias)
        implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        return convolutions.outputShape(input);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        PackedForward.refuseTraining("conv2d", pass);
        Shape shape = outputShape(input.shape().dropFirst());
        Tensor output = pass.workspace().tensor(shape.prepend(input.shape().extent(0)));
        convolutions
                .prepare(input.shape().extent(1), input.shape().extent(2))
                .forward(input, weights, bias, activation, output, pass.parallelism(), pass.workspace());
        return PackedForward.of("conv2d", output);
    }
}
