package dev.lanewise.bench.gemm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matrix products {@code C = op(A) op(B)} to time, written {@code MxNxK}, with {@code :tn}, {@code :nt} or {@code :tt}
 * behind it where A, B or both are stored transposed, and {@code :bN} for N independent products at once:
 * {@code 512x512x512}, {@code 128x10x512:nt}, {@code 128x128x64:nt:b12}.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k the length of each sum
 * @param transposeA whether A is stored as k rows of m
 * @param transposeB whether B is stored as n rows of k
 * @param batch how many products, their matrices one after the other in memory
 */
public record GemmShape(int m, int n, int k, boolean transposeA, boolean transposeB, int batch) {
    private static final String SIZE = "([1-9]\\d{0,8})";
    private static final Pattern PRODUCT =
            Pattern.compile(SIZE + "x" + SIZE + "x" + SIZE + "(?::([tn])([tn]))?(?::b" + SIZE + ")?");
    private static final Pattern MATRIX_VECTOR = Pattern.compile(SIZE + "x" + SIZE + "(:t)?");

    /**
     * Reads a shape.
     *
     * @param text such as {@code 512x512x512:tn}
     * @return the shape
     * @throws IllegalArgumentException if it is none, or a matrix of it would not fit into an array
     */
    public static GemmShape parse(String text) {
        Matcher form = PRODUCT.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "shape " + text + ": expected MxNxK, with :tn, :nt or :tt behind it, and :b8 for a batch of 8");
        }
        return checked(
                text,
                new GemmShape(
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)),
                        "t".equals(form.group(4)),
                        "t".equals(form.group(5)),
                        form.group(6) == null ? 1 : Integer.parseInt(form.group(6))));
    }

    /**
     * Reads the shape of a product of a matrix and a vector: {@code y = A x}, written {@code MxK}, or {@code MxK:t} where
     * A is stored as K rows of M.
     *
     * @param text such as {@code 4096x1000:t}
     * @return the shape, with one column
     * @throws IllegalArgumentException if it is none, or the matrix would not fit into an array
     */
    public static GemmShape parseMatrixVector(String text) {
        Matcher form = MATRIX_VECTOR.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("shape " + text + ": expected MxK, with :t behind it for a transpose");
        }
        int m = Integer.parseInt(form.group(1));
        int k = Integer.parseInt(form.group(2));
        return checked(text, new GemmShape(m, 1, k, form.group(3) != null, false, 1));
    }

    private static GemmShape checked(String text, GemmShape shape) {
        long most = Math.max(Math.max((long) shape.m * shape.n, (long) shape.m * shape.k), (long) shape.k * shape.n);
        if (most > Integer.MAX_VALUE / 8 / shape.batch) {
            throw new IllegalArgumentException("shape " + text + ": expected matrices of at most "
                    + Integer.MAX_VALUE / 8 + " elements, the batch counted");
        }
        return shape;
    }

    /**
     * Returns the operations of the products, a multiply-add counted as two.
     *
     * @return {@code 2 m n k batch}
     */
    public double flops() {
        return 2.0 * m * n * k * batch;
    }

    /**
     * Returns whether all three sizes are one, and nothing is transposed or batched.
     *
     * @return whether it is a square product
     */
    public boolean isSquare() {
        return m == n && n == k && !transposeA && !transposeB && batch == 1;
    }

    /**
     * Writes a product of a matrix and a vector as {@link #parseMatrixVector} reads it.
     *
     * @return the text
     */
    public String matrixVectorText() {
        return m + "x" + k + (transposeA ? ":t" : "");
    }

    /** Writes the shape as {@link #parse} reads it. */
    @Override
    public String toString() {
        String transposes = (transposeA ? "t" : "n") + (transposeB ? "t" : "n");
        return m + "x" + n + "x" + k + (transposes.equals("nn") ? "" : ":" + transposes)
                + (batch == 1 ? "" : ":b" + batch);
    }
}
