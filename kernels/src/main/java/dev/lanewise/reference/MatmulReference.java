package dev.lanewise.reference;

/**
 * The matrix product, one number at a time: {@code C = start + op(A) op(B)}, where {@code op} may transpose.
 *
 * <p>Arrays are row-major. A is [m, k], or [k, m] if transposed; B is [k, n], or [n, k] if transposed; the start value
 * and C are [m, n].
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
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = start[i * columns + j];
                for (int p = 0; p < depth; p++) {
                    sum += a[positionA(i, p)] * b[positionB(p, j)];
                }
                c[i * columns + j] = sum;
            }
        }
        return c;
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
        float[] c = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                float sum = start[i * columns + j];
                for (int p = 0; p < depth; p++) {
                    sum = Math.fma(a[positionA(i, p)], b[positionB(p, j)], sum);
                }
                c[i * columns + j] = sum;
            }
        }
        return c;
    }

    private int positionA(int i, int p) {
        return transposeA ? p * rows + i : i * depth + p;
    }

    private int positionB(int p, int j) {
        return transposeB ? j * depth + p : p * columns + j;
    }
}
