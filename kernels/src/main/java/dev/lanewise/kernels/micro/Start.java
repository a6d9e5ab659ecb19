package dev.lanewise.kernels.micro;

import java.util.Arrays;

/**
 * What the sums of a product start from: nothing, or one row for all (a bias).
 *
 * @param row holds the row; null without one
 * @param offset where it starts
 */
public record Start(float[] row, int offset) {
    /** Sums start from zero. */
    public static final Start ZERO = new Start(null, 0);

    /** Writes some columns of it. */
    void copy(int column, int columns, float[] to, int to0) {
        if (row == null) {
            Arrays.fill(to, to0, to0 + columns, 0);
        } else {
            System.arraycopy(row, offset + column, to, to0, columns);
        }
    }
}
