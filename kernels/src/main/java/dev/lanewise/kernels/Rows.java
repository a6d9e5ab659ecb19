package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.SoftmaxRows;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/** A tensor read as rows that run along its last axis, and how many of them make a task. */
final class Rows {
    /** Elements a task takes, in whole rows. */
    private static final int GRAIN = 1 << 13;

    private Rows() {}

    /** What is done with a row. */
    @FunctionalInterface
    interface Body {
        /**
         * Does one row.
         *
         * @param row which row
         * @param scratch holds {@link SoftmaxRows#SCRATCH} floats of scratch
         * @param scratch0 index of the first
         */
        void run(int row, float[] scratch, int scratch0);
    }

    /** Computes the gradient of a row from its results and their gradients. */
    @FunctionalInterface
    interface Gradient {
        void run(float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int size, float[] lanes, int lanes0);
    }

    /**
     * Computes the gradient of each row.
     *
     * @param operation the kernel, for the message
     * @param loop computes that of a row
     * @param y the results of the forward pass
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be y or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ or have no axis
     * @throws IllegalArgumentException if dx overlaps y or dy without being the same elements
     */
    static void gradient(String operation, Gradient loop, Tensor y, Tensor dy, Tensor dx, Parallelism parallelism) {
        Checks.sameShape(operation, "y", y, "dy", dy);
        Checks.sameShape(operation, "y", y, "dx", dx);
        Checks.sameOrApart(operation, "y", y, "dx", dx);
        Checks.sameOrApart(operation, "dy", dy, "dx", dx);
        int columns = columns(operation, y);
        parallelism.forRange(count(y), grain(columns), (from, to, lanes) -> {
            for (int row = from; row < to; row++) {
                int at = row * columns;
                loop.run(
                        y.array(),
                        y.offset() + at,
                        dy.array(),
                        dy.offset() + at,
                        dx.array(),
                        dx.offset() + at,
                        columns,
                        lanes,
                        0);
            }
        });
    }

    /**
     * Does each row, with scratch memory.
     *
     * @param rows how many
     * @param columns their length
     * @param parallelism the threads
     * @param workspace the scratch memory
     * @param body what is done
     */
    static void forEach(int rows, int columns, Parallelism parallelism, Workspace workspace, Body body) {
        int grain = grain(columns);
        Workspace.Mark mark = workspace.mark();
        Tensor scratch = workspace.tensor(parallelism.threads(), SoftmaxRows.SCRATCH);
        parallelism.forEach(rows == 0 ? 0 : (rows - 1) / grain + 1, (task, worker) -> {
            int from = task * grain;
            for (int row = from; row < from + Math.min(rows - from, grain); row++) {
                body.run(row, scratch.array(), scratch.offset() + worker * SoftmaxRows.SCRATCH);
            }
        });
        workspace.release(mark);
    }

    /**
     * Returns the length of the rows.
     *
     * @param operation the kernel, for the message
     * @param x the tensor
     * @return the extent of the last axis
     * @throws ShapeMismatchException if there is no axis
     */
    static int columns(String operation, Tensor x) {
        if (x.shape().rank() == 0) {
            throw new ShapeMismatchException(operation + ": x is a scalar; it must have an axis to run along");
        }
        return x.shape().extent(-1);
    }

    /**
     * Returns how many rows there are to compute.
     *
     * @param x a tensor that is read and written, row by row
     * @return the number of rows, 0 where they are empty
     */
    static int count(Tensor x) {
        return x.size() == 0 ? 0 : x.shape().rows();
    }

    /**
     * Returns how many rows make a task.
     *
     * @param columns the length of a row
     * @return the number, at least 1
     */
    static int grain(int columns) {
        return Math.max(1, GRAIN / Math.max(1, columns));
    }

    /**
     * Refuses a tensor that has not one value for each row.
     *
     * @param operation the kernel, for the message
     * @param x the rows, with an axis at least
     * @param name what the kernel calls the other tensor
     * @param values the other tensor
     * @throws ShapeMismatchException if its shape is not that of x without the last axis
     */
    static void requireOneEach(String operation, Tensor x, String name, Tensor values) {
        int axes = x.shape().rank() - 1;
        boolean fits = values.shape().rank() == axes;
        for (int axis = 0; fits && axis < axes; axis++) {
            fits = values.shape().extent(axis) == x.shape().extent(axis);
        }
        if (!fits) {
            throw new ShapeMismatchException(operation + ": x is " + x.shape() + ", " + name + " is " + values.shape()
                    + "; " + name + " must have the axes of x but the last");
        }
    }
}
