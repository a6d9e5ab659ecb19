package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Matrix product: {@code C = f(start + op(A) op(B))}, where {@code op} may transpose, {@code start} is 0, a bias row or
 * C itself, and {@code f} is an activation.
 *
 * <p>Each element of C is one chain of fused multiply-adds that begins with the start value and takes the products in
 * ascending order: the same bits for every thread count and vector width.
 *
 * <p>A constant of this class describes the transposes; {@link #accumulating} and {@link #with} describe what else is
 * done; {@link #run(Tensor, Tensor, Tensor, Parallelism, Workspace) run} does it. Immutable.
 */
public final class Matmul {
    /** {@code C = A B}: A is [m, k], B is [k, n]. */
    public static final Matmul NN = new Matmul(false, false, false, Activation.IDENTITY);

    /** {@code C = A B^T}: A is [m, k], B is [n, k]. */
    public static final Matmul NT = new Matmul(false, true, false, Activation.IDENTITY);

    /** {@code C = A^T B}: A is [k, m], B is [k, n]. */
    public static final Matmul TN = new Matmul(true, false, false, Activation.IDENTITY);

    /** {@code C = A^T B^T}: A is [k, m], B is [n, k]. */
    public static final Matmul TT = new Matmul(true, true, false, Activation.IDENTITY);

    private final boolean transposeA;
    private final boolean transposeB;
    private final boolean accumulate;
    private final Activation activation;

    private Matmul(boolean transposeA, boolean transposeB, boolean accumulate, Activation activation) {
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        this.accumulate = accumulate;
        this.activation = activation;
    }

    /**
     * Returns the product that is added to what C holds: {@code C = f(C + op(A) op(B))}.
     *
     * @return the description
     */
    public Matmul accumulating() {
        return new Matmul(transposeA, transposeB, true, activation);
    }

    /**
     * Returns the product with an activation applied to the result.
     *
     * @param f the activation
     * @return the description
     */
    public Matmul with(Activation f) {
        return new Matmul(transposeA, transposeB, accumulate, f);
    }

    /**
     * Computes the product, without a bias.
     *
     * @param a the left factor, [m, k], or [k, m] if transposed
     * @param b the right factor, [k, n], or [n, k] if transposed
     * @param c receives the product, [m, n]; must not overlap a or b
     * @param parallelism the threads
     * @param workspace scratch memory, for a packed copy of b
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps a factor
     */
    public void run(Tensor a, Tensor b, Tensor c, Parallelism parallelism, Workspace workspace) {
        check(a, b, c);
        compute(a, b, accumulate ? c : null, c, parallelism, workspace);
    }

    /**
     * Computes the product plus a bias row: {@code C(i, j) = f(bias(j) + sum over p of A(i, p) B(p, j))}.
     *
     * @param a the left factor, [m, k], or [k, m] if transposed
     * @param b the right factor, [k, n], or [n, k] if transposed
     * @param bias added to each row, [n]; must not overlap c
     * @param c receives the product, [m, n]; must not overlap a or b
     * @param parallelism the threads
     * @param workspace scratch memory, for a packed copy of b
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument, or this description accumulates
     */
    public void run(Tensor a, Tensor b, Tensor bias, Tensor c, Parallelism parallelism, Workspace workspace) {
        check(a, b, c);
        if (accumulate) {
            throw new IllegalArgumentException(
                    "matmul: a bias and accumulation exclude each other; both give the start value");
        }
        if (bias.shape().rank() != 1 || bias.size() != c.shape().extent(1)) {
            throw new ShapeMismatchException("matmul: bias is " + bias.shape() + ", c is " + c.shape()
                    + "; bias must have one element for each column of c");
        }
        refuseOverlap("bias", bias, c);
        compute(a, b, bias, c, parallelism, workspace);
    }

    private void compute(Tensor a, Tensor b, Tensor start, Tensor c, Parallelism parallelism, Workspace workspace) {
        int n = c.shape().extent(1);
        int k = a.shape().extent(transposeA ? 0 : 1);
        FloatGemm.run(
                transposeA,
                transposeB,
                c.shape().extent(0),
                n,
                k,
                1,
                a.array(),
                a.offset(),
                a.shape().extent(1),
                b.array(),
                b.offset(),
                b.shape().extent(1),
                start == null ? null : start.array(),
                start == null ? 0 : start.offset(),
                start == c ? n : 0,
                c.array(),
                c.offset(),
                n,
                activation == Activation.IDENTITY
                        ? null
                        : (row, rows, from, columns) -> activate(c, row, rows, from, columns),
                parallelism,
                workspace);
    }

    /** Applies the activation to a block of C while it is still in the cache. */
    private void activate(Tensor c, int row, int rows, int column, int columns) {
        int n = c.shape().extent(1);
        for (int i = row; i < row + rows; i++) {
            int at = c.offset() + i * n + column;
            Activations.applyRange(activation, c.array(), at, at + columns);
        }
    }

    private void check(Tensor a, Tensor b, Tensor c) {
        requireMatrix("a", a);
        requireMatrix("b", b);
        requireMatrix("c", c);
        int m = a.shape().extent(transposeA ? 1 : 0);
        int k = a.shape().extent(transposeA ? 0 : 1);
        int n = b.shape().extent(transposeB ? 0 : 1);
        int rowsOfB = b.shape().extent(transposeB ? 1 : 0);
        if (k != rowsOfB) {
            throw new ShapeMismatchException("matmul: " + describe(a, b) + "; " + (transposeA ? "rows" : "columns")
                    + " of a (" + k + ") must equal " + (transposeB ? "columns" : "rows") + " of b (" + rowsOfB + ")");
        }
        if (!c.shape().equals(Shape.of(m, n))) {
            throw new ShapeMismatchException(
                    "matmul: " + describe(a, b) + ", c is " + c.shape() + "; c must be " + m + "x" + n);
        }
        refuseOverlap("a", a, c);
        refuseOverlap("b", b, c);
    }

    private String describe(Tensor a, Tensor b) {
        return "a is " + a.shape() + (transposeA ? " transposed" : "") + ", b is " + b.shape()
                + (transposeB ? " transposed" : "");
    }

    private static void requireMatrix(String name, Tensor tensor) {
        if (tensor.shape().rank() != 2) {
            throw new ShapeMismatchException("matmul: " + name + " is " + tensor.shape() + "; it must have two axes");
        }
    }

    private static void refuseOverlap(String name, Tensor tensor, Tensor c) {
        if (tensor.overlaps(c)) {
            throw new IllegalArgumentException("matmul: c overlaps " + name + "; the result needs elements of its own");
        }
    }
}
