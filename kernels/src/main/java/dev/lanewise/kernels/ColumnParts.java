package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Tiles;

/**
 * The columns of a product, cut into parts at the edges of tiles: where strips of rows are fewer than keep the threads busy.
 *
 * @param columns all columns
 * @param count how many parts
 */
record ColumnParts(int columns, int count) {
    /** A part of the cores may be busy elsewhere: several tasks for each thread even that out. */
    private static final int TASKS_PER_THREAD = 4;

    /**
     * Cuts columns.
     *
     * @param columns all columns
     * @param tasks how many tasks there are already
     * @param threads how many threads work
     * @return the parts
     */
    static ColumnParts of(int columns, int tasks, int threads) {
        return new ColumnParts(columns, count(columns / Tiles.COLUMNS, tasks, threads));
    }

    /**
     * Returns into how many parts each task should be cut to keep the threads busy.
     *
     * @param most into how many it can be cut
     * @param tasks how many tasks there are
     * @param threads how many threads work
     * @return the number of parts, at least 1
     */
    static int count(int most, int tasks, int threads) {
        int wanted = threads == 1 || tasks == 0 ? 1 : Math.ceilDiv(TASKS_PER_THREAD * threads, tasks);
        return Math.clamp(wanted, 1, Math.max(1, most));
    }

    /** The first column of a part. */
    int first(int part) {
        return part == count ? columns : columns / Tiles.COLUMNS * part / count * Tiles.COLUMNS;
    }

    /** How many columns a part has. */
    int size(int part) {
        return first(part + 1) - first(part);
    }
}
