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
    private static final int TALL_ROWS = 6;

    /**
     * Rows of the widest tile of runs, which most convolutions use: 4 where it is 4 vectors wide, as in {@link FloatTiles} and for
     * the same reason; 6 by 2 with 16 registers.
     */
    public static final int RUN_ROWS = Lanes.REGISTERS == 32 ? 4 : 6;

    /** Rows of a tile of runs that packs on the way. */
    private static final int PACKING_ROWS = 4;

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
        boolean add = start.row() != null || right.depth() >= FILLED_DEPTH;
        for (int i = 0; i < rows && add; i++) {
            start.copy(firstColumn, columns, target.array(), c0 + target.rows()[i] + firstColumn);
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
                packing(
                        add,
                        depth,
                        width,
                        left.array(),
                        at,
                        groups[0],
                        right,
                        from,
                        panel,
                        panel0,
                        target.array(),
                        c0 + column);
            }
            for (int group = 0; group < groups.length; group++) {
                inImage(
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
                        target.array(),
                        c0,
                        scratch,
                        scratch0);
            }
            column += width;
        }
    }

    /** Rows that have the same steps of a run in the image: these steps, and what zeros before and behind them add. */
    private static void inImage(
            Border border,
            Pixels pixels,
            int rows,
            boolean add,
            int depth,
            int width,
            int column,
            int valid,
            Left left,
            int a0,
            int done,
            int p,
            float[] panel,
            int panel0,
            float[] c,
            int c0,
            float[] scratch,
            int scratch0) {
        boolean run = depth > 0 && left.run() >= SHORTEST_RUN;
        int begin = p % left.run();
        int first = Math.clamp(pixels.from() - begin, 0, depth);
        int end = Math.clamp(pixels.to() - begin, 0, depth);
        if (begin == 0 && pixels.from() > 0) {
            int position = p / border.channels();
            int inside = position + pixels.from() / border.channels();
            BorderLoops.add(border, position, inside, column, valid, add, c, c0, pixels.targets(), rows);
        }
        // A sum of no steps is written, too.
        if (first < end || depth == 0) {
            rows(
                    run,
                    add || pixels.from() > 0,
                    end - first,
                    width,
                    valid,
                    left,
                    a0,
                    pixels.rows(),
                    rows,
                    done,
                    p + first,
                    panel,
                    panel0 + first * width,
                    c,
                    c0 + column,
                    pixels.targets(),
                    scratch,
                    scratch0);
        }
        if (begin + depth == left.run() && pixels.to() < left.run()) {
            int position = (p - begin) / border.channels();
            int outside = position + pixels.to() / border.channels();
            int next = position + left.run() / border.channels();
            BorderLoops.add(border, outside, next, column, valid, true, c, c0, pixels.targets(), rows);
        }
    }

    /** Some steps of some rows with a panel; those before row {@code i} have been computed. */
    private static void rows(
            boolean run,
            boolean add,
            int depth,
            int width,
            int valid,
            Left left,
            int a0,
            int[] table,
            int rows,
            int i,
            int p,
            float[] panel,
            int panel0,
            float[] c,
            int c0,
            int[] targets,
            float[] scratch,
            int scratch0) {
        for (int high; i < rows; i += high) {
            high = height(run, width, rows - i);
            if (valid == width && high > 1 && (run || high == TALL_ROWS)) {
                tile(run, high, add, depth, width, left, a0, table, i, p, panel, panel0, c, c0, targets, i);
                continue;
            }
            // Over the last row or column: computed in a buffer, from which the valid part is copied.
            int edge0 = scratch0 + PANEL_FLOATS;
            int whole = run ? Math.max(2, high) : TALL_ROWS;
            int[] edgeRows = EDGE_TARGETS[width];
            if (add) {
                copy(high, valid, c, c0, targets, i, scratch, edge0, edgeRows, 0);
            }
            tile(run, whole, add, depth, width, left, a0, table, i, p, panel, panel0, scratch, edge0, edgeRows, 0);
            copy(high, valid, scratch, edge0, edgeRows, 0, c, c0, targets, i);
        }
    }

    /**
     * Rows of the next tile. The last rows are covered by two tiles of the same height: those of a low one wait for their own
     * sums.
     */
    private static int height(boolean run, int width, int rows) {
        int most = run && width == COLUMNS ? RUN_ROWS : TALL_ROWS;
        return run && rows > most && rows < 2 * most ? (rows + 1) / 2 : Math.min(rows, most);
    }

    /** The first rows, which read B in place and write the panel. */
    private static void packing(
            boolean add,
            int depth,
            int width,
            float[] a,
            int a0,
            Pixels pixels,
            Right right,
            int b0,
            float[] panel,
            int panel0,
            float[] c,
            int c0) {
        int[] rows = pixels.rows();
        int[] targets = pixels.targets();
        float[] b = right.array();
        int bStep = right.stride();
        switch (width / Lanes.LENGTH) {
            case 1 -> Tile1.packing(add, depth, a, a0, rows, b, b0, bStep, panel, panel0, c, c0, targets);
            case 2 -> Tile2.packing(add, depth, a, a0, rows, b, b0, bStep, panel, panel0, c, c0, targets);
            default -> Tile4.packing(add, depth, a, a0, rows, b, b0, bStep, panel, panel0, c, c0, targets);
        }
    }

    /** Copies the valid columns of some rows between C and the buffer. */
    private static void copy(
            int high,
            int valid,
            float[] from,
            int from0,
            int[] fromRows,
            int row,
            float[] to,
            int to0,
            int[] toRows,
            int toRow) {
        for (int i = 0; i < high; i++) {
            System.arraycopy(from, from0 + fromRows[row + i], to, to0 + toRows[toRow + i], valid);
        }
    }

    /**
     * Computes a tile. The parts of a panel come one by one: an object of them that a call received was allocated each time, 4 MB
     * in a training step of a VGG.
     */
    private static void tile(
            boolean run,
            int high,
            boolean add,
            int depth,
            int width,
            Left left,
            int a0,
            int[] rows,
            int row,
            int p,
            float[] b,
            int b0,
            float[] c,
            int c0,
            int[] targets,
            int target) {
        float[] a = left.array();
        int vectors = width / Lanes.LENGTH;
        if (!run) {
            any(vectors, add, depth, a, a0, rows, row, left.steps(), p, b, b0, c, c0, targets, target);
            return;
        }
        int from = a0 + left.steps()[p];
        switch (vectors) {
            case 1 -> Tile1.run(add, high, depth, a, from, rows, row, b, b0, c, c0, targets, target);
            case 2 -> Tile2.run(add, high, depth, a, from, rows, row, b, b0, c, c0, targets, target);
            default -> Tile4.run(add, high, depth, a, from, rows, row, b, b0, c, c0, targets, target);
        }
    }

    private static void any(
            int vectors,
            boolean add,
            int depth,
            float[] a,
            int a0,
            int[] rows,
            int row,
            int[] steps,
            int p,
            float[] b,
            int b0,
            float[] c,
            int c0,
            int[] targets,
            int target) {
        switch (vectors + (add ? 4 : 0)) {
            case 1 -> Tile1.any(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 2 -> Tile2.any(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 4 -> Tile4.any(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 5 -> Tile1.anyAdd(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            case 6 -> Tile2.anyAdd(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
            default -> Tile4.anyAdd(depth, a, a0, rows, row, steps, p, b, b0, c, c0, targets, target);
        }
    }
}
