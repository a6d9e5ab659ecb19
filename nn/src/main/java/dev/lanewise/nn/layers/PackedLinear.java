package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Matmul;
import dev.lanewise.kernels.PackedMatrix;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * A {@link Linear} whose weights are packed, for inference. A single example reads a copy as they were: packed, 512x512 weights ran at 0.82
 * of the speed, for two examples at 1.6, for eight at 1.7 and for 64 at 1.16 times the speed; 3072x1024 at 0.91, 2.9, 2.3 and 1.13 (Zen 3).
 *
 * @param inputs features of an example
 * @param outputs outputs of an example
 * @param product the product and the activation
 * @param weight the weights as they were
 * @param packed the same
 * @param bias the bias as it was
 */
record PackedLinear(int inputs, int outputs, Matmul product, Tensor weight, PackedMatrix packed, Tensor bias)
        implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        return Linear.outputShape(input, inputs, outputs);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        PackedForward.refuseTraining("linear", pass);
        int batch = input.shape().extent(0);
        Tensor output =
                pass.workspace().tensor(outputShape(input.shape().dropFirst()).prepend(batch));
        if (batch == 1) {
            product.run(input, weight, bias, output, pass.parallelism(), pass.workspace());
        } else {
            product.run(input, packed, bias, output, pass.parallelism(), pass.workspace());
        }
        return PackedForward.of("linear", output);
    }
}
