package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/**
 * A product of few columns: rows are cut, and B is small enough to be read in place. A transposed A is too: each of its
 * elements is used so few times that copying it to rows would not pay.
 */
final class FloatNarrowProduct {
    /**
     * Steps of the sum that are taken at once: a vector's columns stay in the first-level cache. The fewer steps, the more often a row of A is left for the next:
     * 1000x13x1000 ran at 132 GFLOP/s with 512 and at 109 with 128 (Zen 5).
     */
    private static final int DEPTH = 32768 / Float.BYTES / Lanes.FLOATS.length();

    private FloatNarrowProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        boolean copy = x.transposeB || x.alpha != 1;
        float[] right = copy ? workspace.floats(Math.multiplyExact(x.k, x.n)) : x.b;
        int right0 = copy ? 0 : x.b0;
        int rightStep = copy ? x.n : x.ldb;
        if (copy) {
            copyOfB(x, right);
        }
        GemmSplit split = GemmSplit.of(x.m, 1, parts);
        float[] scratch = workspace.floats(parallelism.threads() * FloatTiles.SCRATCH);
        split.forEach(parts, parallelism, (task, worker) -> {
            int row = task * split.rowsEach();
            int rows = Math.min(split.rowsEach(), x.m - row);
            x.start(row, rows, 0, x.n);
            int p = 0;
            do {
                int depth = Math.min(DEPTH, x.k - p);
                int from = right0 + p * rightStep;
                strided(x, row, rows, p, depth, right, from, rightStep, scratch, worker * FloatTiles.SCRATCH);
                p += depth;
            } while (p < x.k);
            x.finished(row, rows, 0, x.n);
        });
    }

    private static void copyOfB(FloatProduct x, float[] to) {
        if (x.transposeB) {
            FloatTransposition.run(x.alpha, x.n, x.k, x.b, x.b0, x.ldb, to, 0, x.n);
            return;
        }
        for (int p = 0; p < x.k; p++) {
            for (int j = 0; j < x.n; j++) {
                to[p * x.n + j] = x.alpha * x.b[x.right(p, j)];
            }
        }
    }

    private static void strided(
            FloatProduct x,
            int row,
            int rows,
            int p,
            int depth,
            float[] right,
            int right0,
            int rightStep,
            float[] scratch,
            int scratch0) {
        FloatTiles.strided(
                rows,
                x.n,
                depth,
                x.a,
                x.left(row, p),
                x.transposeA ? 1 : x.lda,
                x.transposeA ? x.lda : 1,
                right,
                right0,
                rightStep,
                scratch,
                scratch0,
                p > 0 || x.hasStart(),
                x.c,
                x.target(row, 0),
                x.ldc);
    }
}
