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
     * The same of up to six rows and a wide B, with 16 registers, whose tiles read 64 bytes of each row of B: 256 rows a page or more apart
     * fall onto few sets of the first-level cache, all of them if their distance is a power of two. 2x2048x2048 ran at 7 GFLOP/s so and at 11 with
     * 32 steps, 4x1024x3072 at 17 and 25, 6x4096x1024 at 8.5 and 17, 3x1000x2048 at 23 and 29; of eight rows 0.9 to 0.99 (Zen 3).
     */
    private static final int DEPTH_OF_WIDE = 32;

    private static final int ROWS_OF_WIDE = 6;

    private static final int WIDE = 768;

    /**
     * Whether A is copied to columns, for tiles that are taller than those that read it in place. With 16 registers they are not:
     * 16x512x512 ran at 47 GFLOP/s so, and at 60 with A in place (Zen 3).
     */
    private static final boolean COPY_A = Lanes.REGISTERS == 32;

    private FloatFewRowsProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        int units = Math.max(1, x.n / FloatTiles.COLUMNS);
        GemmSplit split = GemmSplit.of(1, units, parts);
        boolean copyA = COPY_A && x.m > 1 && !x.transposeA;
        float[] left = copyA ? workspace.floats(Math.multiplyExact(x.m, x.k)) : x.a;
        if (copyA) {
            FloatTransposition.run(1, x.m, x.k, x.a, x.a0, x.lda, left, 0, x.m);
        }
        boolean wide = Lanes.REGISTERS == 16 && x.m > 1 && x.m <= ROWS_OF_WIDE && x.ldb >= WIDE;
        int most = wide ? DEPTH_OF_WIDE : DEPTH;
        split.forEach(parts, parallelism, (task, worker) -> {
            int column = task * split.unitsEach() * FloatTiles.COLUMNS;
            int columns = task == split.tasks() - 1 ? x.n - column : split.unitsEach() * FloatTiles.COLUMNS;
            x.start(0, x.m, column, columns);
            int p = 0;
            do {
                int depth = Math.min(most, x.k - p);
                int right = x.right(p, column);
                if (x.m == 1) {
                    addRows(x, column, columns, p, depth);
                } else if (copyA || x.transposeA) {
                    int step = copyA ? x.m : x.lda;
                    int from = (copyA ? 0 : x.a0) + p * step;
                    boolean add = p > 0 || x.hasStart();
                    int to = x.target(0, column);
                    FloatColumnTiles.run(x.m, columns, depth, left, from, step, x.b, right, x.ldb, add, x.c, to, x.ldc);
                } else {
                    boolean add = p > 0 || x.hasStart();
                    int from = x.left(0, p);
                    int to = x.target(0, column);
                    FloatTiles.strided(
                            x.m, columns, depth, x.a, from, x.lda, 1, x.b, right, x.ldb, null, 0, add, x.c, to, x.ldc);
                }
                p += depth;
            } while (p < x.k);
            x.finished(0, x.m, column, columns);
        });
    }

    /** One row of C stays in the first-level cache while the rows of B pass, each from end to end as memory likes it. */
    private static void addRows(FloatProduct x, int column, int columns, int p, int depth) {
        int to = x.target(0, column);
        if (p == 0 && !x.hasStart()) {
            Arrays.fill(x.c, to, to + columns, 0);
        }
        int step = x.transposeA ? x.lda : 1;
        FloatRowSums.addRows(depth, columns, x.a, x.left(0, p), step, x.b, x.right(p, column), x.ldb, x.c, to);
    }
}
