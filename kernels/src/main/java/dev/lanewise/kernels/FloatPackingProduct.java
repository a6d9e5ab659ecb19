package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/**
 * A product of a medium number of rows or columns: panels of B that stay in the second-level cache, written by the first tile
 * that reads them, and A where it is.
 */
final class FloatPackingProduct {
    /**
     * Steps of the sum that are taken at once: those of a panel of 32 KiB, which stays in a first-level cache of 48 KiB while
     * the rows pass. 128 with AVX-512: 384x384x384 ran at 230 GFLOP/s with it and at 195 with 512 (Zen 5, whose
     * multiply-adds need 32 bytes of B in each cycle, more than the second-level cache brings at all times).
     */
    private static final int DEPTH = 32768 / Float.BYTES / FloatTiles.COLUMNS;

    /** Columns that are packed at once: with a float of each step 128 KiB, which stays in a second-level cache. */
    private static final int BLOCK_COLUMNS = 256;

    /**
     * Rows that pass all panels before the next rows do: with 128 steps 192 KiB of A, which stays in the second-level cache
     * beside the panels. One panel after the other over all rows read A anew for each: 79 % of the peak at n = 2048, not 87
     * (Zen 4). A transposed A is copied by as many rows.
     */
    private static final int BLOCK_ROWS = 384;

    /**
     * The same where sums are short and rows of C are long: all columns of these rows are written before the next rows are. Down one panel after
     * the other, each row of C is on another page: 2000x2000x30 ran at 47 GFLOP/s so and at 66 with 12 rows,
     * 512x4096x30 at 53 and 63, 2000x2000x64 at 70 and 78 (Zen 3). With 128 steps it makes no difference, nor with rows of 256 columns.
     */
    private static final int BLOCK_ROWS_OF_SHORT_SUMS = 12;

    private static final int STEPS_OF_SHORT_SUMS = 64;

    private static final int LONG_ROW = 512;

    private FloatPackingProduct() {}

    static void run(FloatProduct x, int parts, Parallelism parallelism, Workspace workspace) {
        int units = Math.max(1, x.n / FloatTiles.COLUMNS);
        GemmSplit split = GemmSplit.of(x.m, units, parts);
        int depth = Math.min(x.k, DEPTH);
        int panels = FloatTiles.packedSize(depth, Math.min(x.n, BLOCK_COLUMNS + FloatTiles.COLUMNS));
        int each = Workspace.wholeLines(panels + (x.transposeA ? depth * Math.min(x.m, BLOCK_ROWS) : 0));
        int workers = parts > 1 ? parallelism.threads() : 1;
        int start = Workspace.FLOATS_START;
        float[] scratch = workspace.floats(Math.addExact(start, Math.multiplyExact(each, workers)));
        split.forEachBlock(
                x.m,
                x.n,
                FloatTiles.COLUMNS,
                BLOCK_COLUMNS,
                parts,
                parallelism,
                (row, rows, column, columns, worker) -> {
                    int panels0 = start + worker * each;
                    block(x, row, rows, column, columns, scratch, panels0, panels0 + panels);
                });
    }

    private static void block(
            FloatProduct x, int row, int rows, int column, int columns, float[] scratch, int panels, int copyOfA) {
        int even = GemmSplit.evenDepth(x.k, DEPTH);
        boolean alongRows = x.k <= STEPS_OF_SHORT_SUMS && x.ldc >= LONG_ROW && !x.transposeA;
        int blockRows = alongRows ? BLOCK_ROWS_OF_SHORT_SUMS : BLOCK_ROWS;
        int p = 0;
        do {
            int depth = Math.min(even, x.k - p);
            boolean packOnTheWay = !x.transposeB && x.alpha == 1 && rows >= FloatTiles.ROWS;
            int from = x.right(p, column);
            if (x.transposeB) {
                FloatTiles.packTransposed(x.alpha, depth, columns, x.b, from, x.ldb, scratch, panels);
            } else if (!packOnTheWay) {
                FloatTiles.pack(x.alpha, depth, columns, x.b, from, x.ldb, scratch, panels);
            }
            for (int i = row; i < row + rows; i += blockRows) {
                int high = Math.min(blockRows, row + rows - i);
                // What sums start from is written, and what follows them computed, while a block is in a cache: for all
                // rows at
                // once, two threads took 1.05 to 1.2 times as long for 3136x256x64 with a bias (Zen 5).
                if (p == 0) {
                    x.start(i, high, column, columns);
                }
                float[] left = x.transposeA ? scratch : x.a;
                int left0 = x.transposeA ? copyOfA : x.left(i, p);
                int leftRow = x.transposeA ? depth : x.lda;
                if (x.transposeA) {
                    FloatTransposition.run(1, depth, high, x.a, x.left(i, p), x.lda, scratch, copyOfA, depth);
                }
                boolean add = p > 0 || x.hasStart();
                int first = packOnTheWay && i == row ? FloatTiles.ROWS : 0;
                if (first > 0) {
                    int to = x.target(i, column);
                    FloatTiles.packing(
                            columns, depth, left, left0, leftRow, x.b, from, x.ldb, scratch, panels, add, x.c, to,
                            x.ldc);
                }
                int rest = left0 + first * leftRow;
                int to = x.target(i + first, column);
                FloatTiles.packed(
                        high - first, columns, depth, left, rest, leftRow, scratch, panels, add, x.c, to, x.ldc);
                if (p + depth >= x.k) {
                    x.finished(i, high, column, columns);
                }
            }
            p += depth;
        } while (p < x.k);
    }
}
