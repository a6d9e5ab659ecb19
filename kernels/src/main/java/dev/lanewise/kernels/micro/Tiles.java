package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * The tiles of convolutions, and the loop that covers a block of a product with them.
 *
 * <p>A tile computes 6 or 4 rows by 1, 2 or 4 vectors of columns:
 *
 * <pre>
 *   C(i, j) = start(i, j) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[aBase + rows[row + i] + steps[step + p]]        any place: pixels of an image, positions of a kernel
 *   B(p, j) = b[bBase + p * bStride + j]                        contiguous in j
 *   C(i, j) = c[cBase + targets[target + i] + j]                contiguous in j
 *   start(i, j) = start[startBase + starts[startRow + i] + j]   one row for all, or a matrix like C
 * </pre>
 *
 * <p>It always reads as many entries of the tables of rows as it has, and writes as many full rows; what is at an edge
 * goes through a small buffer. The two offset tables are what makes one tile serve all three convolutions: with pixels as
 * rows and the positions of the kernel as steps it is the forward pass, with the two exchanged the weight gradient.
 *
 * <p>Looking A up costs a load, an add and a bounds check for each row and step. Two kinds of tile do without:
 *
 * <ul>
 *   <li><em>runs</em>: where many steps are next to each other (the channels of a pixel, or of all pixels under a row of the
 *       kernel), only the row's place is looked up. 4 rows, as in {@link FloatTiles} and for the same reason.
 *   <li><em>columns</em>: where the rows of a tile are next to each other, only the step's place is.
 * </ul>
 *
 * <p>Each lane is a column of its own, so no bit of C depends on the number of lanes.
 */
public final class Tiles {
    /** Rows of the other tiles. */
    private static final int TALL_ROWS = 6;

    /** Rows of a tile of runs, which most convolutions use. */
    public static final int ROWS = 4;

    /** Tables of rows are as long as a multiple of both. */
    private static final int WHOLE_ROWS = 12;

    /** With fewer steps in a run, reading and writing C for each costs more than looking up each step. */
    private static final int SHORTEST_RUN = 32;

    /** The most columns that a tile has. */
    public static final int COLUMNS = Lanes.TILE_VECTORS * Lanes.LENGTH;

    /** Floats that the edge buffer of {@link #multiply} needs. */
    public static final int EDGE_FLOATS = TALL_ROWS * COLUMNS + COLUMNS;

    /**
     * The most steps taken with one part of B. Longer sums continue from C, which does not change a bit. A panel of 64
     * columns and this depth fills a quarter of a 1 MiB second-level cache.
     */
    private static final int DEPTH_BLOCK = 1024;

    /** The most steps of a run that are taken at once: those of a panel of 32 KiB, which stays in a first-level cache. */
    private static final int RUN_BLOCK = 32768 / Float.BYTES / COLUMNS;

    private static final float[] ZEROS = new float[COLUMNS];
    private static final int[] NOWHERE = new int[TALL_ROWS];
    private static final int[][] EDGE_TARGETS = new int[COLUMNS + 1][];

    static {
        for (int width = Lanes.LENGTH; width <= COLUMNS; width += Lanes.LENGTH) {
            EDGE_TARGETS[width] = offsets(TALL_ROWS, width);
        }
    }

    private Tiles() {}

