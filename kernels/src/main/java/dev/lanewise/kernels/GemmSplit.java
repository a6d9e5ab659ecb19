package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;

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

    /** What computes a block of C. */
    @FunctionalInterface
    interface Block {
        /** Computes rows [row, row + rows) of columns [column, column + columns), with a worker's own scratch memory. */
        void compute(int row, int rows, int column, int columns, int worker);
    }

    /**
     * Runs the tasks on all threads, or on this one if only one part is wanted: waking others would cost more than it gains.
     *
     * @param parts how many parts were wanted
     * @param parallelism the threads
     * @param task what is done for each
     */
    void forEach(int parts, Parallelism parallelism, Parallelism.Task task) {
        if (parts == 1) {
            for (int i = 0; i < tasks(); i++) {
                task.run(i, 0);
            }
        } else {
            parallelism.forEach(tasks(), task);
        }
    }

    /**
     * Computes the blocks of all tasks: those of a task one after the other, each of all its rows and some of its columns.
     *
     * @param rows rows of C
     * @param columns columns of C
     * @param unit columns of a unit
     * @param most columns of a block, a multiple of a unit's; the last one takes less than a unit more
     * @param parts how many parts were wanted
     * @param parallelism the threads
     * @param block what computes a block
     */
    void forEachBlock(int rows, int columns, int unit, int most, int parts, Parallelism parallelism, Block block) {
        forEach(parts, parallelism, (task, worker) -> {
            int row = task % rowParts * rowsEach;
            int high = Math.min(rowsEach, rows - row);
            int part = task / rowParts;
            int column = part * unitsEach * unit;
            int end = part == columnParts - 1 ? columns : column + unitsEach * unit;
            while (column < end) {
                int wide = end - column < most + unit ? end - column : most;
                block.compute(row, high, column, wide, worker);
                column += wide;
            }
        });
    }

    /** How many of k steps are taken at once: equal parts of at most so many. */
    static int evenDepth(int k, int most) {
        int cuts = Math.max(1, divideUp(k, most));
        return (k + cuts - 1) / cuts;
    }

    static int divideUp(int size, int part) {
        return (size - 1) / part + 1;
    }
}
