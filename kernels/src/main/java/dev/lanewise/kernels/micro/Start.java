package dev.lanewise.kernels.micro;

/**
 * What the sums of a product start from: nothing, or one row for all (a bias).
 *
 * @param row holds the row; null without one
 * @param offset where it starts
 */
public record Start(float[] row, int offset) {
    /** Sums start from zero. */
    public static final Start ZERO = new Start(null, 0);
}
