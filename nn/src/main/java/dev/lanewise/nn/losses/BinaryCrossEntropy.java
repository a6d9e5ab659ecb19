package dev.lanewise.nn.losses;

import dev.lanewise.kernels.Losses;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Tensor;

/**
 * Sigmoid and cross-entropy in one, for questions answered by yes or no:
 *
 * <pre>
 *   loss = mean over all elements of  max(x, 0) - x t + log(1 + exp(-|x|))
 *   dx = (sigmoid(x) - t) / elements
 * </pre>
 *
 * <p>Output and targets have one shape, {@code [batch, ...]}; the output is taken before any sigmoid, targets lie between
 * 0 and 1. The definition is that of PyTorch's {@code BCEWithLogitsLoss}.
 */
public final class BinaryCrossEntropy implements Loss<Tensor> {
    /** Creates the loss. */
    public BinaryCrossEntropy() {}

    @Override
    public float evaluate(Tensor output, Tensor targets, Tensor outputGradient, Pass pass) {
        return Losses.binaryCrossEntropy(output, targets, outputGradient, pass.parallelism(), pass.workspace());
    }
}