    /**
     * Returns the offsets of rows at a fixed distance.
     *
     * @param count how many
     * @param stride the distance
     * @return {@code 0, stride, 2 stride, ...}
     */
    public static int[] offsets(int count, int stride) {
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = i * stride;
        }
        return offsets;
    }

    /**
     * Returns a count of rows rounded up to whole tiles: the length that tables of rows must have.
     *
     * @param rows how many rows
     * @return the least multiple of the heights of all tiles that is no less
     */
    public static int wholeTiles(int rows) {
        return (rows + WHOLE_ROWS - 1) / WHOLE_ROWS * WHOLE_ROWS;
    }

    /**
     * Returns the width of the panel that starts a number of columns before the end: the widest tile that is not wider
     * than what is left, or one vector.
     *
     * @param columnsLeft how many columns are left, at least 1
     * @return 4, 2 or 1 vectors, in columns
     */
    public static int panelWidth(int columnsLeft) {
        for (int vectors = Lanes.TILE_VECTORS; vectors > 1; vectors /= 2) {
            if (columnsLeft >= vectors * Lanes.LENGTH) {
                return vectors * Lanes.LENGTH;
            }
        }
        return Lanes.LENGTH;
    }

    /**
     * Computes a block of a product by tiles.
     *
     * @param left A
     * @param a0 where A starts
     * @param firstRow first row of the block in the tables of A and C, a multiple of 6
     * @param rows rows of the block
     * @param right B
     * @param b0 where B starts
     * @param firstColumn first column of the block, the start of a panel
     * @param columns columns of the block
     * @param start what the sums start from
     * @param target C
     * @param c0 where C starts
     * @param edge a buffer of {@link #EDGE_FLOATS}
     * @param edge0 where the buffer starts
     */
    public static void multiply(
            Left left,
            int a0,
            int firstRow,
            int rows,
            Right right,
            int b0,
            int firstColumn,
            int columns,
            Start start,
            Target target,
            int c0,
            float[] edge,
            int edge0) {
        int p = 0;
        do {
            int depth = depth(left, right.depth(), p);
            Start from = p == 0 ? start : Start.TARGET;
            band(left, a0, firstRow, rows, p, depth, right, b0, firstColumn, columns, from, target, c0, edge, edge0);
            p += depth;
        } while (p < right.depth());
    }

    /** How many steps are taken at once from step p on: a run in equal parts, or any steps. */
    private static int depth(Left left, int all, int p) {
        if (left.run() < SHORTEST_RUN) {
            return Math.min(DEPTH_BLOCK, all - p);
        }
        int parts = (left.run() + RUN_BLOCK - 1) / RUN_BLOCK;
        return Math.min(all - p, Math.min((left.run() + parts - 1) / parts, left.run() - p % left.run()));
    }

    /** Some steps of a block: panel after panel, all rows pass each. */
    private static void band(
            Left left,
            int a0,
            int firstRow,
            int rows,
            int p,
            int depth,
            Right right,
            int b0,
            int firstColumn,
            int columns,
            Start start,
            Target target,
            int c0,
            float[] edge,
            int edge0) {
        int endColumn = firstColumn + columns;
        for (int column = firstColumn; column < endColumn; ) {
            int width = panelWidth(endColumn - column);
            int valid = Math.min(width, endColumn - column);
            int panel = b0 + right.panel(column) + p * right.stride(width);
            int to = c0 + column;
            boolean run = depth > 0 && left.run() >= SHORTEST_RUN && right.stride(width) == width;
            int each = run ? ROWS : TALL_ROWS;
            for (int i = 0; i < rows; i += each) {
                int row = firstRow + i;
                int high = Math.min(each, rows - i);
                if (valid == width && high == each) {
                    tile(run, width, depth, left, a0, row, p, right, panel, start, column, target, to);
                } else {
                    edgeTile(
                            run, width, depth, left, a0, row, high, p, right, panel, start, column, valid, target, to,
                            edge, edge0);
                }
            }
            column += width;
        }
    }

    private static void tile(
            boolean run,
            int width,
            int depth,
            Left left,
            int a0,
            int row,
            int p,
            Right right,
            int panel,
            Start start,
            int column,
            Target target,
            int to) {
        float[] c = target.array();
        int[] targets = target.rows();
        if (start.fromTarget()) {
            run(run, width, depth, left, a0, row, p, right, panel, c, to, targets, row, c, to, targets, row);
        } else if (start.row() != null) {
            int from0 = start.offset() + column;
            run(run, width, depth, left, a0, row, p, right, panel, start.row(), from0, NOWHERE, 0, c, to, targets, row);
        } else {
            run(run, width, depth, left, a0, row, p, right, panel, ZEROS, 0, NOWHERE, 0, c, to, targets, row);
        }
    }

    /** A tile that reaches over the last row or column: computed in the buffer, from which the valid part is copied. */
    private static void edgeTile(
            boolean run,
            int width,
            int depth,
            Left left,
            int a0,
            int row,
            int rows,
            int p,
            Right right,
            int panel,
            Start start,
            int column,
            int columns,
            Target target,
            int to,
            float[] edge,
            int edge0) {
        float[] from = ZEROS;
        int from0 = 0;
        if (start.fromTarget()) {
            from = edge;
            from0 = edge0;
            for (int i = 0; i < rows; i++) {
                int at = to + target.rows()[row + i];
                System.arraycopy(target.array(), at, edge, edge0 + i * width, columns);
            }
        } else if (start.row() != null) {
            from = edge;
            from0 = edge0 + TALL_ROWS * width;
            System.arraycopy(start.row(), start.offset() + column, edge, from0, columns);
        }
        int[] targets = EDGE_TARGETS[width];
        int[] starts = start.fromTarget() ? targets : NOWHERE;
        run(run, width, depth, left, a0, row, p, right, panel, from, from0, starts, 0, edge, edge0, targets, 0);
        for (int i = 0; i < rows; i++) {
            int at = to + target.rows()[row + i];
            System.arraycopy(edge, edge0 + i * width, target.array(), at, columns);
        }
    }

    private static void run(
            boolean run,
            int width,
            int depth,
            Left left,
            int a0,
            int row,
            int p,
            Right right,
            int panel,
            float[] from,
            int from0,
            int[] starts,
            int start,
            float[] c,
            int c0,
            int[] targets,
            int target) {
        float[] a = left.array();
        int[] rows = left.rows();
        int[] steps = left.steps();
        float[] b = right.array();
        int stride = right.stride(width);
        int kind = run ? 0 : rows[row + TALL_ROWS - 1] - rows[row] == TALL_ROWS - 1 ? 1 : 2;
        switch (kind + 3 * (width / Lanes.LENGTH)) {
            case 3 ->
                Tile1.run(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 4 ->
                Tile1.column(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 5 ->
                Tile1.any(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 6 ->
                Tile2.run(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 7 ->
                Tile2.column(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 8 ->
                Tile2.any(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 12 ->
                Tile4.run(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            case 13 ->
                Tile4.column(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
            default ->
                Tile4.any(
                        depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, starts, start, c, c0, targets,
                        target);
        }
    }
}
