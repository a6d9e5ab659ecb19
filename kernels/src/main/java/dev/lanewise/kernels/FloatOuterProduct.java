package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatRowSums;
import dev.lanewise.runtime.Parallelism;

/** A product of one or two columns and rows: what counts is to write C from end to end, as memory likes it. */
final class FloatOuterProduct {
    private FloatOuterProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism) {
        GemmSplit split = GemmSplit.of(x.m, 1, parts);
        int step = x.transposeA ? x.lda : 1;
        split.forEach(parts, parallelism, (task, worker) -> {
            int row = task * split.rowsEach();
            int rows = Math.min(split.rowsEach(), x.m - row);
            x.start(row, rows, 0, x.n);
            for (int i = row; i < row + rows; i++) {
                FloatRowSums.combineRows(
                        x.k, x.n, x.a, x.left(i, 0), step, x.b, x.b0, x.ldb, x.hasStart(), x.c, x.target(i, 0));
            }
            x.finished(row, rows, 0, x.n);
        });
    }
}
