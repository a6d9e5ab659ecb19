package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.SoftmaxRows;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The logarithm of softmax along the last axis, {@code y(j) = x(j) - log(sum over k of exp(x(k)))}, which stays finite where
 * softmax has become 0.
 *
 * <p>The order of operations is {@code (x(j) - max) - s}, where s is the logarithm, in double and rounded to float, of the sum
 * of {@code exp(x(k) - max)} over {@link VirtualLanes 16 virtual lanes}. One row is one thread's work, so the bits do not
 * depend on how many there are.
 *
 * <p>A row that holds a NaN, a +infinity, or nothing but -infinity has no softmax: all of it becomes NaN. Beside finite
 * elements a -infinity stays one.
 */
public final class LogSoftmax {
    private LogSoftmax() {}

    /**
     * Computes the logarithm of the softmax of each row.
     *
     * @param x the inputs, [..., n]
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @param workspace scratch memory, 1040 floats for each thread
     * @throws ShapeMismatchException if the shapes differ or have no axis; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements
     */
    public static void forward(Tensor x, Tensor y, Parallelism parallelism, Workspace workspace) {
        run(x, null, y, parallelism, workspace);
    }

    /**
     * Computes the logarithm of the softmax of each row of {@code x + mask}. An element whose mask is -infinity is left out: its
     * result is -infinity, and what x holds there, be it NaN, has no influence. A row that is -infinity throughout, such as one
     * of which all is left out, stays so.
     *
     * @param x the inputs, [..., n]
     * @param mask what is added to them, as for {@link Softmax#forward(Tensor, Tensor, Tensor, Parallelism)}
     * @param y receives the results, shape of x; may be x, or share no element with it; shares none with mask
     * @param parallelism the threads
     * @param workspace scratch memory, 1040 floats for each thread
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps mask, or x without being the same elements
     */
    public static void forward(Tensor x, Tensor mask, Tensor y, Parallelism parallelism, Workspace workspace) {
        Checks.apart("log-softmax", "mask", mask, "y", y);
        run(x, mask, y, parallelism, workspace);
    }

    /**
     * Computes the gradient of the inputs, {@code dx(j) = dy(j) - exp(y(j)) * sum over k of dy(k)} in each row: the sum over 16
     * virtual lanes, the rest one fused multiply-add.
     *
     * <p>Of an element that was left out, y is -infinity and so dx is dy: 0, where nothing was made of it.
     *
     * @param y the results of the forward pass, [..., n]
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be y or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ or have no axis; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps y or dy without being the same elements
     */
    public static void gradient(Tensor y, Tensor dy, Tensor dx, Parallelism parallelism) {
        Rows.gradient("log-softmax gradient", SoftmaxRows::logSoftmaxGradient, y, dy, dx, parallelism);
    }

    private static void run(Tensor x, Tensor mask, Tensor y, Parallelism parallelism, Workspace workspace) {
        Checks.sameShape("log-softmax", "x", x, "y", y);
        Checks.sameOrApart("log-softmax", "x", x, "y", y);
        int columns = Rows.columns("log-softmax", x);
        RowMask rowMask = mask == null ? null : RowMask.of("log-softmax", x, mask);
        Rows.forEach(Rows.count(x), columns, parallelism, workspace, (row, scratch, scratch0) -> {
            int at = row * columns;
            SoftmaxRows.logSoftmax(
                    x.array(),
                    x.offset() + at,
                    mask == null ? null : mask.array(),
                    mask == null ? 0 : rowMask.start(row),
                    y.array(),
                    y.offset() + at,
                    columns,
                    scratch,
                    scratch0);
        });
    }
}
