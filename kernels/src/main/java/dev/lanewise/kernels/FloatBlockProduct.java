package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatBlockTiles;
import dev.lanewise.kernels.micro.FloatPanelTiles;
import dev.lanewise.kernels.micro.FloatPanels;
import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/**
 * A large product, one with a transposed A, or with short sums and long rows of C: copies of both factors, B's for all columns of a task, A's for some rows after the other (Goto and van de
 * Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008).
 *
 * <p>Each task packs what it needs of B, though others pack the same. Packed by all threads together and then shared, 1024x1024x1024
 * ran at 395 GFLOP/s on two threads and not at 460 (Zen 5): what another core has written comes slowly.
 */
final class FloatBlockProduct {
    /** Columns that are packed at once: panels of 8 MiB at most, which the third-level cache brings back for every block of rows. */
    private static final int BLOCK_COLUMNS = 4096;

    /**
     * Rows of A that are copied at once, whole tiles of 8, 6 or 5: 248 KiB, which stays in the second-level cache beside a panel of
     * 32 or 64 KiB.
     */
    private static final int BLOCK_ROWS = 120;

    /** The most steps for which A is transposed: of these all sizes gain that were measured. */
    static final int MOST_STEPS_TO_TRANSPOSE_A = 24;

    private FloatBlockProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        int units = Math.max(1, x.n / FloatPanels.COLUMNS);
        GemmSplit split = GemmSplit.ofCopies(x.m, units, parts);
        int depth = Math.min(x.k, depth(x));
        int widest = Math.min(BLOCK_COLUMNS, split.unitsEach() * FloatPanels.COLUMNS) + FloatPanels.COLUMNS;
        int panels = x.inPanels ? 0 : FloatPanels.size(depth, Math.min(x.n, widest));
        int high = Math.min(x.m, BLOCK_ROWS);
        int each = Workspace.wholeLines(
                panels + (copiesColumns(x) ? depth * FloatPanelTiles.step(high) : high * FloatBlockTiles.A_ROW));
        int workers = parts > 1 ? parallelism.threads() : 1;
        int start = Workspace.FLOATS_START;
        float[] scratch = workspace.floats(Math.addExact(start, Math.multiplyExact(each, workers)));
        split.forEachBlock(
                x.m,
                x.n,
                FloatPanels.COLUMNS,
                BLOCK_COLUMNS,
                parts,
                parallelism,
                (row, rows, column, columns, worker) -> {
                    int panels0 = start + worker * each;
                    block(x, row, rows, column, columns, scratch, panels0, panels0 + panels);
                });
    }

    /**
     * How many steps are copied at once. Of a copy by columns few: a tile reads a cache line of each step, and the next
     * tile the same lines. 512x512x512 ran at 79 GFLOP/s with 256 steps and at 83 with 128 (Zen 3). A {@link PackedMatrix}
     * knows nothing of A when it is packed.
     */
    private static int depth(FloatProduct x) {
        return copiesColumns(x) && !x.inPanels ? FloatPanelTiles.DEPTH : FloatBlockTiles.DEPTH;
    }

    /**
     * Whether A is copied by columns: as it is stored so, or as tiles that read it so have less to do besides a short sum. To transpose it for
     * them pays for few steps alone: 1000x1000x7 took 0.77 of the time, 1000x1000x12 0.80, 1000x1000x20 0.93, but 1024x256x32 1.10 (Zen 3).
     */
    private static boolean copiesColumns(FloatProduct x) {
        return x.transposeA || (Lanes.REGISTERS == 16 && !x.inPanels && x.k <= MOST_STEPS_TO_TRANSPOSE_A);
    }

    private static void block(
            FloatProduct x, int row, int rows, int column, int columns, float[] scratch, int panels, int copyOfA) {
        int even = GemmSplit.evenDepth(x.k, depth(x));
        int p = 0;
        do {
            int depth = Math.min(even, x.k - p);
            if (x.transposeB) {
                FloatPanels.packTransposed(x.alpha, depth, columns, x.b, x.right(p, column), x.ldb, scratch, panels);
            } else if (!x.inPanels) {
                FloatPanels.pack(x.alpha, depth, columns, x.b, x.right(p, column), x.ldb, scratch, panels);
            }
            float[] right = x.inPanels ? x.b : scratch;
            int right0 = x.inPanels ? FloatPanels.size(p, x.n) + depth * column : panels;
            for (int i = row; i < row + rows; i += BLOCK_ROWS) {
                int high = Math.min(BLOCK_ROWS, row + rows - i);
                if (p == 0) {
                    x.start(i, high, column, columns);
                }
                boolean add = p > 0 || x.hasStart();
                int from = x.left(i, p);
                int to = x.target(i, column);
                if (copiesColumns(x)) {
                    int step = FloatPanelTiles.step(high);
                    if (x.transposeA) {
                        FloatPanelTiles.copyOfA(high, depth, x.a, from, x.lda, scratch, copyOfA, step);
                    } else {
                        FloatTransposition.run(1, high, depth, x.a, from, x.lda, scratch, copyOfA, step);
                    }
                    FloatPanelTiles.run(
                            high, columns, depth, scratch, copyOfA, step, right, right0, add, x.c, to, x.ldc);
                } else {
                    FloatBlockTiles.copyOfA(high, depth, x.a, from, x.lda, scratch, copyOfA);
                    FloatBlockTiles.run(high, columns, depth, scratch, copyOfA, right, right0, add, x.c, to, x.ldc);
                }
                if (p + depth == x.k) {
                    x.finished(i, high, column, columns);
                }
            }
            p += depth;
        } while (p < x.k);
    }
}
