package dev.lanewise.nn.layers;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Tensor;

/** What layers whose weights are packed for inference have in common: they refuse to be trained. */
final class PackedForward {
    private PackedForward() {}

    static void refuseTraining(String layer, Pass pass) {
        if (pass.training()) {
            throw refusal(layer);
        }
    }

    /** An output without a way back. */
    static Forward of(String layer, Tensor output) {
        return new Forward(output, (gradient, wanted) -> {
            throw refusal(layer);
        });
    }

    private static IllegalStateException refusal(String layer) {
        return new IllegalStateException(
                layer + ": the weights are packed for inference; train the layer that forInference() was called on");
    }
}
