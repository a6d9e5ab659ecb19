package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * The tile that nearly all arithmetic of the library runs on, and the loop that covers a block of a matrix product with
 * it.
 *
 * <p>A tile computes 6 rows by 1, 2 or 4 vectors of columns:
 *
 * <pre>
 *   C(i, j) = start(i, j) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[aBase + rows[row + i] + steps[step + p]]        any place: rows of a matrix, its columns, pixels of an image
 *   B(p, j) = b[bBase + p * bStride + j]                        contiguous in j
 *   C(i, j) = c[cBase + targets[target + i] + j]                contiguous in j
 *   start(i, j) = start[startBase + startFollows * targets[target + i] + j]     0: one row for all; 1: a matrix like C
 * </pre>
 *
 * <p>It always reads 6 entries of {@code rows} and {@code targets} and writes 6 full rows; what is at an edge goes
 * through a small buffer. The two offset tables are what makes one tile serve matrix products, their transposes, and
 * all three convolutions: with pixels as rows and the positions of the kernel as steps it is the forward pass, with the
 * two exchanged the weight gradient.
 *
 * <p>Looking A up costs a load, an add and a bounds check for each row and step. They hide under the multiply-adds: on
 * Zen 4 with AVX-512 (one 512-bit fma a cycle) the 6x4 tile ran at 114-116 of 117 GFLOP/s with tables and at 112-114
 * with rows at a fixed stride; 6x2 at 94-97 against 107-115.
 *
 * <p>Each lane is a column of its own, so no bit of C depends on the number of lanes.
 */
public final class Tiles {
    /** Rows of a tile. */
    public static final int ROWS = 6;

    /** The most columns that a tile has. */
    public static final int COLUMNS = Lanes.TILE_VECTORS * Lanes.LENGTH;

    /** Floats that the edge buffer of {@link #multiply} needs. */
    public static final int EDGE_FLOATS = ROWS * COLUMNS + COLUMNS;

    /**
     * The most steps taken with one part of B. Longer sums continue from C, which does not change a bit. A panel of 64
     * columns and this depth fills a quarter of a 1 MiB second-level cache.
     */
    private static final int DEPTH_BLOCK = 1024;

    private static final float[] ZEROS = new float[COLUMNS];
    private static final int[][] EDGE_TARGETS = new int[COLUMNS + 1][];

    static {
        for (int width = Lanes.LENGTH; width <= COLUMNS; width += Lanes.LENGTH) {
            EDGE_TARGETS[width] = offsets(ROWS, width);
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
     * @return the least multiple of 6 that is no less
     */
    public static int wholeTiles(int rows) {
        return (rows + ROWS - 1) / ROWS * ROWS;
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
        int endColumn = firstColumn + columns;
        int p = 0;
        do {
            int depth = Math.min(DEPTH_BLOCK, right.depth() - p);
            Start from = p == 0 ? start : Start.TARGET;
            for (int column = firstColumn; column < endColumn; ) {
                int width = panelWidth(endColumn - column);
                int valid = Math.min(width, endColumn - column);
                int panel = b0 + right.panel(column) + p * right.stride(width);
                int to = c0 + column;
                for (int i = 0; i < rows; i += ROWS) {
                    int row = firstRow + i;
                    int high = Math.min(ROWS, rows - i);
                    if (valid == width && high == ROWS) {
                        tile(width, depth, left, a0, row, p, right, panel, from, column, target, to);
                    } else {
                        edgeTile(
                                width, depth, left, a0, row, high, p, right, panel, from, column, valid, target, to,
                                edge, edge0);
                    }
                }
                column += width;
            }
            p += depth;
        } while (p < right.depth());
    }

    private static void tile(
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
        float[] from = ZEROS;
        int from0 = 0;
        if (start.fromTarget()) {
            from = target.array();
            from0 = to;
        } else if (start.row() != null) {
            from = start.row();
            from0 = start.offset() + column;
        }
        int follows = start.fromTarget() ? 1 : 0;
        run(width, depth, left, a0, row, p, right, panel, from, from0, follows, target.array(), to, target.rows(), row);
    }

    /** A tile that reaches over the last row or column: computed in the buffer, from which the valid part is copied. */
    private static void edgeTile(
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
            from0 = edge0 + ROWS * width;
            System.arraycopy(start.row(), start.offset() + column, edge, from0, columns);
        }
        int follows = start.fromTarget() ? 1 : 0;
        run(width, depth, left, a0, row, p, right, panel, from, from0, follows, edge, edge0, EDGE_TARGETS[width], 0);
        for (int i = 0; i < rows; i++) {
            int at = to + target.rows()[row + i];
            System.arraycopy(edge, edge0 + i * width, target.array(), at, columns);
        }
    }

    private static void run(
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
            int follows,
            float[] c,
            int c0,
            int[] targets,
            int target) {
        float[] a = left.array();
        int[] rows = left.rows();
        int[] steps = left.steps();
        float[] b = right.array();
        int stride = right.stride(width);
        if (width == Lanes.LENGTH) {
            Tile6x1.run(
                    depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, follows, c, c0, targets, target);
        } else if (width == 2 * Lanes.LENGTH) {
            Tile6x2.run(
                    depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, follows, c, c0, targets, target);
        } else {
            Tile6x4.run(
                    depth, a, a0, rows, row, steps, p, b, panel, stride, from, from0, follows, c, c0, targets, target);
        }
    }
}
