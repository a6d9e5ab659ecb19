package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Arrays;

/**
 * Products of matrices and vectors in plain arrays, with the arguments of the BLAS ({@code sgemm}, {@code sgemv} in
 * row-major order; Dongarra et al., "A Set of Level 3 Basic Linear Algebra Subprograms", ACM TOMS 16, 1990).
 *
 * <p>A matrix lies in an array from an offset on, its rows at the distance of its leading dimension. The bits of a result
 * depend neither on the number of threads nor on the width of vectors. Thread-safe, but for the workspace.
 */
public final class FloatBlas {
    private FloatBlas() {}

    /**
     * Computes {@code C = beta C + alpha op(A) op(B)}, where {@code op} may transpose.
     *
     * <p>Each element is one chain of fused multiply-adds, which begins with {@code beta C(i, j)} and takes {@code A(i, p) *
     * (alpha B(p, j))} in ascending order of p. Only a matrix times a vector, both of which lie along the sums (m is 1 and
     * B transposed, or n is 1 and A is not), is dot products if k is at least twice the lanes of a 512-bit vector: {@code
     * fma(alpha, dot, beta C(i, j))}. Lane l of the dot product sums the products p with {@code p % lanes == l}, ascending;
     * then the upper half of the lanes is added to the lower until one is left. If beta is 0, C is not read and 0 stands for
     * it; if alpha is 0, A and B are not read.
     *
     * @param transposeA whether A is stored transposed
     * @param transposeB whether B is stored transposed
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param alpha factor of the product
     * @param a holds A, [m, k], or [k, m] if transposed
     * @param aOffset index of its first element
     * @param lda from row to row of A as it is stored, at least its columns
     * @param b holds B, [k, n], or [n, k] if transposed
     * @param bOffset index of its first element
     * @param ldb from row to row of B as it is stored, at least its columns
     * @param beta factor of C
     * @param c holds C, [m, n]; may be in the array of A or B only if its rows lie before or after all of theirs
     * @param cOffset index of its first element
     * @param ldc from row to row of C, at least n; what lies between the rows is not touched
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws IllegalArgumentException if a size is negative, a leading dimension too small, a matrix reaches past its
     *     array, or C overlaps a factor; C is untouched then
     */
    public static void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float beta,
            float[] c,
            int cOffset,
            int ldc,
            Parallelism parallelism,
            Workspace workspace) {
        BlasChecks.sizes("gemm", m, n, k);
        int rowsA = transposeA ? k : m;
        int columnsA = transposeA ? m : k;
        int rowsB = transposeB ? n : k;
        int columnsB = transposeB ? k : n;
        BlasChecks.matrix("gemm", "a", a.length, aOffset, rowsA, columnsA, lda);
        BlasChecks.matrix("gemm", "b", b.length, bOffset, rowsB, columnsB, ldb);
        BlasChecks.matrix("gemm", "c", c.length, cOffset, m, n, ldc);
        long endC = BlasChecks.end(cOffset, m, n, ldc);
        BlasChecks.apart("gemm", "a", a, aOffset, BlasChecks.end(aOffset, rowsA, columnsA, lda), c, cOffset, endC);
        BlasChecks.apart("gemm", "b", b, bOffset, BlasChecks.end(bOffset, rowsB, columnsB, ldb), c, cOffset, endC);
        product(
                transposeA,
                transposeB,
                m,
                n,
                k,
                alpha,
                a,
                aOffset,
                lda,
                b,
                bOffset,
                ldb,
                beta,
                c,
                cOffset,
                ldc,
                parallelism,
                workspace);
    }

    /**
     * Computes many products of one shape, whose matrices lie at fixed distances: {@code C_q = beta C_q + alpha op(A_q)
     * op(B_q)}. Each is what {@link #gemm} computes, to the bit.
     *
     * @param transposeA whether the A are stored transposed
     * @param transposeB whether the B are stored transposed
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sums
     * @param alpha factor of the products
     * @param a holds the A
     * @param aOffset index of the first element of the first
     * @param lda from row to row of an A
     * @param strideA from one A to the next, at least 0; 0 uses one A for all
     * @param b holds the B
     * @param bOffset index of the first element of the first
     * @param ldb from row to row of a B
     * @param strideB from one B to the next, at least 0; 0 uses one B for all
     * @param beta factor of the C
     * @param c holds the C
     * @param cOffset index of the first element of the first
     * @param ldc from row to row of a C
     * @param strideC from one C to the next; matrices must not overlap
     * @param batch how many products
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws IllegalArgumentException if a size, a stride or the batch is negative, a leading dimension too small, a
     *     matrix reaches past its array, or a C overlaps a factor or the next C; nothing is written then
     */
    public static void gemmBatched(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOffset,
            int lda,
            int strideA,
            float[] b,
            int bOffset,
            int ldb,
            int strideB,
            float beta,
            float[] c,
            int cOffset,
            int ldc,
            int strideC,
            int batch,
            Parallelism parallelism,
            Workspace workspace) {
        String operation = "gemmBatched";
        BlasChecks.sizes(operation, m, n, k);
        int rowsA = transposeA ? k : m;
        int columnsA = transposeA ? m : k;
        int rowsB = transposeB ? n : k;
        int columnsB = transposeB ? k : n;
        BlasChecks.batch(operation, "a", a.length, aOffset, rowsA, columnsA, lda, strideA, batch);
        BlasChecks.batch(operation, "b", b.length, bOffset, rowsB, columnsB, ldb, strideB, batch);
        BlasChecks.batch(operation, "c", c.length, cOffset, m, n, ldc, strideC, batch);
        if (batch > 1 && strideC < BlasChecks.end(0, m, n, ldc)) {
            throw new IllegalArgumentException("gemmBatched: c is " + m + "x" + n + " with rows " + ldc
                    + " apart, the stride of c is " + strideC + "; each c must end before the next");
        }
        long endA = BlasChecks.end(aOffset, rowsA, columnsA, lda, strideA, batch);
        long endB = BlasChecks.end(bOffset, rowsB, columnsB, ldb, strideB, batch);
        long endC = BlasChecks.end(cOffset, m, n, ldc, strideC, batch);
        BlasChecks.apart(operation, "a", a, aOffset, endA, c, cOffset, endC);
        BlasChecks.apart(operation, "b", b, bOffset, endB, c, cOffset, endC);

        GemmBatch.forEach(
                batch,
                (long) m * n * k,
                parallelism,
                workspace,
                (q, threads, scratch) -> product(
                        transposeA,
                        transposeB,
                        m,
                        n,
                        k,
                        alpha,
                        a,
                        aOffset + q * strideA,
                        lda,
                        b,
                        bOffset + q * strideB,
                        ldb,
                        beta,
                        c,
                        cOffset + q * strideC,
                        ldc,
                        threads,
                        scratch));
    }

    private static void product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float beta,
            float[] c,
            int cOffset,
            int ldc,
            Parallelism parallelism,
            Workspace workspace) {
        boolean nothingToAdd = alpha == 0 || k == 0;
        if (nothingToAdd || (beta != 0 && beta != 1)) {
            scale(beta, m, n, c, cOffset, ldc);
        }
        if (nothingToAdd || m == 0 || n == 0) {
            return;
        }
        if (!FloatMatrixVector.fits(transposeA, transposeB, m, n, k)) {
            FloatGemm.run(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    alpha,
                    a,
                    aOffset,
                    lda,
                    b,
                    bOffset,
                    ldb,
                    beta == 0 ? null : c,
                    cOffset,
                    ldc,
                    c,
                    cOffset,
                    ldc,
                    null,
                    parallelism,
                    workspace);
        } else if (n == 1 && !transposeA) {
            int xStep = transposeB ? 1 : ldb;
            FloatMatrixVector.run(
                    m,
                    k,
                    alpha,
                    a,
                    aOffset,
                    lda,
                    b,
                    bOffset,
                    xStep,
                    beta != 0,
                    c,
                    cOffset,
                    ldc,
                    parallelism,
                    workspace);
        } else {
            int xStep = transposeA ? lda : 1;
            FloatMatrixVector.run(
                    n, k, alpha, b, bOffset, ldb, a, aOffset, xStep, beta != 0, c, cOffset, 1, parallelism, workspace);
        }
    }

    /** Multiplies C by beta; what it held is not read if beta is 0. */
    static void scale(float beta, int m, int n, float[] c, int cOffset, int ldc) {
        // Empty rows need no place in the array, so there may be none at the distance of ldc.
        int rows = n == 0 || beta == 1 ? 0 : m;
        for (int i = 0; i < rows; i++) {
            int from = cOffset + i * ldc;
            if (beta == 0) {
                Arrays.fill(c, from, from + n, 0);
                continue;
            }
            for (int j = from; j < from + n; j++) {
                c[j] = beta * c[j];
            }
        }
    }

    /**
     * Computes {@code y = beta y + alpha op(A) x}, where {@code op} may transpose.
     *
     * <p>It is what {@link #gemm} computes, to the bit: not transposed with x as a column, transposed with x as a row. So not
     * transposed, the elements are dot products unless n is small, and transposed, chains. If beta is 0, y is not read; if
     * alpha is 0, A and x are not read.
     *
     * @param transposeA whether the product is with A transposed
     * @param m rows of A
     * @param n columns of A
     * @param alpha factor of the product
     * @param a holds A, [m, n]
     * @param aOffset index of its first element
     * @param lda from row to row of A, at least n
     * @param x holds x, of n elements, or m if transposed
     * @param xOffset index of its first element
     * @param beta factor of y
     * @param y holds y, of m elements, or n if transposed; must not overlap A or x
     * @param yOffset index of its first element
     * @param parallelism the threads
     * @param workspace scratch memory
     * @throws IllegalArgumentException if a size is negative, the leading dimension too small, an argument reaches past
     *     its array, or y overlaps A or x; y is untouched then
     */
    public static void gemv(
            boolean transposeA,
            int m,
            int n,
            float alpha,
            float[] a,
            int aOffset,
            int lda,
            float[] x,
            int xOffset,
            float beta,
            float[] y,
            int yOffset,
            Parallelism parallelism,
            Workspace workspace) {
        BlasChecks.sizes("gemv", m, n);
        int sizeX = transposeA ? m : n;
        int sizeY = transposeA ? n : m;
        BlasChecks.matrix("gemv", "a", a.length, aOffset, m, n, lda);
        BlasChecks.vector("gemv", "x", x.length, xOffset, sizeX);
        BlasChecks.vector("gemv", "y", y.length, yOffset, sizeY);
        long end = yOffset + (long) sizeY;
        BlasChecks.apart("gemv", "a", a, aOffset, BlasChecks.end(aOffset, m, n, lda), y, yOffset, end);
        BlasChecks.apart("gemv", "x", x, xOffset, xOffset + (long) sizeX, y, yOffset, end);
        if (transposeA) {
            int ldx = Math.max(1, m);
            int ldy = Math.max(1, n);
            product(
                    false,
                    false,
                    1,
                    n,
                    m,
                    alpha,
                    x,
                    xOffset,
                    ldx,
                    a,
                    aOffset,
                    lda,
                    beta,
                    y,
                    yOffset,
                    ldy,
                    parallelism,
                    workspace);
        } else {
            product(
                    false,
                    false,
                    m,
                    1,
                    n,
                    alpha,
                    a,
                    aOffset,
                    lda,
                    x,
                    xOffset,
                    1,
                    beta,
                    y,
                    yOffset,
                    1,
                    parallelism,
                    workspace);
        }
    }
}
