package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatColumnTiles;
import dev.lanewise.kernels.micro.FloatRowSums;
import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Arrays;

/** A product of few rows: B is read in place, a band of its rows after the other; columns are cut. */
final class FloatFewRowsProduct {
    /**
     * Steps that few rows take at once through B in place: each row of B is a page of its own when B is wide, and the
     * translation buffers have room for some; but the fewer steps, the more often C is read and written. Of 16 to 512 steps,
     * 256 were best for 8x512x3136 and 16x512x512, 512 for 8x1000x2048 (Zen 5).
     */
    private static final int DEPTH = 256;

    /**
     * Up to so many columns a single row is for tiles, which hold its sums in registers; with more, the rows of B are read from end to end. 1x10x512 ran at 4.4 GFLOP/s and at 13.5 so, 1x64x512 at 19 and 21,
     * 1x128x512 at 31 and 25 (Zen 3).
     */
    private static final int WIDE_ROW = 100;

    /**
     * Up to so many rows, and a B of {@link #WIDE} columns, are computed as a single one is with 16 registers: tiles read 64 bytes of each row of
     * B, which is a page of its own. 2x4096x4096 ran at 7.5 GFLOP/s so and runs at 25, 2x2048x2048 at 12 and 37, 4x1024x3072 at 29 and 33 to 49,
     * 6x4096x1024 at 29 and 35 to 43, 5x1024x1024 at 36 and 41, 6x768x3072 at 45 and 37 to 51 (Zen 3). What two figures differ by is where the
     * arrays lie: a load waits for a store whose address ends with the same 12 bits. Of seven and eight rows it was 0.82 to 1.3.
     */
    private static final int ROWS_OF_WIDE = 6;

    private static final int WIDE = 768;

    /** Floats between the sums of two threads, more than is fetched ahead. */
    private static final int APART = 1024;

    /** Steps from which on that pays for copying the sums to C. */
    private static final int STEPS_APART = 32;

    /**
     * Whether A is copied to columns, for tiles that are taller than those that read it in place. With 16 registers they are not:
     * 16x512x512 ran at 47 GFLOP/s so, and at 60 with A in place (Zen 3).
     */
    private static final boolean COPY_A = Lanes.REGISTERS == 32;

    private FloatFewRowsProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        int units = Math.max(1, x.n / FloatTiles.COLUMNS);
        GemmSplit split = GemmSplit.of(1, units, parts);
        boolean byRows = x.m == 1 ? x.n > WIDE_ROW : Lanes.REGISTERS == 16 && x.m <= ROWS_OF_WIDE && x.n >= WIDE;
        boolean copyA = COPY_A && !byRows && !x.transposeA;
        float[] left = copyA ? workspace.floats(Math.multiplyExact(x.m, x.k)) : x.a;
        if (copyA) {
            FloatTransposition.run(1, x.m, x.k, x.a, x.a0, x.lda, left, 0, x.m);
        }
        boolean apart = byRows && split.tasks() > 1 && x.k >= STEPS_APART;
        int sumsEach = apart ? x.m * (split.unitsEach() + 1) * FloatTiles.COLUMNS + APART : 0;
        float[] sums = apart ? workspace.floats(Math.multiplyExact(parallelism.threads(), sumsEach)) : null;
        split.forEach(parts, parallelism, (task, worker) -> {
            int column = task * split.unitsEach() * FloatTiles.COLUMNS;
            int columns = task == split.tasks() - 1 ? x.n - column : split.unitsEach() * FloatTiles.COLUMNS;
            x.start(0, x.m, column, columns);
            if (apart) {
                addRowsApart(x, column, columns, sums, worker * sumsEach);
            } else if (byRows) {
                addRows(x, column, columns, x.c, x.target(0, column), x.ldc);
            } else {
                multiply(x, left, column, columns);
            }
            x.finished(0, x.m, column, columns);
        });
    }

    /**
     * The same with the sums of each thread in an array of its own. In C, what fetches ahead at the end of one thread's columns takes the first of the
     * next thread's away from its core, in each round: two threads were slower than one, 31 for 65 GFLOP/s.
     */
    private static void addRowsApart(FloatProduct x, int column, int columns, float[] sums, int from) {
        for (int i = 0; i < x.m && x.hasStart(); i++) {
            System.arraycopy(x.c, x.target(i, column), sums, from + i * columns, columns);
        }
        addRows(x, column, columns, sums, from, columns);
        for (int i = 0; i < x.m; i++) {
            System.arraycopy(sums, from + i * columns, x.c, x.target(i, column), columns);
        }
    }

    /** Rows of sums stay in cache while the rows of B pass, each from end to end as memory likes it. */
    private static void addRows(FloatProduct x, int column, int columns, float[] sums, int to, int sumsRow) {
        for (int i = 0; i < x.m && !x.hasStart(); i++) {
            Arrays.fill(sums, to + i * sumsRow, to + i * sumsRow + columns, 0);
        }
        int row = x.transposeA ? 1 : x.lda;
        int step = x.transposeA ? x.lda : 1;
        int from = x.left(0, 0);
        int right = x.right(0, column);
        FloatRowSums.addRows(x.m, x.k, columns, x.a, from, row, step, x.b, right, x.ldb, sums, to, sumsRow);
    }

    /** Tiles take a band of B after the other. */
    private static void multiply(FloatProduct x, float[] left, int column, int columns) {
        int to = x.target(0, column);
        int p = 0;
        do {
            int depth = Math.min(DEPTH, x.k - p);
            int right = x.right(p, column);
            boolean add = p > 0 || x.hasStart();
            if (left != x.a || x.transposeA) {
                int step = left != x.a ? x.m : x.lda;
                int from = (left != x.a ? 0 : x.a0) + p * step;
                FloatColumnTiles.run(x.m, columns, depth, left, from, step, x.b, right, x.ldb, add, x.c, to, x.ldc);
            } else {
                int from = x.left(0, p);
                FloatTiles.strided(
                        x.m, columns, depth, x.a, from, x.lda, 1, x.b, right, x.ldb, null, 0, add, x.c, to, x.ldc);
            }
            p += depth;
        } while (p < x.k);
    }
}
