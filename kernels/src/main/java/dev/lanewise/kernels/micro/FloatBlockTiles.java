package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers a block of a matrix product with generated tiles that read copies of both factors.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + i * A_ROW + p]        rows at a constant distance
 *   B(p, j)                                in panels, see {@link FloatPanels}
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>They are for large products. A tile of 8 rows by 2 vectors takes two cache lines of B for 8 cycles of multiply-adds
 * (Zen 5, two in each cycle), half of what the second-level cache brings (32 to 37 bytes a cycle, measured), so its panel need
 * not be in the first-level cache, and a sum can go on for {@link #DEPTH} steps before it is written back. 4 rows by 4 vectors
 * take all that the second-level cache brings: with so many steps they ran at 200 or 240 GFLOP/s, as the array of the panels
 * happened to lie across cache lines or on them. 8 rows by 3 vectors were as fast as 8 by 2 in one process and at 205 in
 * another: C2 loads all operands ahead of their use, and 24 sums, 3 vectors and 8 broadcasts are more than 32 registers.
 *
 * <p>A is copied, for eight rows in place take eight registers, of which C2 has four ({@link FloatTiles}). The copy also
 * lies on a few pages, and cannot fall onto a few sets of a cache, as rows at a distance of a power of two do.
 */
public final class FloatBlockTiles {
    /** The most steps of a call: 2 KiB of a row. */
    public static final int DEPTH = 2048 / Float.BYTES;

    /** From row to row of the copy of A: a cache line more than a row has, so that rows lie on different sets. */
    public static final int A_ROW = DEPTH + 64 / Float.BYTES;

    /** The most rows of a tile. */
    private static final int ROWS = 8;

    private static final int L = Lanes.FLOATS.length();

    private FloatBlockTiles() {}

    /**
     * Copies rows of A.
     *
     * @param rows how many rows
     * @param depth steps, at most {@link #DEPTH}
     * @param a A
     * @param a0 where the first element is
     * @param aRow from row to row of A
     * @param to receives the copy
     * @param to0 where it starts
     */
    public static void copyOfA(int rows, int depth, float[] a, int a0, int aRow, float[] to, int to0) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(a, a0 + i * aRow, to, to0 + i * A_ROW, depth);
        }
    }

    /**
     * Computes a block.
     *
     * @param rows rows of the block
     * @param columns its columns, at least a vector's
     * @param depth steps, at most {@link #DEPTH}
     * @param a the copy of A
     * @param a0 where its first element is
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
            if (Lanes.REGISTERS == 32) {
                tall(rows, vectors, depth, a, a0, b, at, last, add, c, c0 + j, cRow);
            } else {
                low(rows, vectors, depth, a, a0, b, at, last, add, c, c0 + j, cRow);
            }
            at += depth * vectors * L;
            j += vectors * L;
        }
    }

    private static void tall(
            int rows,
            int vectors,
            int depth,
            float[] a,
            int a0,
            float[] b,
            int b0,
            int last,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int i = 0;
        // Tiles of nearly the same height: a low one has too few chains to hide the latency of the multiply-add.
        for (int tile = (rows + ROWS - 1) / ROWS; tile > 0; tile--) {
            int high = (rows - i + tile - 1) / tile;
            int from = a0 + i * A_ROW;
            int to = c0 + i * cRow;
            if (vectors == 2) {
                FloatBlockTile2.run(high, depth, a, from, b, b0, last, add, c, to, cRow);
            } else {
                FloatBlockTile1.run(high, depth, a, from, b, b0, last, add, c, to, cRow);
            }
            i += high;
        }
    }

    /**
     * With 16 registers, the tiles of 6 rows that know each row's place: as its places are constants here, C2 would load all
     * elements of A ahead of their use and put sums onto the stack, 44 GFLOP/s in place of 98 (Zen 3).
     */
    private static void low(
            int rows,
            int vectors,
            int depth,
            float[] a,
            int a0,
            float[] b,
            int b0,
            int last,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        if (vectors == 2 && add) {
            FloatTile4x2.packedAdd(rows, depth, a, a0, A_ROW, b, b0, c, c0, cRow, last);
        } else if (vectors == 2) {
            FloatTile4x2.packed(rows, depth, a, a0, A_ROW, b, b0, c, c0, cRow, last);
        } else if (add) {
            FloatTile4x1.packedAdd(rows, depth, a, a0, A_ROW, b, b0, c, c0, cRow, last);
        } else {
            FloatTile4x1.packed(rows, depth, a, a0, A_ROW, b, b0, c, c0, cRow, last);
        }
    }
}
