package dev.lanewise.nn.train;

import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Says which outputs are right.
 *
 * @param <T> the targets of a batch
 */
@FunctionalInterface
public interface Metric<T> {
    /**
     * Counts the examples of a batch that are recognised.
     *
     * @param output the network's output, shape {@code [batch, ...]}
     * @param targets the targets
     * @return how many are right; negative if right and wrong do not apply
     */
    int correct(Tensor output, T targets);

    /**
     * Returns the metric of classifiers: the largest output is at the label.
     *
     * @return the metric
     */
    static Metric<int[]> labels() {
        return (output, labels) -> {
            if (output.shape().rank() != 2 || output.shape().extent(0) != labels.length) {
                throw new ShapeMismatchException("accuracy: outputs are " + output.shape() + ", labels are "
                        + labels.length + "; outputs must be labels x classes");
            }
            int correct = 0;
            for (int row = 0; row < labels.length; row++) {
                correct += largest(output, row) == labels[row] ? 1 : 0;
            }
            return correct;
        };
    }

    /**
     * Returns the metric of networks whose targets are no classes.
     *
     * @param <T> the targets of a batch
     * @return the metric
     */
    static <T> Metric<T> none() {
        return (output, targets) -> -1;
    }

    /**
     * Returns where the largest element of a row is.
     *
     * @param output shape {@code [rows, columns]} with at least one column
     * @param row the row
     * @return the column of the largest element, the first of several; NaN is never the largest
     */
    static int largest(Tensor output, int row) {
        int columns = output.shape().extent(1);
        int start = output.offset() + row * columns;
        float[] array = output.array();
        int best = 0;
        for (int column = 1; column < columns; column++) {
            if (array[start + column] > array[start + best] || Float.isNaN(array[start + best])) {
                best = column;
            }
        }
        return best;
    }
}
