package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.SoftmaxRows;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The logarithm of a sum of exponentials along the last axis, {@code y = log(sum over k of exp(x(k)))}: a smooth maximum.
 *
 * <p>The order of operations is {@code log(sum of exp(x(k) - max)) + max}, the sum in float over {@link VirtualLanes 16 virtual
 * lanes}, the rest in double, rounded to float. One row is one thread's work, so the bits do not depend on how many there are.
 *
 * <p>A row that holds a NaN gives NaN, otherwise one that holds a +infinity gives that, and one that is -infinity throughout,
 * or has no element, gives -infinity.
 *
 * <p>A mask, where one is given, is added to x: 0 or -infinity, or any bias; its axes are as for {@link
 * Softmax#forward(Tensor, Tensor, Tensor, Parallelism)}. An element whose mask is -infinity is left out, whatever it is.
 */
public final class LogSumExp {
    private LogSumExp() {}

    /**
     * Computes the logarithm of each row's sum of exponentials.
     *
     * @param x the inputs, [..., n]
     * @param mask what is added to them; null for nothing
     * @param y receives the results, the shape of x without its last axis; shares no element with x or mask
     * @param parallelism the threads
     * @param workspace scratch memory, 1040 floats for each thread
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps x or mask
     */
    public static void forward(Tensor x, Tensor mask, Tensor y, Parallelism parallelism, Workspace workspace) {
        int columns = Rows.columns("log-sum-exp", x);
        Rows.requireOneEach("log-sum-exp", x, "y", y);
        Checks.apart("log-sum-exp", "x", x, "y", y);
        RowMask rowMask = mask("log-sum-exp", x, mask, "y", y);
        Rows.forEach(y.size(), columns, parallelism, workspace, (row, scratch, scratch0) -> {
            y.array()[y.offset() + row] = SoftmaxRows.logSumExp(
                    x.array(),
                    x.offset() + row * columns,
                    mask == null ? null : mask.array(),
                    mask == null ? 0 : rowMask.start(row),
                    columns,
                    scratch,
                    scratch0);
        });
    }

    /**
     * Computes the gradient of the inputs, {@code dx(j) = dy * softmax(x + mask)(j)} in each row: {@code e * s} with {@code e =
     * exp(x + mask - max)} and {@code s = 1 / sum of e * dy}. A row that is -infinity throughout has a gradient of 0; one that
     * holds NaN or +infinity, of NaN.
     *
     * @param x the inputs of the forward pass, [..., n]
     * @param mask the mask of the forward pass; null for none
     * @param dy the gradient of the results, the shape of x without its last axis
     * @param dx receives the gradient of the inputs, shape of x; may be x, or share no element with it; shares none with mask
     *     or dy
     * @param parallelism the threads
     * @param workspace scratch memory, 1040 floats for each thread
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps mask or dy, or x without being the same elements
     */
    public static void gradient(
            Tensor x, Tensor mask, Tensor dy, Tensor dx, Parallelism parallelism, Workspace workspace) {
        int columns = Rows.columns("log-sum-exp gradient", x);
        Rows.requireOneEach("log-sum-exp gradient", x, "dy", dy);
        Checks.sameShape("log-sum-exp gradient", "x", x, "dx", dx);
        Checks.sameOrApart("log-sum-exp gradient", "x", x, "dx", dx);
        Checks.apart("log-sum-exp gradient", "dy", dy, "dx", dx);
        RowMask rowMask = mask("log-sum-exp gradient", x, mask, "dx", dx);
        Rows.forEach(Rows.count(x), columns, parallelism, workspace, (row, scratch, scratch0) -> {
            int at = row * columns;
            SoftmaxRows.maskedSoftmax(
                    x.array(),
                    x.offset() + at,
                    mask == null ? null : mask.array(),
                    mask == null ? 0 : rowMask.start(row),
                    dx.array(),
                    dx.offset() + at,
                    columns,
                    dy.array()[dy.offset() + row],
                    scratch,
                    scratch0);
        });
    }

    private static RowMask mask(String operation, Tensor x, Tensor mask, String resultName, Tensor result) {
        if (mask == null) {
            return null;
        }
        Checks.apart(operation, "mask", mask, resultName, result);
        return RowMask.of(operation, x, mask);
    }
}
