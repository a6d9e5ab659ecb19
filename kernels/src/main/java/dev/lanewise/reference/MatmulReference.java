package dev.lanewise.reference;

/**
 * The matrix product, one number at a time: {@code C = start + alpha op(A) op(B)}, where {@code op} may transpose.
 *
 * <p>Arrays are row-major. A is [m, k], or [k, m] if transposed; B is [k, n], or [n, k] if transposed; the start value
 * and C are [m, n]. A batch holds such matrices one after another.
 *
 * @param rows rows of C, m
 * @param columns columns of C, n
 * @param depth the length of each sum, k
 * @param transposeA whether A is stored transposed
 * @param transposeB whether B is stored transposed
 */
public record MatmulReference(int rows, int columns, int depth, boolean transposeA, boolean transposeB) {
    /**
     * Computes what is true: the textbook sum in {@code double}.
     *
     * @param a the left factor
     * @param b the right factor
     * @param start what each sum is added to
     * @return C
     */
    public double[] product(double[] a, double[] b, double[] start) {
        return products(1, 1, a, b, start);
    }

    /**
     * Computes which bits: each element is one chain of fused multiply-adds that begins with the start value and takes
     * the products in ascending order.
     *
     * @param a the left factor
     * @param b the right factor
     * @param start what each chain begins with
     * @return C
     */
    public float[] product(float[] a, float[] b, float[] start) {
        return products(1, 1, a, b, start);
    }

    /**
     * Computes what is true of a batch: {@code C_q = start_q + alpha op(A_q) op(B_q)}, the textbook sums in {@code double}.
     *
     * @param batch how many products
     * @param alpha factor of the products; if 0, A and B are not read
     * @param a the left factors, or one for all
     * @param b the right factors, or one for all
     * @param start what each sum is added to
     * @return the C
     */
    public double[] products(int batch, double alpha, double[] a, double[] b, double[] start) {
        int strideA = stride(batch, a.length, rows * depth);
        int strideB = stride(batch, b.length, depth * columns);
        double[] c = start.clone();
        for (int at = 0; at < c.length && alpha != 0; at++) {
            int q = at / (rows * columns);
            int i = at / columns % rows;
            int j = at % columns;
            double sum = 0;
            for (int p = 0; p < depth; p++) {
                sum += a[q * strideA + positionA(i, p)] * b[q * strideB + positionB(p, j)];
            }
            c[at] += alpha * sum;
        }
        return c;
    }

    /**
     * Computes which bits a batch has: each element is one chain of fused multiply-adds that begins with the start value
     * and takes {@code A(i, p) * (alpha B(p, j))} in ascending order.
     *
     * @param batch how many products
     * @param alpha factor of the products; if 0, A and B are not read
     * @param a the left factors, or one for all
     * @param b the right factors, or one for all
     * @param start what each chain begins with
     * @return the C
     */
    public float[] products(int batch, float alpha, float[] a, float[] b, float[] start) {
        int strideA = stride(batch, a.length, rows * depth);
        int strideB = stride(batch, b.length, depth * columns);
        float[] c = start.clone();
        for (int at = 0; at < c.length && alpha != 0; at++) {
            int q = at / (rows * columns);
            int i = at / columns % rows;
            int j = at % columns;
            for (int p = 0; p < depth; p++) {
                float scaled = alpha * b[q * strideB + positionB(p, j)];
                c[at] = Math.fma(a[q * strideA + positionA(i, p)], scaled, c[at]);
            }
        }
        return c;
    }

    /**
     * Computes the start value beta C.
     *
     * @param beta factor of C; if 0, C is not read
     * @param c what C holds
     * @return what the chains begin with
     */
    public static float[] scaled(float beta, float[] c) {
        float[] start = new float[c.length];
        for (int i = 0; i < c.length && beta != 0; i++) {
            start[i] = beta * c[i];
        }
        return start;
    }

    /** A factor that is no batch is that of every product. */
    private static int stride(int batch, int length, int size) {
        return length == batch * size ? size : 0;
    }

    private int positionA(int i, int p) {
        return transposeA ? p * rows + i : i * depth + p;
    }

    private int positionB(int p, int j) {
        return transposeB ? j * depth + p : p * columns + j;
    }
}
