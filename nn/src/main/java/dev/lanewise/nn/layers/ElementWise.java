package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Tensor;

/** An activation as a layer of its own. */
final class ElementWise {
    private ElementWise() {}

    static Forward forward(Activation f, Tensor input, Pass pass) {
        input.shape().extent(0);
        Tensor output = pass.workspace().tensor(input.shape());
        Activations.forward(f, input, output, pass.parallelism());
        Tensor kept = f.keepsInputs() ? input : output;
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            Activations.gradient(f, kept, gradient, gradient, pass.parallelism());
            return gradient;
        });
    }
}
