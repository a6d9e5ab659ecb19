package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Matrix products of tensors: {@code C = f(start + alpha op(A) op(B) + R)}, where {@code op} may transpose, {@code start}
 * is beta C or a bias row, {@code R} is nothing or a residual, and {@code f} is an activation.
 *
 * <p>A and B are matrices or batches of matrices with one more axis outside. If one of them is a batch, so is C; a single
 * matrix is then the factor of every product. The bias is that of every product, a residual has the shape of C.
 *
 * <pre>
 *   A          B          C
 *   [m, k]     [k, n]     [m, n]
 *   [b, m, k]  [b, k, n]  [b, m, n]     C_q = A_q B_q
 *   [b, m, k]  [k, n]     [b, m, n]     C_q = A_q B
 *   [m, k]     [b, k, n]  [b, m, n]     C_q = A B_q
 * </pre>
 *
 * <p>Each element of C is one chain of fused multiply-adds, which begins with the start value and takes {@code A(i, p) *
 * (alpha B(p, j))} in ascending order of p, for every thread count and vector width. So a row of C has the same bits alone as
 * in a batch, and with a {@link PackedMatrix} as with the matrix. They are the bits of {@link FloatBlas#gemm}, but for a
 * matrix times a vector, for which that may take dot products. If beta is 0, C is not read; if alpha is 0, A and B are not read.
 *
 * <p>A constant of this class describes the transposes; {@link #withAlpha}, {@link #withBeta}, {@link #plus} and {@link
 * #with} describe what else is done; {@link #run(Tensor, Tensor, Tensor, Parallelism, Workspace) run} does it. Immutable.
 */
public final class Matmul {
    /** {@code C = A B}: A is [m, k], B is [k, n]. */
    public static final Matmul NN = new Matmul(false, false, 1, 0, MatmulEpilogue.NONE);

    /** {@code C = A B^T}: A is [m, k], B is [n, k]. */
    public static final Matmul NT = new Matmul(false, true, 1, 0, MatmulEpilogue.NONE);

    /** {@code C = A^T B}: A is [k, m], B is [k, n]. */
    public static final Matmul TN = new Matmul(true, false, 1, 0, MatmulEpilogue.NONE);

    /** {@code C = A^T B^T}: A is [k, m], B is [n, k]. */
    public static final Matmul TT = new Matmul(true, true, 1, 0, MatmulEpilogue.NONE);

    private final boolean transposeA;
    private final boolean transposeB;
    private final float alpha;
    private final float beta;
    private final MatmulEpilogue epilogue;

    private Matmul(boolean transposeA, boolean transposeB, float alpha, float beta, MatmulEpilogue epilogue) {
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        this.alpha = alpha;
        this.beta = beta;
        this.epilogue = epilogue;
    }

    /**
     * Returns the product with another factor alpha: {@code C = f(start + alpha op(A) op(B))}. It is 1 in the constants.
     *
     * @param factor alpha; each element of B is multiplied by it first, which rounds; if 0, A and B are not read, so that a
     *     NaN in them is not seen
     * @return the description
     */
    public Matmul withAlpha(float factor) {
        return new Matmul(transposeA, transposeB, factor, beta, epilogue);
    }

    /**
     * Returns the product that is added to beta times what C holds: {@code C = f(beta C + op(A) op(B))}. Beta is 0 in the
     * constants.
     *
     * @param factor beta; each element of C is multiplied by it first, which rounds; if 0, C is not read, so that a NaN in
     *     it does not survive
     * @return the description
     */
    public Matmul withBeta(float factor) {
        return new Matmul(transposeA, transposeB, alpha, factor, epilogue);
    }

    /**
     * Returns the product that is added to what C holds, {@code C = f(C + op(A) op(B))}: that with a beta of 1.
     *
     * @return the description
     */
    public Matmul accumulating() {
        return withBeta(1);
    }

    /**
     * Returns the product with an activation applied to the result.
     *
     * @param f the activation
     * @return the description
     */
    public Matmul with(Activation f) {
        return new Matmul(transposeA, transposeB, alpha, beta, new MatmulEpilogue(epilogue.residual(), f));
    }

    /**
     * Returns the product to which a matrix is added when its sums are complete, before the activation: {@code C = f(C' +
     * R)}, one rounding more. This is how a block of a residual network ends.
     *
     * @param r the residual R, of the shape of C; must not overlap c when the product is computed
     * @return the description; it refers to r, and does not copy it
     */
    public Matmul plus(Tensor r) {
        return new Matmul(transposeA, transposeB, alpha, beta, new MatmulEpilogue(r, epilogue.activation()));
    }

    /**
     * Computes the product, or each of a batch, without a bias.
     *
     * @param a the left factor, [m, k] or [batch, m, k]; [k, m] or [batch, k, m] if transposed
     * @param b the right factor, [k, n] or [batch, k, n]; [n, k] or [batch, n, k] if transposed
     * @param c receives the product, [m, n], or [batch, m, n] if a or b is a batch; must not overlap a or b
     * @param parallelism the threads
     * @param workspace scratch memory, for a packed copy of b
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument; c is untouched then
     */
    public void run(Tensor a, Tensor b, Tensor c, Parallelism parallelism, Workspace workspace) {
        MatmulShape shape = MatmulShape.of(transposeA, a, transposeB, b, c);
        epilogue.check(c);
        MatmulRun.of(this, shape, a, b, null, c).run(parallelism, workspace);
    }

    /**
     * Computes the product, or each of a batch, plus a bias row: {@code C(i, j) = f(bias(j) + alpha sum over p of A(i, p)
     * B(p, j))}. The chains begin with the bias, so beta must be 0.
     *
     * @param a the left factor, [m, k] or [batch, m, k]; [k, m] or [batch, k, m] if transposed
     * @param b the right factor, [k, n] or [batch, k, n]; [n, k] or [batch, n, k] if transposed
     * @param bias added to each row, [n]; must not overlap c
     * @param c receives the product, [m, n], or [batch, m, n] if a or b is a batch; must not overlap a or b
     * @param parallelism the threads
     * @param workspace scratch memory, for a packed copy of b
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument, or beta is not 0; c is untouched then
     */
    public void run(Tensor a, Tensor b, Tensor bias, Tensor c, Parallelism parallelism, Workspace workspace) {
        MatmulShape shape = MatmulShape.of(transposeA, a, transposeB, b, c);
        checkBias(bias, c);
        epilogue.check(c);
        MatmulRun.of(this, shape, a, b, bias, c).run(parallelism, workspace);
    }

    /**
     * Computes the product, or each of a batch, with a packed right factor, without a bias: the same bits as with the
     * matrix itself. An alpha other than 0 and 1 costs a scaled copy of the packed matrix.
     *
     * @param a the left factor, [m, k] or [batch, m, k]; [k, m] or [batch, k, m] if transposed
     * @param b the right factor, k rows and n columns; this description must not transpose it
     * @param c receives the product, [m, n], or [batch, m, n] if a is a batch; must not overlap a
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument, or this description transposes b; c is untouched
     *     then
     */
    public void run(Tensor a, PackedMatrix b, Tensor c, Parallelism parallelism, Workspace workspace) {
        refuseTransposedB();
        MatmulShape shape = MatmulShape.of(transposeA, a, b, c);
        epilogue.check(c);
        MatmulRun.of(this, shape, a, b, null, c).run(parallelism, workspace);
    }

    /**
     * Computes the product, or each of a batch, with a packed right factor plus a bias row: the same bits as with the
     * matrix itself. An alpha other than 0 and 1 costs a scaled copy of the packed matrix.
     *
     * @param a the left factor, [m, k] or [batch, m, k]; [k, m] or [batch, k, m] if transposed
     * @param b the right factor, k rows and n columns; this description must not transpose it
     * @param bias added to each row, [n]; must not overlap c
     * @param c receives the product, [m, n], or [batch, m, n] if a is a batch; must not overlap a
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws ShapeMismatchException if the shapes do not fit; c is untouched then
     * @throws IllegalArgumentException if c overlaps another argument, beta is not 0, or this description transposes b; c
     *     is untouched then
     */
    public void run(Tensor a, PackedMatrix b, Tensor bias, Tensor c, Parallelism parallelism, Workspace workspace) {
        refuseTransposedB();
        MatmulShape shape = MatmulShape.of(transposeA, a, b, c);
        checkBias(bias, c);
        epilogue.check(c);
        MatmulRun.of(this, shape, a, b, bias, c).run(parallelism, workspace);
    }

    private void refuseTransposedB() {
        if (transposeB) {
            throw new IllegalArgumentException(
                    "matmul: b is packed; a packed matrix can't be transposed, but a transposed one can be packed");
        }
    }

    private void checkBias(Tensor bias, Tensor c) {
        if (beta != 0) {
            throw new IllegalArgumentException(
                    "matmul: beta is " + beta + " and there is a bias; both give the start value, so beta must be 0");
        }
        MatmulShape.checkBias(bias, c);
    }

    boolean transposeA() {
        return transposeA;
    }

    boolean transposeB() {
        return transposeB;
    }

    float alpha() {
        return alpha;
    }

    float beta() {
        return beta;
    }

    MatmulEpilogue epilogue() {
        return epilogue;
    }
}
