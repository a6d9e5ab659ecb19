package dev.lanewise.kernels;

/**
 * How a matrix product is cut into tasks: a grid of parts of the rows by parts of the columns of C.
 *
 * <p>Sums are never cut, so the cut may depend on the number of threads and no bit does. Each task packs the columns of
 * B that it needs itself, into memory that stays in its own core's cache, and no task waits for another; so cutting
 * columns is free, while cutting rows repeats the packing. On 64 threads a 4096x4096 product is 8 x 8 parts or finer,
 * each of 512 rows and 512 columns, and packs 8 times as much as one thread would: 2 % of its multiply-adds.
 *
 * @param rowParts parts of the rows
 * @param columnParts parts of the columns
 * @param rowsEach rows of a part but the last, a multiple of 4
 * @param unitsEach columns of a part but the last, in units of the widest tile
 */
record GemmSplit(int rowParts, int columnParts, int rowsEach, int unitsEach) {
    /** Packing an element of B takes as long as this many rows of multiply-adds with it, if it is transposed. */
    private static final int PACKING_ROWS = 12;

    /** Copying an element of A takes as long as the multiply-adds of a row with 8 columns: a quarter of a panel. */
    private static final double COPYING_UNITS = 0.25;

    /** Parts end on whole tiles. */
    private static final int ROWS = 4;

    /**
     * Returns the cut whose parts, done by so many threads at once, end first.
     *
     * @param rows rows of C, at least 1
     * @param units columns of C, in units of the widest tile, at least 1
     * @param parts how many parts are wanted: as many as threads, or a multiple of it
     * @return the cut; it may have fewer parts than wanted, or a few more
     */
    static GemmSplit of(int rows, int units, int parts) {
        return leastCost(rows, units, parts, 0);
    }

    /** The same where tasks copy their part of A too, so that cutting columns is not free either. */
    static GemmSplit ofCopies(int rows, int units, int parts) {
        return leastCost(rows, units, parts, COPYING_UNITS);
    }

    private static GemmSplit leastCost(int rows, int units, int parts, double copyingUnits) {
        GemmSplit best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int columns = Math.min(parts, units); columns >= 1; columns--) {
            int unitsEach = divideUp(units, columns);
            int rowsEach = divideUp(divideUp(rows, Math.max(1, parts / columns)), ROWS) * ROWS;
            double cost = (Math.min(rows, rowsEach) + PACKING_ROWS) * (unitsEach + copyingUnits);
            if (cost < least) {
                least = cost;
                best = new GemmSplit(divideUp(rows, rowsEach), divideUp(units, unitsEach), rowsEach, unitsEach);
            }
        }
        return best;
    }

    /** Returns the number of tasks. */
    int tasks() {
        return rowParts * columnParts;
    }

    static int divideUp(int size, int part) {
        return (size - 1) / part + 1;
    }
}
