package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers a block of a matrix product with generated tiles that read A by columns and B in {@link FloatPanels}.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + i + p * aStep]        a transposed A, or a copy
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>With 16 registers tiles have 5 rows by 2 vectors, which run at 91 of 98 GFLOP/s (Zen 3), and with B in place at 72. They go
 * along the rows, so that C is met in the order in which it lies. Down one panel of 16 columns each row of C is a page of its own,
 * of which nothing has been loaded ahead: weight gradients of 1x1 layers with 7x7 pixels ran at 0.77 to 0.87 of the speed, others at
 * 0.9 to 0.97. With 32 registers a panel is wider, and this has not been measured.
 */
public final class FloatPanelTiles {
    /** The most steps that a call should have: a panel of them and a cache line of each step of A stay in the first-level cache. */
    public static final int DEPTH = 128;

    /** The most rows of a tile; with 16 registers no more than {@code FloatPanelTile2.along} has. */
    public static final int ROWS = Lanes.REGISTERS == 32 ? 8 : 5;

    /** Elements of panels that stay in the second-level cache while rows pass, with 16 registers: 128 KiB. */
    private static final int BLOCK = 128 * 1024 / Float.BYTES;

    private static final int L = Lanes.FLOATS.length();

    private FloatPanelTiles() {}

    /**
     * Returns how far apart the steps of a copy of A should be: an odd number of cache lines, so that what a tile reads, a few
     * elements of each step, lies on all sets of the first-level cache.
     *
     * @param rows rows of the copy
     * @return the distance in elements, no less than the rows
     */
    public static int step(int rows) {
        int line = 64 / Float.BYTES;
        return (Math.ceilDiv(rows, line) | 1) * line;
    }

    /**
     * Copies rows of an A that is stored by columns.
     *
     * @param rows how many rows
     * @param depth steps
     * @param a A
     * @param a0 where its first element is
     * @param aStep from step to step of A
     * @param to receives the copy
     * @param to0 where it starts
     * @param toStep from step to step of the copy
     */
    public static void copyOfA(int rows, int depth, float[] a, int a0, int aStep, float[] to, int to0, int toStep) {
        for (int p = 0; p < depth; p++) {
            System.arraycopy(a, a0 + p * aStep, to, to0 + p * toStep, rows);
        }
    }

    /**
     * Computes a block.
     *
     * @param rows rows of the block
     * @param columns its columns, at least a vector's
     * @param depth steps
     * @param a A, its rows next to each other
     * @param a0 where its first element is
     * @param aStep from step to step of A
     * @param b the panels of B
     * @param b0 where they start
     * @param add whether sums start from what C holds; otherwise from 0
     * @param c C
     * @param c0 where its first element is
     * @param cRow from row to row of C
     */
    public static void run(
            int rows,
            int columns,
            int depth,
            float[] a,
            int a0,
            int aStep,
            float[] b,
            int b0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int along = Lanes.REGISTERS == 32 ? 0 : alongRows(rows, columns, depth, a, a0, aStep, b, b0, add, c, c0, cRow);
        int at = b0 + along * depth;
        for (int j = along; j < columns; ) {
            int vectors = FloatPanels.vectors(columns - j);
            int last = FloatPanels.last(vectors, columns - j);
            panel(rows, vectors, depth, a, a0, aStep, b, at, last, add, c, c0 + j, cRow);
            at += depth * vectors * L;
            j += vectors * L;
        }
    }

    /** The first panels of two whole vectors, in blocks. Returns their columns. */
    private static int alongRows(
            int rows,
            int columns,
            int depth,
            float[] a,
            int a0,
            int aStep,
            float[] b,
            int b0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int wide = FloatPanels.inWholePairs(columns);
        int most = Math.max(1, BLOCK / (Math.max(1, depth) * FloatPanels.COLUMNS)) * FloatPanels.COLUMNS;
        for (int j = 0; j < wide; j += most) {
            int end = Math.min(j + most, wide);
            block(rows, j, end, depth, a, a0, aStep, b, b0, add, c, c0, cRow);
        }
        return wide;
    }

    /** Some panels of two whole vectors, tile by tile along the rows. */
    private static void block(
            int rows,
            int column,
            int endColumn,
            int depth,
            float[] a,
            int a0,
            int aStep,
            float[] b,
            int b0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int i = 0;
        for (int tile = Math.ceilDiv(rows, ROWS); tile > 0; tile--) {
            int high = (rows - i + tile - 1) / tile;
            int panels = (endColumn - column) / FloatPanels.COLUMNS;
            int to = c0 + i * cRow + column;
            FloatPanelTile2.along(high, panels, depth, a, a0 + i, aStep, b, b0 + column * depth, add, c, to, cRow);
            i += high;
        }
    }

    private static void panel(
            int rows,
            int vectors,
            int depth,
            float[] a,
            int a0,
            int aStep,
            float[] b,
            int b0,
            int last,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int i = 0;
        // Tiles of nearly the same height: a low one has too few chains to hide the latency of the multiply-add.
        int most = vectors == 2 ? ROWS : 8;
        for (int tile = (rows + most - 1) / most; tile > 0; tile--) {
            int high = (rows - i + tile - 1) / tile;
            int to = c0 + i * cRow;
            if (vectors == 2) {
                FloatPanelTile2.run(high, depth, a, a0 + i, aStep, b, b0, last, add, c, to, cRow);
            } else {
                FloatPanelTile1.run(high, depth, a, a0 + i, aStep, b, b0, last, add, c, to, cRow);
            }
            i += high;
        }
    }
}
