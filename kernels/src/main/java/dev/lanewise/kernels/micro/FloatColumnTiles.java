package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers a block of a matrix product with generated tiles that read A by columns and B in place.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + i + p * aStep]        a transposed A, or a copy
 *   B(p, j) = b[b0 + p * bStep + j]
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>They are for few rows: what counts then is how fast B comes, and a tile of 8 rows by 3 vectors has 12 cycles of
 * multiply-adds (Zen 5, two in each cycle) for every three cache lines, as many as the third-level cache needs to deliver
 * them. With two tiles of 4 rows by 4 vectors the first waits for them: 8x512x3136 ran at 134 GFLOP/s.
 *
 * <p>Columns that do not fill the last vector of a tile: the last vector is moved to the left until it ends with the last
 * column, as in {@link FloatTiles}.
 */
public final class FloatColumnTiles {
    /** The most rows of a tile. */
    public static final int ROWS = 8;

    private static final int L = Lanes.FLOATS.length();

    private FloatColumnTiles() {}

    /** How many vectors wide tiles of so many rows are, so that their sums stay in registers. */
    private static int mostVectors(int rows, int columns) {
        int tiles = tiles(rows, columns, 0);
        int high = (rows + tiles - 1) / tiles;
        return high <= 6 ? Lanes.TILE_VECTORS : Lanes.TILE_VECTORS - 1;
    }

    /**
     * How many tiles share the rows. Many rows of few columns take tiles of 6 rows, which are wide enough for all columns: A is
     * then read once. With 16 registers 10 sums are what C2 keeps in them.
     */
    private static int tiles(int rows, int columns, int wide) {
        boolean oneWide = columns > (Lanes.TILE_VECTORS - 1) * L && columns <= Lanes.TILE_VECTORS * L;
        int most = Lanes.REGISTERS == 16 ? (wide > 2 ? 3 : 5) : rows > ROWS && oneWide ? 6 : ROWS;
        return (rows + most - 1) / most;
    }

    /**
     * How wide the next tile is. An end of one vector more than a tile is shared out, or taken whole where tiles are at most 2
     * wide: one vector has too few chains to hide their latency, and where it is not full no neighbour to overlap.
     */
    private static int tileVectors(int left, int most) {
        if (left == most + 1) {
            return most > 2 ? most - 1 : most + 1;
        }
        return Math.min(left, most);
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
     * @param b B
     * @param b0 where its first element is
     * @param bStep from step to step of B
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
            int bStep,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int most = mostVectors(rows, columns);
        for (int j = 0; j < columns; ) {
            int wide = tileVectors((columns - j + L - 1) / L, most);
            int last = Math.min(wide * L, columns - j) - L;
            int i = 0;
            for (int tile = tiles(rows, columns, wide); tile > 0; tile--) {
                int high = (rows - i + tile - 1) / tile;
                int from = a0 + i;
                int to = c0 + i * cRow + j;
                switch (wide) {
                    case 1 ->
                        FloatColumnTile1.run(high, depth, a, from, aStep, b, b0 + j, bStep, last, add, c, to, cRow);
                    case 2 ->
                        FloatColumnTile2.run(high, depth, a, from, aStep, b, b0 + j, bStep, last, add, c, to, cRow);
                    case 3 ->
                        FloatColumnTile3.run(high, depth, a, from, aStep, b, b0 + j, bStep, last, add, c, to, cRow);
                    default ->
                        FloatColumnTile4.run(high, depth, a, from, aStep, b, b0 + j, bStep, last, add, c, to, cRow);
                }
                i += high;
            }
            j += wide * L;
        }
    }
}
