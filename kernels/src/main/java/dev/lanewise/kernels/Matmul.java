package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Matrix product: {@code C = f((start + op(A) op(B)) + R)}, where {@code op} may transpose, {@code start} is 0, a bias row
 * or C itself, {@code R} is nothing or a residual matrix, and {@code f} is an activation.
 *
 * <p>Each element of C is one chain of fused multiply-adds that begins with the start value and takes the products in
 * ascending order: the same bits for every thread count and vector width.
 *
 * <p>A constant of this class describes the transposes; {@link #accumulating} and {@link #with} describe what else is
 * done; {@link #run(Tensor, Tensor, Tensor, Parallelism, Workspace) run} does it. Immutable.
 */
public final class Matmul {
    /** {@code C = A B}: A is [m, k], B is [k, n]. */
    public static final Matmul NN = new Matmul(false, false, false, null, Activation.IDENTITY);

    /** {@code C = A B^T}: A is [m, k], B is [n, k]. */
    public static final Matmul NT = new Matmul(false, true, false, null, Activation.IDENTITY);

    /** {@code C = A^T B}: A is [k, m], B is [k, n]. */
    public static final Matmul TN = new Matmul(true, false, false, null, Activation.IDENTITY);

    /** {@code C = A^T B^T}: A is [k, m], B is [n, k]. */
    public static final Matmul TT = new Matmul(true, true, false, null, Activation.IDENTITY);

    private final boolean transposeA;
    private final boolean transposeB;
    private final boolean accumulate;

    /** Null where there is none. */
    private final Tensor residual;

    private final Activation activation;

    private Matmul(boolean transposeA, boolean transposeB, boolean accumulate, Tensor residual, Activation activation) {
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        this.accumulate = accumulate;
        this.residual = residual;
        this.activation = activation;
    }

    /**
     * Returns the product that is added to what C holds: {@code C = f(C + op(A) op(B))}.
     *
     * @return the description
     */
    public Matmul accumulating() {
        return new Matmul(transposeA, transposeB, true, residual, activation);
    }

    /**
     * Returns the product with an activation applied to the result.
     *
     * @param f the activation
     * @return the description
     */
    public Matmul with(Activation f) {
        return new Matmul(transposeA, transposeB, accumulate, residual, f);
    }

    /**
     * Returns the product to which a matrix is added when its sums are complete, before the activation: {@code C = f(C' +
     * R)}, one rounding more. This is how a block of a residual network ends.
     *
     * @param r the matrix R, [m, n]; must not overlap c when the product is computed
     * @return the description; it refers to r, and does not copy it
     */
    public Matmul plus(Tensor r) {
        return new Matmul(transposeA, transposeB, accumulate, r, activation);
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
        checkBias(bias, c);
        compute(a, b, bias, c, parallelism, workspace);
    }

    /**
     * Computes the product with a packed right factor, without a bias: the same bits as with the matrix itself.
     *
     * @param a the left factor, [m, k], or [k, m] if transposed
     * @param b the right factor, k rows and n columns; this description must not transpose it
     * @param c receives the product, [m, n]; must not overlap a
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps a, or this description transposes b
     */
    public void run(Tensor a, PackedMatrix b, Tensor c, Parallelism parallelism, Workspace workspace) {
        check(a, b, c);
        compute(a, b, accumulate ? c : null, c, parallelism, workspace);
    }

    /**
     * Computes the product with a packed right factor plus a bias row: the same bits as with the matrix itself.
     *
     * @param a the left factor, [m, k], or [k, m] if transposed
     * @param b the right factor, k rows and n columns; this description must not transpose it
     * @param bias added to each row, [n]; must not overlap c
     * @param c receives the product, [m, n]; must not overlap a
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument, or this description accumulates or transposes b
     */
    public void run(Tensor a, PackedMatrix b, Tensor bias, Tensor c, Parallelism parallelism, Workspace workspace) {
        check(a, b, c);
        checkBias(bias, c);
        compute(a, b, bias, c, parallelism, workspace);
    }

    private void checkBias(Tensor bias, Tensor c) {
        if (accumulate) {
            throw new IllegalArgumentException(
                    "matmul: a bias and accumulation exclude each other; both give the start value");
        }
        if (bias.shape().rank() != 1 || bias.size() != c.shape().extent(1)) {
            throw new ShapeMismatchException("matmul: bias is " + bias.shape() + ", c is " + c.shape()
                    + "; bias must have one element for each column of c");
        }
        refuseOverlap("bias", bias, c);
    }

    private void check(Tensor a, PackedMatrix b, Tensor c) {
        if (transposeB) {
            throw new IllegalArgumentException(
                    "matmul: b is packed; a packed matrix can't be transposed, but a transposed one can be packed");
        }
        requireMatrix("a", a);
        requireMatrix("c", c);
        int m = a.shape().extent(transposeA ? 1 : 0);
        int k = a.shape().extent(transposeA ? 0 : 1);
        String factors = "a is " + a.shape() + (transposeA ? " transposed" : "") + ", b is packed, " + b.rows() + "x"
                + b.columns();
        if (k != b.rows()) {
            throw new ShapeMismatchException("matmul: " + factors + "; " + (transposeA ? "rows" : "columns") + " of a ("
                    + k + ") must equal rows of b (" + b.rows() + ")");
        }
        if (!c.shape().equals(Shape.of(m, b.columns()))) {
            throw new ShapeMismatchException(
                    "matmul: " + factors + ", c is " + c.shape() + "; c must be " + m + "x" + b.columns());
        }
        refuseOverlap("a", a, c);
        checkResidual(c);
    }

    private void compute(
            Tensor a, PackedMatrix b, Tensor start, Tensor c, Parallelism parallelism, Workspace workspace) {
        int m = c.shape().extent(0);
        int n = b.columns();
        int lda = a.shape().extent(1);
        float[] s = start == null ? null : start.array();
        int s0 = start == null ? 0 : start.offset();
        int sRow = start == c ? n : 0;
        FloatGemm.Finish finish = finish(c);
        if (FloatGemm.isNarrow(n)) {
            FloatGemm.run(
                    transposeA,
                    false,
                    m,
                    n,
                    b.rows(),
                    1,
                    a.array(),
                    a.offset(),
                    lda,
                    b.panels(),
                    0,
                    n,
                    s,
                    s0,
                    sRow,
                    c.array(),
                    c.offset(),
                    n,
                    finish,
                    parallelism,
                    workspace);
            return;
        }
        FloatGemm.runPanels(
                transposeA,
                m,
                n,
                b.rows(),
                a.array(),
                a.offset(),
                lda,
                b.panels(),
                s,
                s0,
                sRow,
                c.array(),
                c.offset(),
                n,
                finish,
                parallelism,
                workspace);
    }

    private FloatGemm.Finish finish(Tensor c) {
        if (residual == null && activation == Activation.IDENTITY) {
            return null;
        }
        return (row, rows, from, columns) -> finish(c, row, rows, from, columns);
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
                finish(c),
                parallelism,
                workspace);
    }

    /** Adds the residual to a block of C and applies the activation, while the block is still in the cache. */
    private void finish(Tensor c, int row, int rows, int column, int columns) {
        int n = c.shape().extent(1);
        for (int i = row; i < row + rows; i++) {
            int at = c.offset() + i * n + column;
            if (residual != null) {
                add(residual.array(), residual.offset() + i * n + column, c.array(), at, columns);
            }
            if (activation != Activation.IDENTITY) {
                Activations.applyRange(activation, c.array(), at, at + columns);
            }
        }
    }

    private static void add(float[] r, int r0, float[] c, int c0, int columns) {
        for (int j = 0; j < columns; j++) {
            c[c0 + j] += r[r0 + j];
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
        checkResidual(c);
    }

    private void checkResidual(Tensor c) {
        if (residual == null) {
            return;
        }
        if (!residual.shape().equals(c.shape())) {
            throw new ShapeMismatchException(
                    "matmul: the residual is " + residual.shape() + ", c is " + c.shape() + "; they must be alike");
        }
        refuseOverlap("the residual", residual, c);
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
