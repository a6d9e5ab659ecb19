package dev.lanewise.bench.gemm;

import java.util.Locale;

/** What is timed: the suites of {@code lanewise bench} that compare libraries. */
public enum Operation {
    /** Products of float matrices. */
    MATMUL(Float.BYTES),

    /** Products of double matrices. */
    DGEMM(Double.BYTES),

    /** Products of a float matrix and a vector; what counts is how fast the matrix is read. */
    GEMV(Float.BYTES);

    private final int bytes;

    Operation(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the name on the command line.
     *
     * @return such as {@code matmul}
     */
    public String suite() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a shape of this suite.
     *
     * @param text such as {@code 512x512x512}, or {@code 4096x4096} for {@link #GEMV}
     * @return the shape
     * @throws IllegalArgumentException if it is none
     */
    public GemmShape parse(String text) {
        return this == GEMV ? GemmShape.parseMatrixVector(text) : GemmShape.parse(text);
    }

    /**
     * Writes a shape of this suite.
     *
     * @param shape the shape
     * @return the text that {@link #parse} reads
     */
    public String text(GemmShape shape) {
        return this == GEMV ? shape.matrixVectorText() : shape.toString();
    }

    /**
     * Returns the unit of {@link #work} in a nanosecond.
     *
     * @return {@code GFLOP/s} or {@code GB/s}
     */
    public String unit() {
        return this == GEMV ? "GB/s" : "GFLOP/s";
    }

    /**
     * Returns how much is done: operations, or the bytes of the matrix.
     *
     * @param shape the shape
     * @return the work
     */
    public double work(GemmShape shape) {
        return this == GEMV ? (double) shape.m() * shape.k() * bytes : shape.flops();
    }
}
