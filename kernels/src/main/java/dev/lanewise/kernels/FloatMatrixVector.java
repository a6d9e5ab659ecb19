package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatDots;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/** A matrix times a vector, both of which lie along the sums: {@code y = (y or 0) + alpha A x}. Arguments have been checked. */
final class FloatMatrixVector {
    /** There are several tasks for each thread, for rows take as long as memory does. */
    private static final int PARTS = 4;

    private FloatMatrixVector() {}

    /** Whether a product of matrices is one of these: not short sums, for which a chain is faster. */
    static boolean fits(boolean transposeA, boolean transposeB, int m, int n, int k) {
        return k >= FloatDots.FEWEST_COLUMNS && ((m == 1 && transposeB) || (n == 1 && !transposeA));
    }

    /** Computes the product; x need not lie contiguously, nor y. */
    static void run(
            int rows,
            int columns,
            float alpha,
            float[] a,
            int a0,
            int lda,
            float[] x,
            int x0,
            int xStep,
            boolean add,
            float[] y,
            int y0,
            int yStep,
            Parallelism parallelism,
            Workspace workspace) {
        int threads = (long) rows * columns < FloatGemm.SERIAL_ROW_WORK ? 1 : parallelism.threads();
        int parts = threads == 1 ? 1 : PARTS * threads;
        int each = GemmSplit.divideUp(GemmSplit.divideUp(rows, parts), FloatDots.ROWS) * FloatDots.ROWS;
        Workspace.Mark mark = workspace.mark();
        float[] vector = xStep == 1 ? x : workspace.floats(columns);
        int vector0 = xStep == 1 ? x0 : 0;
        for (int p = 0; p < columns && xStep != 1; p++) {
            vector[p] = x[x0 + p * xStep];
        }
        float[] lanes = workspace.floats(threads * FloatDots.SCRATCH);
        parallelism.forEach(GemmSplit.divideUp(rows, each), (part, worker) -> {
            int i = part * each;
            FloatDots.run(
                    Math.min(each, rows - i),
                    columns,
                    alpha,
                    a,
                    a0 + i * lda,
                    lda,
                    vector,
                    vector0,
                    add,
                    y,
                    y0 + i * yStep,
                    yStep,
                    lanes,
                    worker * FloatDots.SCRATCH);
        });
        workspace.release(mark);
    }
}
