package dev.lanewise.nn.data;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Objects;

/** Examples in memory whose targets are values: for mean squared error and binary cross-entropy. */
public final class TensorDataset implements Dataset<Tensor> {
    private final Tensor inputs;
    private final Tensor targets;

    /**
     * Returns examples over existing tensors, without a copy.
     *
     * @param inputs shape {@code [n, ...]}
     * @param targets shape {@code [n, ...]}
     * @throws ShapeMismatchException if the first axes differ
     */
    public TensorDataset(Tensor inputs, Tensor targets) {
        if (inputs.shape().extent(0) != targets.shape().extent(0)) {
            throw new ShapeMismatchException("examples: inputs are " + inputs.shape() + ", targets are "
                    + targets.shape() + "; the first axes must be equal");
        }
        this.inputs = inputs;
        this.targets = targets;
    }

    @Override
    public int size() {
        return inputs.shape().extent(0);
    }

    @Override
    public Shape inputShape() {
        return inputs.shape().dropFirst();
    }

    @Override
    public Tensor newTargets(int count) {
        return Tensor.zeros(targets.shape().withFirst(count));
    }

    @Override
    public void copy(int[] order, int from, Tensor batch, Tensor batchTargets) {
        int count = batch.shape().extent(0);
        int inputLength = inputs.size() / Math.max(1, size());
        int targetLength = targets.size() / Math.max(1, size());
        if (batch.size() != count * inputLength || batchTargets.size() != count * targetLength) {
            throw new ShapeMismatchException("examples: inputs are " + batch.shape() + ", targets are "
                    + batchTargets.shape() + "; they must be batch x " + inputShape() + " and batch x "
                    + targets.shape().dropFirst());
        }
        for (int i = 0; i < count; i++) {
            int example = Objects.checkIndex(order[from + i], size());
            copyRow(inputs, example, batch, i, inputLength);
            copyRow(targets, example, batchTargets, i, targetLength);
        }
    }

    private static void copyRow(Tensor source, int from, Tensor target, int to, int length) {
        System.arraycopy(
                source.array(), source.offset() + from * length, target.array(), target.offset() + to * length, length);
    }
}
