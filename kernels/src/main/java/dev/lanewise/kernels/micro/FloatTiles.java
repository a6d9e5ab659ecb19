package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers a block of a matrix product with generated tiles of 1 to 4 rows by 1 to 4 vectors of columns.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + i * aRow + p * aStep]         packed tiles: aStep is 1
 *   B(p, j) = b[b0 + p * bStep + j]                packed tiles: panels, see below
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>Columns that do not fill the last vector of a tile are no special case: the last vector is moved to the left until
 * it ends with the last column, so that it overlaps its neighbour and computes some columns twice, to the same bits.
 * Every element of C is read before any is written. Blocks of at most a vector have tiles of their own ({@link
 * FloatNarrowTiles}).
 *
 * <p>Packed B: each tile's columns together, step after step, each step a whole number of vectors long.
 *
 * <pre>
 *   columns 0..63         columns 64..99, as vectors at 64, 80 and 84
 *   [p = 0][p = 1]...     [p = 0][p = 1]...
 * </pre>
 *
 * <p>Four rows by four vectors ran at 96 to 98 % of the FMA peak on Zen 4 (AVX-512) with packed B, and 6x4 at 93 %, with
 * 11 to 15 ns a tile beside the multiply-adds against 50 to 70: every row takes a general-purpose register for its
 * place in A, and past four C2 has too few and passes one through a vector register in every step, a loop-carried
 * dependency of 8 to 12 cycles. Where B's distance of steps is a constant and A's is 1, C2 moves all bounds checks out
 * of the loop; with variable distances a tile costs 10 to 15 ns more. With 16 registers tiles have up to 6 rows by 2 vectors,
 * 3 by 3 or 2 by 4.
 */
public final class FloatTiles {
    /** The most vectors that a tile is wide: with 4 rows, accumulators and operands stay in registers. */
    public static final int VECTORS = Lanes.TILE_VECTORS;

    /** Rows of a tile that packs on the way, and the most of any with 32 registers; with 16 some have 6. */
    public static final int ROWS = 4;

    /** The most columns that a tile has. */
    public static final int COLUMNS = VECTORS * Lanes.FLOATS.length();

    /** How much scratch a call needs with B in place. */
    public static final int SCRATCH = FloatNarrowTiles.SCRATCH;

    private static final int L = Lanes.FLOATS.length();

    private FloatTiles() {}

    /**
     * Returns how wide the next tile is. An end of one vector more than a tile is shared out, or taken whole where tiles
     * are 2 wide: a tile of one vector has too few chains to hide the latency of the multiply-add, and where it is not full
     * it has no neighbour to overlap. (4x3 needs 17 registers; with 16 it runs at half the speed of 4x2.)
     *
     * @param vectorsLeft how many vectors are left to cover, at least 1
     * @return the vectors of the next tile
     */
    private static int tileVectors(int vectorsLeft) {
        if (vectorsLeft == VECTORS + 1) {
            return VECTORS > 2 ? VECTORS - 1 : VECTORS + 1;
        }
        return Math.min(vectorsLeft, VECTORS);
    }

    /**
     * The width of tiles of up to three rows with 16 registers, which have room for more than two vectors: 3x2 has too few chains to
     * hide the latency of the multiply-add, and 2x2 half as many. 3x512x512 ran at 0.78 of the speed so, 2x512x512 at 0.69 (Zen 3).
     */
    private static int lowTileVectors(int rows, int vectorsLeft) {
        int most = rows == 3 ? 3 : 4;
        return vectorsLeft == most + 1 ? most - 1 : Math.min(vectorsLeft, most);
    }

    private static int vectors(int columns) {
        return (columns + L - 1) / L;
    }

    /**
     * Returns how wide the next panel of a packed factor is.
     *
     * @param columnsLeft columns that are not in panels yet, at least a vector's
     * @return the vectors of the next panel
     */
    public static int panelVectors(int columnsLeft) {
        return tileVectors(vectors(columnsLeft));
    }

    /**
     * Returns the size of packed columns.
     *
     * @param depth steps
     * @param columns at least a vector's
     * @return elements
     */
    public static int packedSize(int depth, int columns) {
        return depth * vectors(columns) * L;
    }

