package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * The tiles of convolutions, and the loop that covers a block of a product with them.
 *
 * <p>A tile computes 2 to 4 rows, or 6, by 1, 2 or 4 vectors of columns:
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + rows[row + i] + steps[step + p]]           any place: pixels of an image, positions of a kernel
 *   B(p, j) = b[b0 + p * width + j]                             a panel: contiguous
 *   C(i, j) = c[c0 + targets[target + i] + j]                   contiguous in j
 * </pre>
 *
 * <p>What is at an edge goes through a small buffer. The two offset tables are what makes one tile serve all kinds of
 * convolutions. Looking A up costs a load, an add and a bounds check for each row and step. Where many steps are next to each
 * other (the channels of a pixel, or of all pixels under a row of the kernel), a <em>run</em>, only the row's place is looked
 * up. Its tiles have 4 rows, as in {@link FloatTiles} and for the same reason, and the last ones of a block 3 or 2.
 *
 * <p>Of a B that lies in place, the first tile of four rows reads a panel's columns where they are, and stores the panel on
 * the way; the rows after it read the panel, which stays in the first-level cache.
 *
 * <p>Each lane is a column of its own, so no bit of C depends on the number of lanes.
 */
public final class Tiles {
    /** Rows of a tile that looks up its steps. */
    private static final int TALL_ROWS = 6;

    /** Rows of a tile of runs, which most convolutions use. */
    public static final int ROWS = 4;

    /** With fewer steps in a run, reading and writing C for each costs more than looking up each step. */
    private static final int SHORTEST_RUN = 32;

    /** The most columns that a tile has. */
    public static final int COLUMNS = Lanes.TILE_VECTORS * Lanes.LENGTH;

    /** The most steps of a run that are taken at once: those of a panel of 32 KiB, which stays in a first-level cache. */
    private static final int RUN_BLOCK = 32768 / Float.BYTES / COLUMNS;

    /**
     * The most steps of other tiles that are taken at once. All 147 of a first layer's kernel of 7x7 by 3 channels: reading
     * and writing C twice costs more than a panel that fills most of the first-level cache.
     */
    private static final int DEPTH_BLOCK = RUN_BLOCK + RUN_BLOCK / 4;

