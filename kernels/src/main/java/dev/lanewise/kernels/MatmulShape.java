package dev.lanewise.kernels;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The sizes of a product on tensors, found in the shapes of its arguments and checked against each other. A is [m, k] or
 * [batch, m, k], B is [k, n] or [batch, k, n] (the last two axes exchanged where transposed), C is [batch, m, n] if A or B
 * is a batch, otherwise [m, n].
 *
 * @param batch how many products
 * @param m rows of each
 * @param n columns of each
 * @param k length of the sums
 * @param strideA from one A to the next; 0 where all share one
 * @param strideB from one B to the next; 0 where all share one
 */
record MatmulShape(int batch, int m, int n, int k, int strideA, int strideB) {
    /** The batch of a matrix that is none. */
    private static final int NO_BATCH = -1;

    /** Returns the sizes of a product with a tensor. */
    static MatmulShape of(boolean transposeA, Tensor a, boolean transposeB, Tensor b, Tensor c) {
        requireMatrices("a", a);
        requireMatrices("b", b);
        requireMatrices("c", c);
        Shape right = b.shape();
        int rows = right.extent(transposeB ? -1 : -2);
        int columns = right.extent(transposeB ? -2 : -1);
        MatmulShape shape = of(transposeA, a, transposeB, right, batch(right), rows, columns, c);
        refuseOverlap("a", a, c);
        refuseOverlap("b", b, c);
        return shape;
    }

    /** Returns the sizes of a product with a packed matrix. */
    static MatmulShape of(boolean transposeA, Tensor a, PackedMatrix b, Tensor c) {
        requireMatrices("a", a);
        requireMatrices("c", c);
        MatmulShape shape = of(transposeA, a, false, b, NO_BATCH, b.rows(), b.columns(), c);
        refuseOverlap("a", a, c);
        return shape;
    }

    private static MatmulShape of(
            boolean transposeA, Tensor a, boolean transposeB, Object b, int batchB, int rowsB, int n, Tensor c) {
        int m = a.shape().extent(transposeA ? -1 : -2);
        int k = a.shape().extent(transposeA ? -2 : -1);
        int batchA = batch(a.shape());
        if (k != rowsB) {
            throw new ShapeMismatchException("matmul: " + describe(transposeA, a, transposeB, b) + "; "
                    + (transposeA ? "rows" : "columns") + " of a (" + k + ") must equal "
                    + (transposeB ? "columns" : "rows") + " of b (" + rowsB + ")");
        }
        if (batchA >= 0 && batchB >= 0 && batchA != batchB) {
            throw new ShapeMismatchException("matmul: " + describe(transposeA, a, transposeB, b) + "; the batch of a ("
                    + batchA + ") must equal that of b (" + batchB + "), or one of them must be a single matrix");
        }
        int batch = Math.max(batchA, batchB);
        Shape shape = c.shape();
        if (batch(shape) != batch || shape.extent(-2) != m || shape.extent(-1) != n) {
            // Not a Shape: the product of its extents may overflow where k is 0.
            String rule = (batch >= 0 ? batch + "x" : "") + m + "x" + n;
            throw new ShapeMismatchException(
                    "matmul: " + describe(transposeA, a, transposeB, b) + ", c is " + shape + "; c must be " + rule);
        }
        if (batch == NO_BATCH) {
            return new MatmulShape(1, m, n, k, 0, 0);
        }
        if (batchB == NO_BATCH && !transposeA) {
            // The rows of all products follow one another: one product, which packs B once.
            return new MatmulShape(1, batch * m, n, k, 0, 0);
        }
        return new MatmulShape(batch, m, n, k, batchA >= 0 ? m * k : 0, batchB >= 0 ? k * n : 0);
    }

    /** Returns the multiply-adds of one product. */
    long work() {
        return (long) m * n * k;
    }

    /** Refuses a bias that has not one element for each column of C, or shares elements with it. */
    static void checkBias(Tensor bias, Tensor c) {
        if (bias.shape().rank() != 1 || bias.size() != c.shape().extent(-1)) {
            throw new ShapeMismatchException("matmul: bias is " + bias.shape() + ", c is " + c.shape()
                    + "; bias must have one element for each column of c");
        }
        refuseOverlap("bias", bias, c);
    }

    static void refuseOverlap(String name, Tensor tensor, Tensor c) {
        if (tensor.overlaps(c)) {
            throw new IllegalArgumentException("matmul: c overlaps " + name + "; the result needs elements of its own");
        }
    }

    private static void requireMatrices(String name, Tensor tensor) {
        int rank = tensor.shape().rank();
        if (rank != 2 && rank != 3) {
            throw new ShapeMismatchException(
                    "matmul: " + name + " is " + tensor.shape() + "; it must have two axes, or three if it is a batch");
        }
    }

    private static int batch(Shape shape) {
        return shape.rank() == 3 ? shape.extent(0) : NO_BATCH;
    }

    private static String describe(boolean transposeA, Tensor a, boolean transposeB, Object b) {
        return "a is " + a.shape() + (transposeA ? " transposed" : "") + ", b is " + b
                + (transposeB ? " transposed" : "");
    }
}
