package dev.lanewise.reference;

/** The products of {@code FloatBlas}, one number at a time, in its order. */
public final class FloatBlasReference {
    /** How many sums a dot product is split into: as many as a 512-bit vector has lanes. */
    private static final int LANES = 64 / Float.BYTES;

    private FloatBlasReference() {}

    /**
     * Computes {@code C = beta C + alpha op(A) op(B)}: each element is one chain of fused multiply-adds that begins with
     * {@code beta C(i, j)}, or 0 if beta is 0, and takes {@code A(i, p) * (alpha B(p, j))} in ascending order. If k is at least
     * twice the lanes, and m is 1 and B transposed, or n is 1 and A is not, it is {@code fma(alpha, dot, beta C(i, j))}: lane l of the dot product sums the
     * products p with {@code p % lanes == l} by fused multiply-adds in ascending order, then the upper half of the lanes is
     * added to the lower until one is left.
     *
     * @param transposeA whether A is stored transposed
     * @param transposeB whether B is stored transposed
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sums
     * @param alpha factor of the product
     * @param a holds A
     * @param aOffset index of its first element
     * @param lda from row to row of A as it is stored
     * @param b holds B
     * @param bOffset index of its first element
     * @param ldb from row to row of B as it is stored
     * @param beta factor of C; if 0, C is not read
     * @param c holds C
     * @param cOffset index of its first element
     * @param ldc from row to row of C
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
            int ldc) {
        boolean dots = k >= 2 * LANES && ((m == 1 && transposeB) || (n == 1 && !transposeA));
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int at = cOffset + i * ldc + j;
                float sum = beta == 0 ? 0 : beta * c[at];
                int aFirst = aOffset + (transposeA ? i : i * lda);
                int bFirst = bOffset + (transposeB ? j * ldb : j);
                int aStep = transposeA ? lda : 1;
                int bStep = transposeB ? 1 : ldb;
                if (dots && alpha != 0) {
                    sum = Math.fma(alpha, dot(k, a, aFirst, aStep, b, bFirst, bStep), sum);
                }
                for (int p = 0; p < k && alpha != 0 && !dots; p++) {
                    sum = Math.fma(a[aFirst + p * aStep], alpha * b[bFirst + p * bStep], sum);
                }
                c[at] = sum;
            }
        }
    }

    /**
     * Computes a dot product in lanes.
     *
     * @param k the length of the sum
     * @param a holds the first factors
     * @param a0 index of the first of them
     * @param aStep from one to the next
     * @param b holds the second factors
     * @param b0 index of the first of them
     * @param bStep from one to the next
     * @return the sum
     */
    static float dot(int k, float[] a, int a0, int aStep, float[] b, int b0, int bStep) {
        float[] lanes = new float[LANES];
        for (int p = 0; p < k; p++) {
            lanes[p % LANES] = Math.fma(a[a0 + p * aStep], b[b0 + p * bStep], lanes[p % LANES]);
        }
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }

    /**
     * Computes {@code y = beta y + alpha op(A) x} by {@link #gemm}, with x as a column, or transposed with x as a row.
     *
     * @param transposeA whether the product is with A transposed
     * @param m rows of A
     * @param n columns of A
     * @param alpha factor of the product
     * @param a holds A
     * @param aOffset index of its first element
     * @param lda from row to row of A
     * @param x holds x, of n elements, or m if transposed
     * @param xOffset index of its first element
     * @param beta factor of y; if 0, y is not read
     * @param y holds y, of m elements, or n if transposed
     * @param yOffset index of its first element
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
            int yOffset) {
        if (transposeA) {
            gemm(false, false, 1, n, m, alpha, x, xOffset, m, a, aOffset, lda, beta, y, yOffset, n);
            return;
        }
        gemm(false, false, m, 1, n, alpha, a, aOffset, lda, x, xOffset, 1, beta, y, yOffset, 1);
    }
}
