package dev.lanewise.kernels;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Which row of a mask belongs to which row of a tensor. Masks are added, -infinity for what is left out: so a mask is a tensor
 * like any other, and may be a bias as well, such as one for the distance of positions.
 *
 * @param first index of the mask's first element
 * @param extents of the tensor, but for the last axis, innermost first
 * @param strides from one to the next along these axes in the mask, 0 where it has only one
 */
record RowMask(int first, int[] extents, int[] strides) {
    /**
     * Finds the rows of a mask.
     *
     * @param operation the kernel, for the message
     * @param x the tensor
     * @param mask the mask
     * @return the rows
     * @throws ShapeMismatchException if an axis of the mask is neither as long as that of x nor, but for the last, 1
     */
    static RowMask of(String operation, Tensor x, Tensor mask) {
        return of(operation, "x", x.shape(), mask);
    }

    /** Finds the rows of a mask for a tensor that need not exist, such as the scores of attention. */
    static RowMask of(String operation, String name, Shape shape, Tensor mask) {
        int rank = shape.rank();
        int given = mask.shape().rank();
        boolean fits = given >= 1 && given <= rank && mask.shape().extent(-1) == shape.extent(-1);
        int[] extents = new int[rank - 1];
        int[] strides = new int[rank - 1];
        int stride = given == 0 ? 1 : mask.shape().extent(-1);
        for (int i = 0; fits && i < rank - 1; i++) {
            extents[i] = shape.extent(-2 - i);
            int extent = i < given - 1 ? mask.shape().extent(-2 - i) : 1;
            fits = extent == 1 || extent == extents[i];
            strides[i] = extent == 1 ? 0 : stride;
            stride *= extent;
        }
        if (!fits) {
            throw new ShapeMismatchException(operation + ": " + name + (name.endsWith("s") ? " are " : " is ") + shape
                    + ", mask is " + mask.shape()
                    + "; the axes of the mask, from the last on, must be as long as those of "
                    + name + ", or 1 or missing but for the last");
        }
        return new RowMask(mask.offset(), extents, strides);
    }

    /**
     * Returns where the mask of a row starts.
     *
     * @param row the row of the tensor
     * @return index in the mask's array
     */
    int start(int row) {
        int at = first;
        for (int i = 0, rest = row; i < extents.length && rest > 0; i++) {
            at += rest % extents[i] * strides[i];
            rest /= extents[i];
        }
        return at;
    }
}
