package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/**
 * A product computed as its transpose, {@code C^T = op(B)^T op(A)^T}, where that is the faster one. Each element is the same
 * chain, so the exchange of factors changes no bit.
 */
final class FloatTransposedProduct {
    /** From so many steps on, what columns gain as rows pays for transposing C: 512x10x8 took 1.2 microseconds instead of 1.8. */
    private static final int STEPS_TO_SWAP = 8;

    /** From this many to this many steps it pays too where A has to be transposed for it. */
    private static final int STEPS_TO_COPY = 16;

    private static final int MOST_STEPS_TO_COPY = 64;

    private static final int L = Lanes.FLOATS.length();

    private FloatTransposedProduct() {}

    /** Whether the transpose is computed faster. */
    static boolean pays(boolean transposeA, boolean transposeB, int m, int n, int k) {
        return columnsGainAsRows(transposeA, m, n, k) || (transposeB && copiesLess(transposeA, m, n, k));
    }

    /**
     * Few columns but many rows: rows fill vectors that columns do not. Where A is transposed as it is stored, it is read in
     * place; where it is not, the swapped product packs it, which takes longer than what is saved unless columns are few and
     * chains short: 512x3x64 ran at 42 GFLOP/s so and at 25 with narrow tiles, but 128x10x512 at 87 and at 112 (Zen 5).
     */
    private static boolean columnsGainAsRows(boolean transposeA, int m, int n, int k) {
        if ((n == 1 && !transposeA) || n >= L || m < 2 * L) {
            return false;
        }
        return transposeA ? k >= STEPS_TO_SWAP : n <= L / 2 && k >= STEPS_TO_COPY && k <= MOST_STEPS_TO_COPY;
    }

    /**
     * A large transposed B, from which the vectors of a product have to be gathered. Of the transpose it is the left factor, whose
     * elements are read one by one, as they lie; what is gathered is A, and C at the end: 32x512x512 ran at 234 GFLOP/s so and
     * at 170 otherwise, 128x768x3072 at 236 and at 203 (Zen 5). Where A's rows leave much of a vector empty, nothing is won.
     */
    private static boolean copiesLess(boolean transposeA, int m, int n, int k) {
        long gathered = (long) m * n + (transposeA ? 0 : (long) m * k);
        int lanes = GemmSplit.divideUp(m, L) * L;
        return 2 * gathered <= (long) n * k && 5 * m >= 4 * lanes;
    }

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        int m = x.m;
        int n = x.n;
        float[] t = workspace.floats(Math.multiplyExact(m, n));
        GemmSplit split = GemmSplit.of(n, 1, parts);
        if (x.hasStart()) {
            split.forEach(parts, parallelism, (task, worker) -> {
                int column = task * split.rowsEach();
                int columns = Math.min(split.rowsEach(), n - column);
                FloatTransposition.run(1, m, columns, x.s, x.s0 + column, x.sRow, t, column * m, m);
            });
        }
        FloatGemm.run(
                !x.transposeB,
                !x.transposeA,
                n,
                m,
                x.k,
                1,
                x.b,
                x.b0,
                x.ldb,
                x.a,
                x.a0,
                x.lda,
                x.hasStart() ? t : null,
                0,
                m,
                t,
                0,
                m,
                null,
                parallelism,
                workspace);
        split.forEach(parts, parallelism, (task, worker) -> {
            int column = task * split.rowsEach();
            int columns = Math.min(split.rowsEach(), n - column);
            FloatTransposition.run(1, columns, m, t, column * m, m, x.c, x.target(0, column), x.ldc);
            x.finished(0, m, column, columns);
        });
    }
}
