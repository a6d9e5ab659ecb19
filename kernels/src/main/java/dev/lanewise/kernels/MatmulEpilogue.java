package dev.lanewise.kernels;

import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * What is done with a product when its sums are complete: {@code C = f(C + R)}, each element rounded once more by the
 * addition.
 *
 * @param residual R, of the shape of C; null where there is none
 * @param activation f
 */
record MatmulEpilogue(Tensor residual, Activation activation) {
    /** Leaves the sums as they are. */
    static final MatmulEpilogue NONE = new MatmulEpilogue(null, Activation.IDENTITY);

    /** Refuses a residual that does not fit C. */
    void check(Tensor c) {
        if (residual == null) {
            return;
        }
        if (!residual.shape().equals(c.shape())) {
            throw new ShapeMismatchException(
                    "matmul: the residual is " + residual.shape() + ", c is " + c.shape() + "; they must be alike");
        }
        MatmulShape.refuseOverlap("the residual", residual, c);
    }

    /**
     * Returns what finishes the blocks of one product while they are still in the cache.
     *
     * @param c the whole result
     * @param first index within c of the product's first element
     * @param n columns of the product
     * @return the blocks' finish; null where nothing is left to do
     */
    FloatProduct.Finish of(Tensor c, int first, int n) {
        if (residual == null && activation == Activation.IDENTITY) {
            return null;
        }
        return (row, rows, column, columns) -> {
            for (int i = row; i < row + rows; i++) {
                finishRow(c, first + i * n + column, columns);
            }
        };
    }

    private void finishRow(Tensor c, int from, int columns) {
        float[] array = c.array();
        int at = c.offset() + from;
        if (residual != null) {
            add(residual.array(), residual.offset() + from, array, at, columns);
        }
        if (activation != Activation.IDENTITY) {
            Activations.applyRange(activation, array, at, at + columns);
        }
    }

    private static void add(float[] r, int r0, float[] c, int c0, int columns) {
        for (int j = 0; j < columns; j++) {
            c[c0 + j] += r[r0 + j];
        }
    }
}