    /**
     * Packs columns of a row-major B, times a factor.
     *
     * @param scale the factor
     * @param depth steps, rows of B
     * @param columns columns, at least a vector's
     * @param b B
     * @param b0 where its first element is
     * @param bStep from row to row
     * @param to receives the panels
     * @param to0 where they start
     */
    public static void pack(float scale, int depth, int columns, float[] b, int b0, int bStep, float[] to, int to0) {
        int at = to0;
        for (int column = 0; column < columns; ) {
            int wide = tileVectors(vectors(columns - column));
            int last = Math.min(wide * L, columns - column) - L;
            if (scale == 1) {
                switch (wide) {
                    case 1 -> FloatTile4x1.pack(depth, b, b0 + column, bStep, last, to, at);
                    case 2 -> FloatTile4x2.pack(depth, b, b0 + column, bStep, last, to, at);
                    case 3 -> FloatTile4x3.pack(depth, b, b0 + column, bStep, last, to, at);
                    default -> FloatTile4x4.pack(depth, b, b0 + column, bStep, last, to, at);
                }
            } else {
                switch (wide) {
                    case 1 -> FloatTile4x1.packScaled(scale, depth, b, b0 + column, bStep, last, to, at);
                    case 2 -> FloatTile4x2.packScaled(scale, depth, b, b0 + column, bStep, last, to, at);
                    case 3 -> FloatTile4x3.packScaled(scale, depth, b, b0 + column, bStep, last, to, at);
                    default -> FloatTile4x4.packScaled(scale, depth, b, b0 + column, bStep, last, to, at);
                }
            }
            at += depth * wide * L;
            column += wide * L;
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
     * @param bColumn from column to column; steps follow each other
     * @param to receives the panels
     * @param to0 where they start
     */
    public static void packTransposed(
            float scale, int depth, int columns, float[] b, int b0, int bColumn, float[] to, int to0) {
        int at = to0;
        for (int column = 0; column < columns; ) {
            int wide = tileVectors(vectors(columns - column));
            int last = Math.min(wide * L, columns - column) - L;
            for (int v = 0; v < wide; v++) {
                int from = column + (v == wide - 1 ? last : v * L);
                FloatTransposition.run(scale, L, depth, b, b0 + from * bColumn, bColumn, to, at + v * L, wide * L);
            }
            at += depth * wide * L;
            column += wide * L;
        }
    }

    /**
     * Computes 4 rows of a block with B in place, and packs B on the way: packing alone takes as long as 12 rows of
     * multiply-adds, but beside the multiply-adds of 4 rows its loads and stores are nearly free.
     *
     * @param columns its columns, at least a vector's
     * @param depth steps
     * @param a A, its steps next to each other
     * @param a0 where its first element is
     * @param aRow from row to row of A
     * @param b B
     * @param b0 where its first element is
     * @param bStep from step to step of B
     * @param to receives the panels
     * @param to0 where they start
     * @param add whether sums start from what C holds; otherwise from 0
     * @param c C
     * @param c0 where its first element is
     * @param cRow from row to row of C
     */
    public static void packing(
            int columns,
            int depth,
            float[] a,
            int a0,
            int aRow,
            float[] b,
            int b0,
            int bStep,
            float[] to,
            int to0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int at = to0;
        for (int j = 0; j < columns; ) {
            int wide = tileVectors(vectors(columns - j));
            int last = Math.min(wide * L, columns - j) - L;
            int from = b0 + j;
            int cj = c0 + j;
            if (!add) {
                switch (wide) {
                    case 1 -> FloatTile4x1.packing(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                    case 2 -> FloatTile4x2.packing(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                    case 3 -> FloatTile4x3.packing(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                    default -> FloatTile4x4.packing(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                }
            } else {
                switch (wide) {
                    case 1 -> FloatTile4x1.packingAdd(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                    case 2 -> FloatTile4x2.packingAdd(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                    case 3 -> FloatTile4x3.packingAdd(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                    default -> FloatTile4x4.packingAdd(depth, a, a0, aRow, b, from, bStep, to, at, c, cj, cRow, last);
                }
            }
            at += depth * wide * L;
            j += wide * L;
        }
    }

    /**
     * Computes a block with B in panels.
     *
     * @param rows rows of the block
     * @param columns its columns, at least a vector's
     * @param depth steps
     * @param a A, its steps next to each other
     * @param a0 where its first element is
     * @param aRow from row to row of A
     * @param b packed B
     * @param b0 where it starts
     * @param add whether sums start from what C holds; otherwise from 0
     * @param c C
     * @param c0 where its first element is
     * @param cRow from row to row of C
     */
    public static void packed(
            int rows,
            int columns,
            int depth,
            float[] a,
            int a0,
            int aRow,
            float[] b,
            int b0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int at = b0;
        for (int j = 0; j < columns; ) {
            int wide = tileVectors(vectors(columns - j));
            int last = Math.min(wide * L, columns - j) - L;
            int to = c0 + j;
            if (!add) {
                switch (wide) {
                    case 1 -> FloatTile4x1.packed(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                    case 2 -> FloatTile4x2.packed(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                    case 3 -> FloatTile4x3.packed(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                    default -> FloatTile4x4.packed(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                }
            } else {
                switch (wide) {
                    case 1 -> FloatTile4x1.packedAdd(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                    case 2 -> FloatTile4x2.packedAdd(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                    case 3 -> FloatTile4x3.packedAdd(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                    default -> FloatTile4x4.packedAdd(rows, depth, a, a0, aRow, b, at, c, to, cRow, last);
                }
            }
            at += depth * wide * L;
            j += wide * L;
        }
    }

    /**
     * Returns whether a block with B in place takes scratch. Handing it out takes 5 to 10 ns, as much as a tile.
     *
     * @param columns its columns
     * @param depth steps
     * @param aStep from step to step of A
     * @return whether it does
     */
    public static boolean needsScratch(int columns, int depth, int aStep) {
        return columns < L && !FloatNarrowTiles.underMask(columns, depth, aStep);
    }

    /**
     * Computes a block with B in place.
     *
     * @param rows rows of the block
     * @param columns its columns, any number
     * @param depth steps
     * @param a A
     * @param a0 where its first element is
     * @param aRow from row to row of A; 1 if the steps are not next to each other
     * @param aStep from step to step of A
     * @param b B
     * @param b0 where its first element is
     * @param bStep from step to step of B
     * @param scratch an array of its own, or null if none is needed
     * @param scratch0 from where on {@link #SCRATCH} elements may be written
     * @param add whether sums start from what C holds; otherwise from 0
     * @param c C
     * @param c0 where its first element is
     * @param cRow from row to row of C
     */
    public static void strided(
            int rows,
            int columns,
            int depth,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] scratch,
            int scratch0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        if (columns <= L) {
            FloatNarrowTiles.run(
                    rows, columns, depth, a, a0, aRow, aStep, b, b0, bStep, scratch, scratch0, add, c, c0, cRow);
            return;
        }
        if (aStep != 1) {
            FloatColumnTiles.run(rows, columns, depth, a, a0, aStep, b, b0, bStep, add, c, c0, cRow);
            return;
        }
        boolean low = Lanes.REGISTERS == 16 && rows <= 3;
        for (int j = 0; j < columns; ) {
            int left = vectors(columns - j);
            int wide = low ? lowTileVectors(rows, left) : tileVectors(left);
            int last = Math.min(wide * L, columns - j) - L;
            int at = b0 + j;
            int to = c0 + j;
            if (!add) {
                switch (wide) {
                    case 2 -> FloatTile4x2.strided(rows, depth, a, a0, aRow, b, at, bStep, c, to, cRow, last);
                    case 3 -> FloatTile4x3.strided(rows, depth, a, a0, aRow, b, at, bStep, c, to, cRow, last);
                    default -> FloatTile4x4.strided(rows, depth, a, a0, aRow, b, at, bStep, c, to, cRow, last);
                }
            } else {
                switch (wide) {
                    case 2 -> FloatTile4x2.stridedAdd(rows, depth, a, a0, aRow, b, at, bStep, c, to, cRow, last);
                    case 3 -> FloatTile4x3.stridedAdd(rows, depth, a, a0, aRow, b, at, bStep, c, to, cRow, last);
                    default -> FloatTile4x4.stridedAdd(rows, depth, a, a0, aRow, b, at, bStep, c, to, cRow, last);
                }
            }
            j += wide * L;
        }
    }
}
