package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The sizes of attention, found in the shapes of its arguments and checked against each other.
 *
 * @param batch the product of the axes before the last two
 * @param heads heads side by side along the last axis
 * @param t queries
 * @param s keys
 * @param d floats of a query and of a key of one head
 * @param e floats of a value of one head
 */
record AttentionShape(int batch, int heads, int t, int s, int d, int e) {
    static AttentionShape of(String operation, int heads, Tensor q, Tensor k, Tensor v, Tensor o, Tensor statistics) {
        requireMatrices(operation, "q", q);
        requireMatrices(operation, "k", k);
        requireMatrices(operation, "v", v);
        requireSameBatch(operation, q, "k", k);
        requireSameBatch(operation, q, "v", v);
        require(
                q.shape().extent(-1) == k.shape().extent(-1),
                operation + ": q is " + q.shape() + ", k is " + k.shape() + "; the last axes must be equal");
        require(
                k.shape().extent(-2) == v.shape().extent(-2),
                operation + ": k is " + k.shape() + ", v is " + v.shape() + "; there must be a value for each key");
        requireHeads(operation, heads, "q", q);
        requireHeads(operation, heads, "v", v);
        int t = q.shape().extent(-2);
        int d = q.shape().extent(-1) / heads;
        int e = v.shape().extent(-1) / heads;
        int batch = 1;
        for (int axis = 0; axis < q.shape().rank() - 2; axis++) {
            batch *= q.shape().extent(axis);
        }
        AttentionShape shape = new AttentionShape(batch, heads, t, k.shape().extent(-2), d, e);
        requireShape(operation, "o", o, withLast(q.shape(), t, heads * e, 1));
        requireShape(operation, "statistics", statistics, withLast(q.shape(), t, 2, heads));
        return shape;
    }

    /** The shape of scores, which a mask is compared with. */
    Shape scores(Tensor q) {
        return withLast(q.shape(), t, s, heads);
    }

    /** How many heads there are in the batch. */
    int units() {
        return batch * heads;
    }

    /**
     * Returns where the rows of one head start in a tensor; from one to the next it is {@code heads * width} floats.
     *
     * @param tensor holds the rows of all heads
     * @param unit which head of the batch
     * @param rows how many rows a head has
     * @param width floats of a row of one head
     * @return index in the tensor's array
     */
    int start(Tensor tensor, int unit, int rows, int width) {
        return tensor.offset() + (unit / heads * rows * heads + unit % heads) * width;
    }

    /** Returns a copy of the rows of each head, transposed and multiplied by a factor, {@code [units, width, rows]}. */
    Tensor transposed(float factor, Tensor tensor, int rows, int width, Parallelism parallelism, Workspace workspace) {
        Tensor copy = workspace.tensor(units(), width, rows);
        parallelism.forEach(units(), (unit, worker) -> {
            int from = start(tensor, unit, rows, width);
            int to = copy.offset() + unit * width * rows;
            FloatTransposition.run(factor, rows, width, tensor.array(), from, heads * width, copy.array(), to, rows);
        });
        return copy;
    }

    /** Refuses results that share elements with what is read, or with each other. */
    static void requireApart(String operation, Tensor[] read, Tensor[] written, String... names) {
        String[] readNames = {"q", "k", "v", "o", "statistics", "do", "mask"};
        for (int i = 0; i < written.length; i++) {
            for (int j = 0; j < read.length; j++) {
                boolean last = j == read.length - 1 && (read.length == 4 || read.length == 7);
                Checks.apart(operation, last ? "mask" : readNames[j], read[j], names[i], written[i]);
            }
            for (int j = 0; j < i; j++) {
                Checks.apart(operation, names[j], written[j], names[i], written[i]);
            }
        }
    }

    /** A shape with other last axes, and one for heads before if there are several. */
    private static Shape withLast(Shape shape, int rows, int columns, int heads) {
        int leading = shape.rank() - 2;
        int axes = leading + (heads > 1 ? 1 : 0) + 2;
        int[] extents = new int[axes];
        for (int axis = 0; axis < leading; axis++) {
            extents[axis] = shape.extent(axis);
        }
        if (heads > 1) {
            extents[leading] = heads;
        }
        extents[axes - 2] = rows;
        extents[axes - 1] = columns;
        return Shape.of(extents);
    }

    private static void requireMatrices(String operation, String name, Tensor tensor) {
        require(
                tensor.shape().rank() >= 2,
                operation + ": " + name + " is " + tensor.shape() + "; it must have two axes at least");
    }

    private static void requireSameBatch(String operation, Tensor q, String name, Tensor other) {
        boolean same = q.shape().rank() == other.shape().rank();
        for (int axis = 0; same && axis < q.shape().rank() - 2; axis++) {
            same = q.shape().extent(axis) == other.shape().extent(axis);
        }
        require(
                same,
                operation + ": q is " + q.shape() + ", " + name + " is " + other.shape()
                        + "; all axes but the last two must be equal");
    }

    private static void requireHeads(String operation, int heads, String name, Tensor tensor) {
        require(
                tensor.shape().extent(-1) % heads == 0,
                operation + ": " + name + " is " + tensor.shape() + ", heads is " + heads
                        + "; the last axis must be a multiple of it");
    }

    private static void requireShape(String operation, String name, Tensor tensor, Shape shape) {
        require(
                tensor.shape().equals(shape),
                operation + ": " + name + (name.endsWith("s") ? " are " : " is ") + tensor.shape() + "; it must be "
                        + shape);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new ShapeMismatchException(message);
        }
    }
}
