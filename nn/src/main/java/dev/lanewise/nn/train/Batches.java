package dev.lanewise.nn.train;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.tensor.Tensor;

/** Fills batches of one size, and the smaller last one, without allocating room for targets each time. */
final class Batches<T> {
    private final Dataset<T> examples;
    private final int batchSize;
    private T whole;
    private T last;
    private int lastCount;

    Batches(Dataset<T> examples, int batchSize) {
        this.examples = examples;
        this.batchSize = batchSize;
    }

    /** Fills the inputs, as many examples as they have rows, and returns the targets, valid until the next call. */
    T fill(int[] order, int from, Tensor inputs) {
        T targets = targets(inputs.shape().extent(0));
        examples.copy(order, from, inputs, targets);
        return targets;
    }

    private T targets(int count) {
        if (count == batchSize) {
            whole = whole == null ? examples.newTargets(count) : whole;
            return whole;
        }
        if (last == null || lastCount != count) {
            last = examples.newTargets(count);
            lastCount = count;
        }
        return last;
    }
}
