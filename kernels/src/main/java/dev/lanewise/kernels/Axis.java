package dev.lanewise.kernels;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * A tensor seen along one axis, as {@code [outer, extent, inner]}.
 *
 * @param outer the product of the axes before
 * @param extent the axis
 * @param inner the product of the axes after, the distance from one element along the axis to the next
 */
record Axis(int outer, int extent, int inner) {
    /**
     * Returns the view along one axis.
     *
     * @param operation the kernel, for the message
     * @param shape the shape of the tensor
     * @param axis the axis; a negative one counts from the last, -1
     * @return the view
     * @throws IllegalArgumentException if there is no such axis
     */
    static Axis of(String operation, Shape shape, int axis) {
        int index = axis < 0 ? axis + shape.rank() : axis;
        if (index < 0 || index >= shape.rank()) {
            throw new IllegalArgumentException(operation + ": x is " + shape + ", axis is " + axis
                    + "; it must be one of the " + shape.rank() + " axes of x");
        }
        int outer = 1;
        int inner = 1;
        for (int i = 0; i < shape.rank(); i++) {
            outer *= i < index ? shape.extent(i) : 1;
            inner *= i > index ? shape.extent(i) : 1;
        }
        return new Axis(outer, shape.extent(index), inner);
    }

    /** Returns the view of all elements as one run. */
    static Axis all(Tensor x) {
        return new Axis(1, x.size(), 1);
    }

    /** Returns how many results there are. */
    int results() {
        return outer * inner;
    }

    /**
     * Refuses a result that is not of the shape of x without the axis.
     *
     * @param operation the kernel, for the message
     * @param shape the shape of x
     * @param axis the axis
     * @param name what the kernel calls the result
     * @param y the result
     * @throws ShapeMismatchException if it is of another shape
     */
    static void requireReduced(String operation, Shape shape, int axis, String name, Tensor y) {
        int index = axis < 0 ? axis + shape.rank() : axis;
        boolean fits = y.shape().rank() == shape.rank() - 1;
        for (int i = 0; fits && i < shape.rank() - 1; i++) {
            fits = y.shape().extent(i) == shape.extent(i < index ? i : i + 1);
        }
        if (!fits) {
            throw new ShapeMismatchException(operation + ": x is " + shape + ", " + name + " is " + y.shape() + "; "
                    + name + " must have the axes of x but axis " + axis);
        }
    }
}
