package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers a block of a matrix product that has few steps with generated tiles. What counts is to read and write nothing but C.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + i * aRow + p * aStep]
 *   B       = panels of a vector of columns, one after the other, each of them step after step
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>A tile holds the elements of A of a few rows in registers and walks along these rows of C. B is packed, so that it is one
 * stream: where its rows lie as far from those of C as a multiple of a page, loads of B wait for stores of C, and 128x512x8
 * ran at 148 instead of 205 GFLOP/s (Zen 5).
 *
 * <p>The last panel ends with the last column and so may overlap the one before. All take {@link FloatTiles#packedSize}.
 */
public final class FloatShortTiles {
    /** Steps of the longest tile. */
    public static final int STEPS = FloatShortTile32.STEPS;

    private static final int L = Lanes.FLOATS.length();

    private FloatShortTiles() {}

    /**
     * Packs columns of a row-major B, times a factor.
     *
     * @param scale the factor
     * @param depth steps
     * @param columns columns, at least a vector's
     * @param b B
     * @param b0 where its first element is
     * @param bStep from step to step of B
     * @param to where the panels go
     * @param to0 from where on
     */
    public static void pack(float scale, int depth, int columns, float[] b, int b0, int bStep, float[] to, int to0) {
        int at = to0;
        for (int j = 0; j < columns; j += L) {
            FloatTile4x1.packScaled(scale, depth, b, b0 + Math.min(j, columns - L), bStep, 0, to, at);
            at += depth * L;
        }
    }

    /**
     * Packs columns of a B that is stored by columns, times a factor.
     *
     * @param scale the factor
     * @param depth steps
     * @param columns columns, at least a vector's
     * @param b B
     * @param b0 where its first element is
     * @param bColumn from column to column of B
     * @param to where the panels go
     * @param to0 from where on
     */
    public static void packTransposed(
            float scale, int depth, int columns, float[] b, int b0, int bColumn, float[] to, int to0) {
        int at = to0;
        for (int j = 0; j < columns; j += L) {
            int from = b0 + Math.min(j, columns - L) * bColumn;
            FloatTransposition.run(scale, L, depth, b, from, bColumn, to, at, L);
            at += depth * L;
        }
    }

    /**
     * Computes a block.
     *
     * @param add whether sums start from what C holds; otherwise from 0
     * @param depth 1 to {@link #STEPS} steps
     * @param rows rows of the block
     * @param columns its columns, at least a vector's
     * @param a A
     * @param a0 where its first element is
     * @param aRow from row to row of A
     * @param aStep from step to step of A
     * @param b packed B
     * @param b0 where its first panel is
     * @param c C
     * @param c0 where its first element is
     * @param cRow from row to row of C
     */
    public static void run(
            boolean add,
            int depth,
            int rows,
            int columns,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            float[] c,
            int c0,
            int cRow) {
        if (Lanes.REGISTERS == 32) {
            FloatShortTile32.run(add, depth, rows, columns, a, a0, aRow, aStep, b, b0, c, c0, cRow);
        } else {
            FloatShortTile16.run(add, depth, rows, columns, a, a0, aRow, aStep, b, b0, c, c0, cRow);
        }
    }
}
