package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers a block of a product, whose A is what kernel positions meet in an image, with generated tiles that read A where it lies
 * and B in {@link FloatPanels}.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + places[t] + i - rows[t] + steps[step0 + p]]            i in tile t, which has rows[t] to rows[t + 1]
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>What a tile reads is next to each other, as the channels of a pixel are. It looks up one place for each step, and checks it, as
 * {@link FloatPanelTiles} checks each step.
 */
public final class FloatPatchTiles {
    private static final int L = Lanes.FLOATS.length();

    private FloatPatchTiles() {}

    /**
     * Computes the rows of some tiles.
     *
     * @param places where the first element of each tile is
     * @param rows the first row of each tile, and the row behind the last one; at most {@link FloatPanelTiles#ROWS} apart
     * @param firstTile the first tile to compute
     * @param endTile the tile behind the last one
     * @param columns columns of the block, at least a vector's
     * @param depth steps
     * @param a holds A
     * @param a0 added to all places
     * @param steps how far A is from its place in each step
     * @param step0 index of the first step
     * @param b the panels of B
     * @param b0 where they start
     * @param add whether sums start from what C holds; otherwise from 0
     * @param c C
     * @param c0 where row 0 is
     * @param cRow from row to row of C
     */
    public static void run(
            int[] places,
            int[] rows,
            int firstTile,
            int endTile,
            int columns,
            int depth,
            float[] a,
            int a0,
            int[] steps,
            int step0,
            float[] b,
            int b0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int at = b0;
        for (int j = 0; j < columns; ) {
            int vectors = FloatPanels.vectors(columns - j);
            int last = FloatPanels.last(vectors, columns - j);
            for (int t = firstTile; t < endTile; t++) {
                int high = rows[t + 1] - rows[t];
                int from = a0 + places[t];
                int to = c0 + rows[t] * cRow + j;
                if (vectors == 2) {
                    FloatPatchTile2.run(high, depth, a, from, steps, step0, b, at, last, add, c, to, cRow);
                } else {
                    FloatPatchTile1.run(high, depth, a, from, steps, step0, b, at, last, add, c, to, cRow);
                }
            }
            at += depth * vectors * L;
            j += vectors * L;
        }
    }
}
