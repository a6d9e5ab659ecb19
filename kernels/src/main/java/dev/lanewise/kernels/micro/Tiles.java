package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * The tiles of convolutions, and the loop that covers a block of a product with them.
 *
 * <p>A tile computes 2 to 6 rows by 1 or 2 vectors of columns, or 2 to 4 or 6 by 4:
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
 * up. Its widest tiles have {@link #RUN_ROWS} rows, and the last ones of a block less.
 *
 * <p>A B that lies in place and transposed ({@link Right}) is packed panel by panel. Of one that lies in place, the first tile reads a panel's columns where they are, and stores the panel on
 * the way; the rows after it read the panel, which stays in the first-level cache.
 *
 * <p>Each lane is a column of its own, so no bit of C depends on the number of lanes.
 */
public final class Tiles {
    /**
     * Rows of a tile that looks up its steps, and of runs in tiles that are narrower than the widest: with four, two vectors have
     * no more chains than the latency of the multiply-adds takes, and 32 to 64 channels at 14x14 pixels ran to the input at 132
     * GFLOP/s in place of 156 (Zen 5).
     */
    static final int TALL_ROWS = 6;

    /**
     * Rows of the widest tile of runs, which most convolutions use: 4 where it is 4 vectors wide, as in {@link FloatTiles} and for
     * the same reason; 6 by 2 with 16 registers.
     */
    public static final int RUN_ROWS = Lanes.REGISTERS == 32 ? 4 : 6;

    /** Rows of a tile of runs that packs on the way. */
    static final int PACKING_ROWS = 4;

    /** With fewer steps in a run, reading and writing C for each costs more than looking up each step. */
    public static final int SHORTEST_RUN = 32;

    /** The most columns that a tile has. */
    public static final int COLUMNS = Lanes.TILE_VECTORS * Lanes.LENGTH;

    /**
     * Whether panels of runs are packed side by side, before they are used. Narrow panels have to be: the first tile of each would
     * read 64 bytes from each row of B, often from a page of its own, which takes longer than the multiply-adds with them: a 3x3
     * convolution of 7x7 pixels and 512 channels ran at 45 GFLOP/s so, and at 61 side by side (Zen 3).
     */
    private static final boolean SIDE_BY_SIDE = Lanes.REGISTERS == 16;

    /** The most columns that {@link #multiply} should compute at once. */
    public static final int BLOCK_COLUMNS = SIDE_BY_SIDE ? 128 : 4 * COLUMNS;

    /**
     * The most steps of a run that are taken at once: those of a panel of 32 KiB, which stays in a first-level cache, or of all
     * columns in 192 KiB, which stay in a second-level one.
     */
    private static final int RUN_BLOCK =
            SIDE_BY_SIDE ? 196608 / Float.BYTES / BLOCK_COLUMNS : 32768 / Float.BYTES / COLUMNS;

    /**
     * The most steps of other tiles that are taken at once. All 147 of a first layer's kernel of 7x7 by 3 channels: reading
     * and writing C twice costs more than a panel that fills most of the first-level cache.
     */
    private static final int DEPTH_BLOCK = 40960 / Float.BYTES / COLUMNS;

    /**
     * From so many steps on, rows of C are filled with zeros first, one after the other, so that the first tiles need not wait for them
     * with sums to store: 1.01 to 1.03 times as fast; fewer steps do not make up for the time it takes (Zen 3).
     */
    private static final int FILLED_DEPTH = 512;

    /** Floats of the panels in scratch memory. */
    private static final int PANEL_FLOATS =
            Math.max(DEPTH_BLOCK * COLUMNS, SIDE_BY_SIDE ? RUN_BLOCK * BLOCK_COLUMNS : 0);

    /** Floats that the scratch memory of {@link #multiply} has: panels, and a tile at an edge. */
    public static final int SCRATCH_FLOATS = PANEL_FLOATS + TALL_ROWS * COLUMNS;

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
     * @param c C, whose rows are where the pixels of {@code left} say
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
            float[] c,
            int c0,
            float[] scratch,
            int scratch0) {
        boolean add = start.row() != null || right.depth() >= FILLED_DEPTH;
        int[] targets = left.all()[0].targets();
        for (int i = 0; i < rows && add; i++) {
            start.copy(firstColumn, columns, c, c0 + targets[i] + firstColumn);
        }
        int p = 0;
        do {
            int depth = depth(left, right.depth(), p);
            band(left, a0, rows, p, depth, right, b0, firstColumn, columns, add || p > 0, c, c0, scratch, scratch0);
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
            float[] c,
            int c0,
            float[] scratch,
            int scratch0) {
        boolean run = depth > 0 && left.run() >= SHORTEST_RUN;
        int endColumn = firstColumn + columns;
        boolean inRows = !right.isPacked() && !right.isTransposed();
        Border border = left.border();
        Pixels[] groups = border == null ? left.all() : border.runs()[p / left.run()];
        int images = border == null ? 1 : rows / border.pixels();
        int firstRows = border == null ? rows : groups[0].each() * images;
        boolean allSteps = groups[0].to() - groups[0].from() >= left.run();
        boolean ahead =
                SIDE_BY_SIDE && run && inRows && right.stride() > panelWidth(columns) && columns <= BLOCK_COLUMNS;
        if (ahead) {
            int from = b0 + right.place(firstColumn, p, COLUMNS);
            Panels.packSideBySide(right.array(), from, right.stride(), depth, columns, scratch, scratch0);
        }
        for (int column = firstColumn; column < endColumn; ) {
            int width = panelWidth(endColumn - column);
            int valid = Math.min(width, endColumn - column);
            int from = b0 + right.place(column, p, width);
            boolean inPanel = right.isPacked() || inRows && right.stride() == width && valid == width;
            boolean onTheWay =
                    inRows && !inPanel && !ahead && run && valid == width && allSteps && firstRows >= PACKING_ROWS;
            int packed = ahead ? scratch0 + (column - firstColumn) * depth : scratch0;
            if (!inPanel && !ahead && !onTheWay) {
                right.pack(b0, column, valid, p, depth, scratch, packed, width);
            }
            float[] panel = inPanel ? right.array() : scratch;
            int panel0 = inPanel ? from : packed;
            if (onTheWay) {
                int at = a0 + left.steps()[p];
                TileRows.packing(
                        add, depth, width, left.array(), at, groups[0], right, from, panel, panel0, c, c0 + column);
            }
            for (int group = 0; group < groups.length; group++) {
                TileRows.cover(
                        border,
                        groups[group],
                        group == 0 ? firstRows : groups[group].each() * images,
                        add,
                        depth,
                        width,
                        column,
                        valid,
                        left,
                        a0,
                        group == 0 && onTheWay ? PACKING_ROWS : 0,
                        p,
                        panel,
                        panel0,
                        c,
                        c0,
                        scratch,
                        scratch0 + PANEL_FLOATS);
            }
            column += width;
        }
    }
}
