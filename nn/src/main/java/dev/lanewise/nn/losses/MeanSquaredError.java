package dev.lanewise.nn.losses;

import dev.lanewise.kernels.Losses;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Tensor;

/**
 * The mean of squared differences:
 *
 * <pre>
 *   loss = mean over all elements of  (x - t)²
 *   dx = 2 (x - t) / elements
 * </pre>
 *
 * <p>Output and targets have one shape, {@code [batch, ...]}. The definition is that of PyTorch's {@code MSELoss}.
 */
public final class MeanSquaredError implements Loss<Tensor> {
    /** Creates the loss. */
    public MeanSquaredError() {}

    @Override
    public float evaluate(Tensor output, Tensor targets, Tensor outputGradient, Pass pass) {
        return Losses.meanSquaredError(output, targets, outputGradient, pass.parallelism(), pass.workspace());
    }
}