    /** Floats that the scratch memory of {@link #multiply} has: a panel, and a tile at an edge. */
    public static final int SCRATCH_FLOATS = DEPTH_BLOCK * COLUMNS + TALL_ROWS * COLUMNS;

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
     * @return the least multiple of the height of the tallest tile that is no less
     */
    public static int wholeTiles(int rows) {
        return (rows + TALL_ROWS - 1) / TALL_ROWS * TALL_ROWS;
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
     * @param rows rows of the block, the first of the tables
     * @param right B
     * @param b0 where B starts
     * @param firstColumn first column of the block, the start of a panel
     * @param columns columns of the block
     * @param start what the sums start from
     * @param target C
     * @param c0 where C starts
     * @param scratch scratch memory of {@link #SCRATCH_FLOATS}
     * @param scratch0 where it starts
     */
    public static void multiply(
            Left left,
            int a0,
            int rows,
            Right right,
            int b0,
            int firstColumn,
            int columns,
            Start start,
            Target target,
            int c0,
            float[] scratch,
            int scratch0) {
        boolean add = start.row() != null;
        for (int i = 0; i < rows && start.row() != null; i++) {
            int to = c0 + target.rows()[i] + firstColumn;
            System.arraycopy(start.row(), start.offset() + firstColumn, target.array(), to, columns);
        }
        int p = 0;
        do {
            int depth = depth(left, right.depth(), p);
            band(
                    left,
                    a0,
                    rows,
                    p,
                    depth,
                    right,
                    b0,
                    firstColumn,
                    columns,
                    add || p > 0,
                    target,
                    c0,
                    scratch,
                    scratch0);
            p += depth;
        } while (p < right.depth());
    }

    /** How many steps are taken at once from step p on: a run in equal parts, or any steps. */
    private static int depth(Left left, int all, int p) {
        if (left.run() < SHORTEST_RUN) {
            int parts = Math.max(1, (all + DEPTH_BLOCK - 1) / DEPTH_BLOCK);
            return Math.min(all - p, (all + parts - 1) / parts);
        }
        int parts = (left.run() + RUN_BLOCK - 1) / RUN_BLOCK;
        return Math.min(all - p, Math.min((left.run() + parts - 1) / parts, left.run() - p % left.run()));
    }

    /** Some steps of a block: panel after panel, all rows pass each. */
    private static void band(
            Left left,
            int a0,
            int rows,
            int p,
            int depth,
            Right right,
            int b0,
            int firstColumn,
            int columns,
            boolean add,
            Target target,
            int c0,
            float[] scratch,
            int scratch0) {
        boolean run = depth > 0 && left.run() >= SHORTEST_RUN;
        int endColumn = firstColumn + columns;
        for (int column = firstColumn; column < endColumn; ) {
            int width = panelWidth(endColumn - column);
            int valid = Math.min(width, endColumn - column);
            int from = b0 + right.place(column, p, width);
            boolean inPanel = right.rowStride() == 0 || right.rowStride() == width && valid == width;
            boolean onTheWay = !inPanel && run && valid == width && rows >= ROWS;
            if (!inPanel && !onTheWay) {
                Panels.packPanel(right.array(), from, right.rowStride(), depth, valid, scratch, scratch0, width);
            }
            float[] b = inPanel ? right.array() : scratch;
            Panel panel = new Panel(depth, width, valid, b, inPanel ? from : scratch0, add, c0 + column);
            int i = 0;
            if (onTheWay) {
                packing(panel, left, a0 + left.steps()[p], right.array(), from, right.rowStride(), target);
                i = ROWS;
            }
            for (int high; i < rows; i += high) {
                high = height(run, rows - i);
                if (valid == width && high > 1 && (run || high == TALL_ROWS)) {
                    tile(run, high, panel, left, a0, i, p, target.array(), panel.to, target.rows(), i);
                } else {
                    edgeTile(run, high, panel, left, a0, i, p, target, scratch, scratch0 + DEPTH_BLOCK * COLUMNS);
                }
            }
            column += width;
        }
    }

    /** Rows of the next tile. Five are better covered by 3 and 2 than by 4 and 1: a row alone waits for its own sums. */
    private static int height(boolean run, int rows) {
        return run && rows == ROWS + 1 ? ROWS - 1 : Math.min(rows, run ? ROWS : TALL_ROWS);
    }

    /**
     * A panel of B and the columns of C that it gives.
     *
     * @param depth its steps
     * @param width its columns
     * @param valid of which so many are columns of B
     * @param array holds it
     * @param from where it starts
     * @param add whether sums start from what C holds, otherwise from 0
     * @param to where C starts in this column
     */
    private record Panel(int depth, int width, int valid, float[] array, int from, boolean add, int to) {}

    /** The first four rows, which read B in place and write the panel. */
    private static void packing(Panel panel, Left left, int a0, float[] b, int b0, int bStep, Target target) {
        int depth = panel.depth;
        float[] a = left.array();
        int x0 = a0 + left.rows()[0];
        int x1 = a0 + left.rows()[1];
        int x2 = a0 + left.rows()[2];
        int x3 = a0 + left.rows()[3];
        float[] to = panel.array;
        int to0 = panel.from;
        float[] c = target.array();
        int c0 = panel.to;
        int[] targets = target.rows();
        switch (panel.width / Lanes.LENGTH + (panel.add ? 4 : 0)) {
            case 1 -> Tile1.packing(depth, a, x0, x1, x2, x3, b, b0, bStep, to, to0, c, c0, targets, 0);
            case 2 -> Tile2.packing(depth, a, x0, x1, x2, x3, b, b0, bStep, to, to0, c, c0, targets, 0);
            case 4 -> Tile4.packing(depth, a, x0, x1, x2, x3, b, b0, bStep, to, to0, c, c0, targets, 0);
            case 5 -> Tile1.packingAdd(depth, a, x0, x1, x2, x3, b, b0, bStep, to, to0, c, c0, targets, 0);
            case 6 -> Tile2.packingAdd(depth, a, x0, x1, x2, x3, b, b0, bStep, to, to0, c, c0, targets, 0);
            default -> Tile4.packingAdd(depth, a, x0, x1, x2, x3, b, b0, bStep, to, to0, c, c0, targets, 0);
        }
    }

    /** A tile that reaches over the last row or column: computed in the buffer, from which the valid part is copied. */
    private static void edgeTile(
            boolean run,
            int high,
            Panel panel,
            Left left,
            int a0,
            int row,
            int p,
            Target target,
            float[] edge,
            int edge0) {
        int width = panel.width;
        for (int i = 0; i < high && panel.add; i++) {
            int at = panel.to + target.rows()[row + i];
            System.arraycopy(target.array(), at, edge, edge0 + i * width, panel.valid);
        }
        int whole = run ? Math.max(2, high) : TALL_ROWS;
        tile(run, whole, panel, left, a0, row, p, edge, edge0, EDGE_TARGETS[width], 0);
        for (int i = 0; i < high; i++) {
            int at = panel.to + target.rows()[row + i];
            System.arraycopy(edge, edge0 + i * width, target.array(), at, panel.valid);
        }
    }

    private static void tile(
            boolean run,
            int high,
            Panel panel,
            Left left,
            int a0,
            int row,
            int p,
            float[] c,
            int c0,
            int[] targets,
            int target) {
        int vectors = panel.width / Lanes.LENGTH;
        if (!run) {
            any(vectors, panel, left, a0, row, p, c, c0, targets, target);
            return;
        }
        int[] rows = left.rows();
        int from = a0 + left.steps()[p];
        int x0 = from + rows[row];
        int x1 = from + rows[row + 1];
        int x2 = high > 2 ? from + rows[row + 2] : 0;
        int x3 = high > 3 ? from + rows[row + 3] : 0;
        float[] a = left.array();
        int depth = panel.depth;
        float[] b = panel.array;
        int b0 = panel.from;
        switch (high + 4 * vectors + (panel.add ? 16 : 0)) {
            case 6 -> Tile1.run2(depth, a, x0, x1, b, b0, c, c0, targets, target);
            case 7 -> Tile1.run3(depth, a, x0, x1, x2, b, b0, c, c0, targets, target);
            case 8 -> Tile1.run4(depth, a, x0, x1, x2, x3, b, b0, c, c0, targets, target);
            case 10 -> Tile2.run2(depth, a, x0, x1, b, b0, c, c0, targets, target);
            case 11 -> Tile2.run3(depth, a, x0, x1, x2, b, b0, c, c0, targets, target);
            case 12 -> Tile2.run4(depth, a, x0, x1, x2, x3, b, b0, c, c0, targets, target);
            case 18 -> Tile4.run2(depth, a, x0, x1, b, b0, c, c0, targets, target);
            case 19 -> Tile4.run3(depth, a, x0, x1, x2, b, b0, c, c0, targets, target);
            case 20 -> Tile4.run4(depth, a, x0, x1, x2, x3, b, b0, c, c0, targets, target);
            case 22 -> Tile1.run2Add(depth, a, x0, x1, b, b0, c, c0, targets, target);
            case 23 -> Tile1.run3Add(depth, a, x0, x1, x2, b, b0, c, c0, targets, target);
            case 24 -> Tile1.run4Add(depth, a, x0, x1, x2, x3, b, b0, c, c0, targets, target);
            case 26 -> Tile2.run2Add(depth, a, x0, x1, b, b0, c, c0, targets, target);
            case 27 -> Tile2.run3Add(depth, a, x0, x1, x2, b, b0, c, c0, targets, target);
            case 28 -> Tile2.run4Add(depth, a, x0, x1, x2, x3, b, b0, c, c0, targets, target);
            case 34 -> Tile4.run2Add(depth, a, x0, x1, b, b0, c, c0, targets, target);
            case 35 -> Tile4.run3Add(depth, a, x0, x1, x2, b, b0, c, c0, targets, target);
            default -> Tile4.run4Add(depth, a, x0, x1, x2, x3, b, b0, c, c0, targets, target);
        }
    }

    private static void any(
            int vectors, Panel panel, Left left, int a0, int row, int p, float[] c, int c0, int[] targets, int target) {
        int depth = panel.depth;
        float[] a = left.array();
        int[] rows = left.rows();
        int[] steps = left.steps();
        float[] b = panel.array;
        int b0 = panel.from;
        switch (vectors + (panel.add ? 4 : 0)) {
            case 1 -> Tile1.any(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 2 -> Tile2.any(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 4 -> Tile4.any(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 5 -> Tile1.anyAdd(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 6 -> Tile2.anyAdd(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            default -> Tile4.anyAdd(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
        }
    }
}
