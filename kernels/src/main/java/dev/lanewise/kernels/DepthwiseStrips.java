package dev.lanewise.kernels;

/**
 * Strips of rows that a depthwise convolution takes as tasks: pairs of rows, because two are computed together; a last one
 * without a pair belongs to the last strip.
 *
 * @param rows all rows
 * @param each rows of a strip, but of the last
 */
record DepthwiseStrips(int rows, int each) {
    /** Floats of a strip, at most, if two rows are not more: they are in the cache still when the activation is applied. */
    private static final int FLOATS = 1 << 13;

    /**
     * Splits rows.
     *
     * @param rows all rows
     * @param rowFloats floats of a row
     * @return the strips
     */
    static DepthwiseStrips of(int rows, int rowFloats) {
        return new DepthwiseStrips(rows, Math.max(2, FLOATS / Math.max(1, rowFloats) / 2 * 2));
    }

    int count() {
        return Math.max(1, rows / each);
    }

    int from(int strip) {
        return strip * each;
    }

    int to(int strip) {
        return strip == count() - 1 ? rows : from(strip) + each;
    }

    /** Rows of the largest strip. */
    int most() {
        return rows - from(count() - 1);
    }
}
