package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatShortTiles;
import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/** A product of few steps: B is packed, rows are cut, and C is written from end to end, as memory likes it. */
final class FloatShortProduct {
    /** Columns of B, times steps, that are taken at once: they stay in the first-level cache. */
    private static final int PANELS = 16384 / Float.BYTES;

    private static final int L = Lanes.FLOATS.length();

    private FloatShortProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        float[] panels = workspace.floats(FloatTiles.packedSize(x.k, x.n));
        if (x.transposeB) {
            FloatShortTiles.packTransposed(x.alpha, x.k, x.n, x.b, x.b0, x.ldb, panels, 0);
        } else {
            FloatShortTiles.pack(x.alpha, x.k, x.n, x.b, x.b0, x.ldb, panels, 0);
        }
        GemmSplit split = GemmSplit.of(x.m, 1, parts);
        split.forEach(parts, parallelism, (task, worker) -> {
            int row = task * split.rowsEach();
            rows(x, row, Math.min(split.rowsEach(), x.m - row), panels);
        });
    }

    private static void rows(FloatProduct x, int row, int rows, float[] panels) {
        x.start(row, rows, 0, x.n);
        int most = PANELS / x.k / L * L;
        for (int j = 0; j < x.n; j += most) {
            FloatShortTiles.run(
                    x.hasStart(),
                    x.k,
                    rows,
                    Math.min(most, x.n - j),
                    x.a,
                    x.left(row, 0),
                    x.transposeA ? 1 : x.lda,
                    x.transposeA ? x.lda : 1,
                    panels,
                    j * x.k,
                    x.c,
                    x.target(row, j),
                    x.ldc);
        }
        x.finished(row, rows, 0, x.n);
    }
}
