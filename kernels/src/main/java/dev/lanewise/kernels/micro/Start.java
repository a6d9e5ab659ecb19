package dev.lanewise.kernels.micro;

/**
 * What the sums of a product start from: nothing, one row for all (a bias), or what the target holds already.
 *
 * @param array holds the values; null for zeros
 * @param offset where they start
 * @param follows true if the values lie as the target's do, row by row; false if one row serves all
 */
public record Start(float[] array, int offset, boolean follows) {
    /** Sums start from zero. */
    public static final Start ZERO = new Start(null, 0, false);

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

    /**
     * Sums start from what the target holds.
     *
     * @param target the target
     * @return the start
     */
    public static Start from(Target target) {
        return new Start(target.array(), target.offset(), true);
    }
}
