package dev.lanewise.kernels.micro;

/**
 * What the sums of a product start from: nothing, one row for all (a bias), or what the target holds already.
 *
 * @param row holds the row; null without one
 * @param offset where it starts
 * @param fromTarget true if the sums start from what the target holds
 */
public record Start(float[] row, int offset, boolean fromTarget) {
    /** Sums start from zero. */
    public static final Start ZERO = new Start(null, 0, false);

    /** Sums start from what the target holds. */
    public static final Start TARGET = new Start(null, 0, true);

    /**
     * Sums start from one row for all.
     *
     * @param array holds the row
     * @param offset where it starts
     * @return the start
     */
    public static Start row(float[] array, int offset) {
        return new Start(array, offset, false);
    }
}
