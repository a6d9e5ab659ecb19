package dev.lanewise.bench.gemm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A matrix product {@code C = op(A) op(B)} to time, written {@code MxNxK}, with {@code :tn}, {@code :nt} or {@code :tt}
 * behind it where A, B or both are stored transposed: {@code 512x512x512}, {@code 128x10x512:nt}.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k the length of each sum
 * @param transposeA whether A is stored as k rows of m
 * @param transposeB whether B is stored as n rows of k
 */
public record GemmShape(int m, int n, int k, boolean transposeA, boolean transposeB) {
    private static final Pattern FORM = Pattern.compile("(\\d+)x(\\d+)x(\\d+)(?::([tn])([tn]))?");

    /**
     * Reads a shape.
     *
     * @param text such as {@code 512x512x512:tn}
     * @return the shape
     * @throws IllegalArgumentException if it is none
     */
    public static GemmShape parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("shape " + text + ": expected MxNxK, with :tn, :nt or :tt behind it");
        }
        return new GemmShape(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                "t".equals(form.group(4)),
                "t".equals(form.group(5)));
    }

    /**
     * Returns the operations of the product, a multiply-add counted as two.
     *
     * @return {@code 2 m n k}
     */
    public double flops() {
        return 2.0 * m * n * k;
    }

    @Override
    public String toString() {
        String transposes = (transposeA ? "t" : "n") + (transposeB ? "t" : "n");
        return m + "x" + n + "x" + k + (transposes.equals("nn") ? "" : ":" + transposes);
    }
}
