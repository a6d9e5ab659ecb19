package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The gradients of {@link Reductions} along one axis. The gradient of a dot product is a product with the other factor, {@code
 * da = dy b}: {@link Arithmetic} has it, with dy an axis of 1 wider.
 */
public final class ReductionGradients {
    /** Elements a task takes. */
    private static final int GRAIN = 1 << 14;

    private ReductionGradients() {}

    /** Does what is done with one row of {@code [outer, extent, inner]}: the results that belong to it start at an index. */
    @FunctionalInterface
    private interface Row {
        void run(int at, int result);
    }

    /**
     * Computes the gradient of a sum: dx is dy for all elements of a sum.
     *
     * @param dy the gradient of the sums, the shape of dx without the axis
     * @param axis the axis; a negative one counts from the last, -1
     * @param dx receives the gradient of the elements; shares no element with dy
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if there is no such axis, or dx and dy overlap
     */
    public static void sum(Tensor dy, int axis, Tensor dx, Parallelism parallelism) {
        Axis along = check("sum gradient", dx.shape(), axis, dy, dx);
        spread(along, dy, 1, dx, parallelism);
    }

    /**
     * Computes the gradient of a mean over n elements: dx is {@code dy * (1 / n)}, the quotient rounded to float.
     *
     * @param dy the gradient of the means, the shape of dx without the axis
     * @param axis the axis; a negative one counts from the last, -1
     * @param dx receives the gradient of the elements; shares no element with dy
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if there is no such axis, or dx and dy overlap
     */
    public static void mean(Tensor dy, int axis, Tensor dx, Parallelism parallelism) {
        Axis along = check("mean gradient", dx.shape(), axis, dy, dx);
        spread(along, dy, 1f / along.extent(), dx, parallelism);
    }

    /**
     * Computes the gradient of a norm: dx is {@code x * (dy / y)}; 0 where the norm is 0.
     *
     * @param x the elements
     * @param y the norms, the shape of x without the axis
     * @param dy their gradient, same shape
     * @param axis the axis; a negative one counts from the last, -1
     * @param dx receives the gradient of the elements, shape of x; may be x, or share no element with it; shares none with y or dy
     * @param parallelism the threads
     * @param workspace scratch memory, a float for each result
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if there is no such axis, or dx overlaps y or dy, or x without being the same elements
     */
    public static void norm(
            Tensor x, Tensor y, Tensor dy, int axis, Tensor dx, Parallelism parallelism, Workspace workspace) {
        Axis along = check("norm gradient", x.shape(), axis, dy, dx);
        Checks.sameShape("norm gradient", "y", y, "dy", dy);
        Checks.sameShape("norm gradient", "x", x, "dx", dx);
        Checks.sameOrApart("norm gradient", "x", x, "dx", dx);
        Checks.apart("norm gradient", "y", y, "dx", dx);
        Workspace.Mark mark = workspace.mark();
        Tensor quotients = workspace.tensor(y.shape());
        for (int i = 0; i < y.size(); i++) {
            float norm = y.array()[y.offset() + i];
            quotients.array()[quotients.offset() + i] = norm == 0 ? 0 : dy.array()[dy.offset() + i] / norm;
        }
        int length = along.inner() == 1 ? along.extent() : along.inner();
        forEachRow(along, parallelism, (at, result) -> {
            if (along.inner() == 1) {
                float factor = quotients.array()[quotients.offset() + result];
                ElementLoops.scale(x.array(), x.offset() + at, dx.array(), dx.offset() + at, length, factor);
            } else {
                ElementLoops.multiply(
                        x.array(),
                        x.offset() + at,
                        quotients.array(),
                        quotients.offset() + result,
                        dx.array(),
                        dx.offset() + at,
                        length);
            }
        });
        workspace.release(mark);
    }

    /**
     * Computes the gradient of a maximum: dx is dy where the maximum was found, otherwise 0.
     *
     * @param places where the maxima were found, by {@link Reductions#argmax}
     * @param dy the gradient of the maxima, the shape of dx without the axis
     * @param axis the axis; a negative one counts from the last, -1
     * @param dx receives the gradient of the elements; shares no element with dy
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if there is no such axis, a place is outside of it, or dx and dy overlap
     */
    public static void max(int[] places, Tensor dy, int axis, Tensor dx, Parallelism parallelism) {
        Axis along = check("max gradient", dx.shape(), axis, dy, dx);
        if (places.length != dy.size()) {
            throw new ShapeMismatchException("max gradient: there are " + places.length + " places, dy is " + dy.shape()
                    + "; there must be as many");
        }
        for (int i = 0; i < places.length; i++) {
            if (places[i] < 0 || places[i] >= along.extent()) {
                throw new IllegalArgumentException("max gradient: place " + places[i] + " at position " + i
                        + " must be at least 0 and below the extent of axis " + axis + ", " + along.extent());
            }
        }
        parallelism.forRange(
                dx.size(), GRAIN, (from, to) -> Arrays.fill(dx.array(), dx.offset() + from, dx.offset() + to, 0));
        for (int i = 0; i < places.length; i++) {
            int at = (i / along.inner() * along.extent() + places[i]) * along.inner() + i % along.inner();
            dx.array()[dx.offset() + at] = dy.array()[dy.offset() + i];
        }
    }

    private static Axis check(String operation, Shape shape, int axis, Tensor dy, Tensor dx) {
        Axis along = Axis.of(operation, shape, axis);
        Axis.requireReduced(operation, shape, axis, "dy", dy);
        Checks.apart(operation, "dy", dy, "dx", dx);
        return along;
    }

    private static void spread(Axis along, Tensor dy, float factor, Tensor dx, Parallelism parallelism) {
        forEachRow(along, parallelism, (at, result) -> {
            int to = dx.offset() + at;
            if (along.inner() == 1) {
                Arrays.fill(dx.array(), to, to + along.extent(), dy.array()[dy.offset() + result] * factor);
            } else {
                ElementLoops.scale(dy.array(), dy.offset() + result, dx.array(), to, along.inner(), factor);
            }
        });
    }

    /** Does each run of elements: with one result where these are next to each other, otherwise one for each. */
    private static void forEachRow(Axis along, Parallelism parallelism, Row body) {
        boolean adjacent = along.inner() == 1;
        int length = adjacent ? along.extent() : along.inner();
        int rows = length == 0 ? 0 : adjacent ? along.outer() : along.outer() * along.extent();
        parallelism.forRange(rows, Math.max(1, GRAIN / Math.max(1, length)), (from, to) -> {
            for (int row = from; row < to; row++) {
                body.run(row * length, adjacent ? row : row / along.extent() * length);
            }
        });
    }
}
