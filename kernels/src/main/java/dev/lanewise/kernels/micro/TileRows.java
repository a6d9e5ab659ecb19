package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/** Covers some rows of a product, for some steps and the columns of a panel, with the tiles that {@link Tiles} describes. */
final class TileRows {
    /** Where the rows of a tile in the buffer are, by its width. */
    private static final int[][] EDGE_TARGETS = new int[Tiles.COLUMNS + 1][];

    static {
        for (int width = Lanes.LENGTH; width <= Tiles.COLUMNS; width += Lanes.LENGTH) {
            EDGE_TARGETS[width] = Tiles.offsets(Tiles.TALL_ROWS, width);
        }
    }

    private TileRows() {}

    /** Rows that have the same steps of a run in the image: these steps, and what zeros before and behind them add. */
    static void cover(
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
            int edge0) {
        boolean run = depth > 0 && left.run() >= Tiles.SHORTEST_RUN;
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
                    edge0);
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
            int edge0) {
        for (int high; i < rows; i += high) {
            high = height(run, width, rows - i);
            if (valid == width && high > 1 && (run || high == Tiles.TALL_ROWS)) {
                tile(run, high, add, depth, width, left, a0, table, i, p, panel, panel0, c, c0, targets, i);
                continue;
            }
            // Over the last row or column: computed in a buffer, from which the valid part is copied.
            int whole = run ? Math.max(2, high) : Tiles.TALL_ROWS;
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
        int most = run && width == Tiles.COLUMNS ? Tiles.RUN_ROWS : Tiles.TALL_ROWS;
        return run && rows > most && rows < 2 * most ? (rows + 1) / 2 : Math.min(rows, most);
    }

    /** The first rows, which read B in place and write the panel. */
    static void packing(
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
