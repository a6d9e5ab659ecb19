package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.SoftmaxRows;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Softmax along the last axis, {@code y(j) = exp(x(j)) / sum over k of exp(x(k))}, and the cross-entropy loss on it.
 *
 * <p>The largest element of a row is subtracted first, so no exponential overflows; sums along a row go over
 * {@link VirtualLanes 16 virtual lanes}. One row is one thread's work, so the bits do not depend on how many there are.
 *
 * <p>A row that holds a NaN, a +infinity, or nothing but -infinity has no softmax: all of it becomes NaN. Beside
 * finite elements a -infinity is a probability of 0.
 */
public final class Softmax {
    private Softmax() {}

    /**
     * Computes the softmax of each row.
     *
     * @param x the inputs, [..., n]
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ or have no axis; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements
     */
    public static void forward(Tensor x, Tensor y, Parallelism parallelism) {
        Checks.sameShape("softmax", "x", x, "y", y);
        Checks.sameOrApart("softmax", "x", x, "y", y);
        int columns = Rows.columns("softmax", x);
        parallelism.forRange(Rows.count(x), Rows.grain(columns), (from, to, scratch) -> {
            int at = from * columns;
            SoftmaxRows.softmax(x.array(), x.offset() + at, y.array(), y.offset() + at, to - from, columns, scratch);
        });
    }

    /**
     * Computes the softmax of each row of {@code x + mask}. An element whose mask is -infinity is left out: its result is 0,
     * and what x holds there, be it NaN, has no influence. A row that is -infinity throughout, such as one of which all is
     * left out, becomes 0 throughout; its gradient is then 0 as well.
     *
     * <p>The gradient is that of the softmax without a mask: {@link #gradient}.
     *
     * @param x the inputs, [..., n]
     * @param mask what is added to them: 0 or -infinity, or any bias; its axes, from the last on, are as long as those of x
     *     or, but for the last, 1 or missing: then all along that axis share one mask
     * @param y receives the results, shape of x; may be x, or share no element with it; shares none with mask
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps mask, or x without being the same elements
     */
    public static void forward(Tensor x, Tensor mask, Tensor y, Parallelism parallelism) {
        Checks.sameShape("softmax", "x", x, "y", y);
        Checks.sameOrApart("softmax", "x", x, "y", y);
        Checks.apart("softmax", "mask", mask, "y", y);
        int columns = Rows.columns("softmax", x);
        RowMask rowMask = RowMask.of("softmax", x, mask);
        parallelism.forRange(Rows.count(x), Rows.grain(columns), (from, to, lanes) -> {
            for (int row = from; row < to; row++) {
                int at = row * columns;
                SoftmaxRows.maskedSoftmax(
                        x.array(),
                        x.offset() + at,
                        mask.array(),
                        rowMask.start(row),
                        y.array(),
                        y.offset() + at,
                        columns,
                        1f,
                        lanes,
                        0);
            }
        });
    }

    /**
     * Computes the gradient of the inputs, {@code dx(j) = y(j) (dy(j) - sum over k of dy(k) y(k))} in each row.
     *
     * @param y the results of the forward pass, [..., n]
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be y or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ or have no axis; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps y or dy without being the same elements
     */
    public static void gradient(Tensor y, Tensor dy, Tensor dx, Parallelism parallelism) {
        Rows.gradient("softmax gradient", SoftmaxRows::gradient, y, dy, dx, parallelism);
    }

    /**
     * Computes the cross-entropy between the softmax of each row and a class known to be right, and its gradient.
     *
     * <p>The loss of a row is {@code log(sum over k of exp(x(k) - max)) + max - x(label)}, taken in double from a float
     * sum and rounded to float; the result is the mean of these over the rows, summed in double in ascending order. The
     * gradient is {@code (softmax(x)(j) - (j == label ? 1 : 0)) / rows}: {@code exp * s} with
     * {@code s = 1 / sum * (1 / rows)}, at the label {@code fma(exp, s, -1 / rows)}.
     *
     * <p>A row without a softmax gives a NaN for the loss and in all its gradients. A label of probability 0 gives a loss
     * of +infinity only if its logit is -infinity, or so low that the loss exceeds the largest float.
     *
     * @param logits the inputs x, [rows, classes], at least one row
     * @param labels the right class of each row, each at least 0 and below classes
     * @param gradient receives the gradient of the mean, same shape as logits; may be logits, or share no element with
     *     them
     * @param parallelism the threads
     * @param workspace scratch memory, one float for each row and 1040 for each thread
     * @return the mean loss
     * @throws ShapeMismatchException if logits are no matrix, or gradient or labels do not fit them
     * @throws IllegalArgumentException if there is no row, a label is outside, or logits and gradient overlap without
     *     being the same elements; gradient is untouched then
     */
    public static float crossEntropy(
            Tensor logits, int[] labels, Tensor gradient, Parallelism parallelism, Workspace workspace) {
        check(logits, labels, gradient);
        int rows = logits.shape().extent(0);
        int columns = logits.shape().extent(1);
        float share = 1f / rows;
        Workspace.Mark mark = workspace.mark();
        Tensor losses = workspace.tensor(rows);
        Rows.forEach(rows, columns, parallelism, workspace, (row, scratch, scratch0) -> {
            losses.array()[losses.offset() + row] = SoftmaxRows.crossEntropy(
                    logits.array(),
                    logits.offset() + row * columns,
                    labels[row],
                    gradient.array(),
                    gradient.offset() + row * columns,
                    columns,
                    share,
                    scratch,
                    scratch0);
        });
        float mean = (float) (Sums.ascending(losses) / rows);
        workspace.release(mark);
        return mean;
    }

    private static void check(Tensor logits, int[] labels, Tensor gradient) {
        Checks.sameShape("cross-entropy", "logits", logits, "gradient", gradient);
        Checks.sameOrApart("cross-entropy", "logits", logits, "gradient", gradient);
        Shape shape = logits.shape();
        if (shape.rank() != 2 || shape.extent(0) != labels.length) {
            throw new ShapeMismatchException("cross-entropy: logits are " + shape + ", labels are " + labels.length
                    + "; logits must have one row of classes for each label");
        }
        if (labels.length == 0) {
            throw new IllegalArgumentException(
                    "cross-entropy: logits are " + shape + "; the mean needs at least one row");
        }
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= shape.extent(1)) {
                throw new IllegalArgumentException("cross-entropy: label " + labels[row] + " at position " + row
                        + " must be at least 0 and below the number of classes, " + shape.extent(1));
            }
        }
    }
}
