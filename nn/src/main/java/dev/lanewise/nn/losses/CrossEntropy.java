package dev.lanewise.nn.losses;

import dev.lanewise.kernels.Softmax;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Tensor;

/**
 * Softmax and cross-entropy in one, for classes that exclude each other:
 *
 * <pre>
 *   loss = mean over n of  log(sum over c of exp(x[n, c])) - x[n, label[n]]
 *   dx[n, c] = (softmax(x)[n, c] - (c = label[n] ? 1 : 0)) / batch
 * </pre>
 *
 * <p>The output is {@code [batch, classes]}, not yet normalised; targets are one label for each example, at least 0 and
 * below the number of classes. The definition is that of PyTorch's {@code CrossEntropyLoss}.
 */
public final class CrossEntropy implements Loss<int[]> {
    /** Creates the loss. */
    public CrossEntropy() {}

    @Override
    public float evaluate(Tensor output, int[] targets, Tensor outputGradient, Pass pass) {
        return Softmax.crossEntropy(output, targets, outputGradient, pass.parallelism(), pass.workspace());
    }
}
