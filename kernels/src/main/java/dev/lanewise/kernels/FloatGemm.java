package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatColumnTiles;
import dev.lanewise.kernels.micro.FloatRowSums;
import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Arrays;

/**
 * The matrix product on arrays, {@code C = start + op(A) (alpha op(B))}: chooses a path by the shape, cuts the work into
 * tasks, and blocks it for the caches. Arguments have been checked.
 *
 * <p>Each element of C is one chain of fused multiply-adds on every path, so the choice changes no bit.
 */
final class FloatGemm {
    /**
     * Steps of the sum that are taken at once: those of a panel of 32 KiB, which stays in a first-level cache of 48 KiB while
     * the rows pass. 128 with AVX-512: 384x384x384 ran at 230 GFLOP/s with it and at 195 with 512 (Zen 5, whose
     * multiply-adds need 32 bytes of B in each cycle, more than the second-level cache brings at all times).
     */
    private static final int DEPTH = 32768 / Float.BYTES / FloatTiles.COLUMNS;

    /**
     * The same for columns that are at most a vector. The fewer steps, the more often a row of A is left for the next:
     * 1000x13x1000 ran at 132 GFLOP/s with 512 and at 109 with 128 (Zen 5).
     */
    private static final int NARROW_DEPTH = 32768 / Float.BYTES / Lanes.FLOATS.length();

    /** From so many steps on, what columns gain as rows pays for transposing C: 512x10x8 took 1.2 microseconds instead of 1.8. */
    private static final int STEPS_TO_SWAP = 8;

    /** Columns that are packed at once: with a float of each step 128 KiB, which stays in a second-level cache. */
    private static final int BLOCK_COLUMNS = 256;

    /**
     * Rows that pass all panels before the next rows do: with 128 steps 192 KiB of A, which stays in the second-level cache
     * beside the panels. One panel after the other over all rows read A anew for each: 79 % of the peak at n = 2048, not 87
     * (Zen 4). A transposed A is copied by as many rows.
     */
    private static final int BLOCK_ROWS = 384;

    /** Up to this many rows of C, packing B costs more than it gains: 24x512x512 159 GFLOP/s packed, 209 in place (Zen 5). */
    private static final int FEW_ROWS = 40;

    /**
     * Steps that few rows take at once through B in place: each row of B is a page of its own when B is wide, and the
     * translation buffers have room for some; but the fewer steps, the more often C is read and written. Of 16 to 512 steps,
     * 256 were best for 8x512x3136 and 16x512x512, 512 for 8x1000x2048 (Zen 5).
     */
    private static final int FEW_ROWS_DEPTH = 256;

    /** Up to this many multiply-adds B is read in place: it stays in the first-level cache as it is. */
    private static final int TINY_WORK = 64 * 64 * 64;

    /** From this many columns on, it pays to copy a transposed A to rows: each element is used for every vector. */
    private static final int COLUMNS_TO_COPY = 128;

    /** Below this many multiply-adds, some 10 microseconds, a second thread costs more than it gains. */
    static final long SERIAL_WORK = 1 << 19;

    /** The same for one row, whose multiply-adds wait for B. */
    static final long SERIAL_ROW_WORK = SERIAL_WORK / 4;

    /** From this many multiply-adds on, there are several tasks for each thread, for a core may be busy elsewhere. */
    private static final long FINE_WORK = 1 << 26;

    private static final int L = Lanes.FLOATS.length();

    /** What is done with a block of C when it is complete and still in the cache. */
    @FunctionalInterface
    interface Finish {
        /** Finishes rows [row, row + rows) of columns [column, column + columns). */
        void apply(int row, int rows, int column, int columns);
    }

    private final boolean transposeA;
    private final boolean transposeB;

    /** Whether B is in panels already. */
    private final boolean inPanels;

    private final int m;
    private final int n;
    private final int k;
    private final float alpha;
    private final float[] a;
    private final int a0;
    private final int lda;
    private final float[] b;
    private final int b0;
    private final int ldb;
    private final float[] s;
    private final int s0;
    private final int sRow;
    private final float[] c;
    private final int c0;
    private final int ldc;
    private final Finish finish;

    private FloatGemm(
            boolean transposeA,
            boolean transposeB,
            boolean inPanels,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int a0,
            int lda,
            float[] b,
            int b0,
            int ldb,
            float[] s,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int ldc,
            Finish finish) {
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        this.inPanels = inPanels;
        this.m = m;
        this.n = n;
        this.k = k;
        this.alpha = alpha;
        this.a = a;
        this.a0 = a0;
        this.lda = lda;
        this.b = b;
        this.b0 = b0;
        this.ldb = ldb;
        this.s = s;
        this.s0 = s0;
        this.sRow = sRow;
        this.c = c;
        this.c0 = c0;
        this.ldc = ldc;
        this.finish = finish;
    }

    /** Computes a product; {@code s} is null where chains start from 0, {@code finish} where nothing is left to do. */
    static void run(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int a0,
            int lda,
            float[] b,
            int b0,
            int ldb,
            float[] s,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int ldc,
            Finish finish,
            Parallelism parallelism,
            Workspace workspace) {
        if (m == 0 || n == 0) {
            return;
        }
        long work = (long) m * n * k;
        if (n > 1 && n < L && alpha == 1 && transposeA && m >= 2 * L && k >= STEPS_TO_SWAP) {
            swapped(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    a,
                    a0,
                    lda,
                    b,
                    b0,
                    ldb,
                    s,
                    s0,
                    sRow,
                    c,
                    c0,
                    ldc,
                    parallelism,
                    workspace);
            if (finish != null) {
                finish.apply(0, m, 0, n);
            }
            return;
        }
        boolean inPlace = !transposeB && alpha == 1 && (n < L || m <= FEW_ROWS || work <= TINY_WORK);
        // Small: what is left of a call is the tiles, so nothing is created and nothing is packed.
        if (inPlace && work < SERIAL_WORK && k <= 256 && (k > 2 || work <= TINY_WORK)) {
            int aRow = transposeA ? 1 : lda;
            int aStep = transposeA ? lda : 1;
            start(0, m, 0, n, s, s0, sRow, c, c0, ldc);
            if (FloatTiles.needsScratch(n, k, aStep)) {
                Workspace.Mark mark = workspace.mark();
                float[] scratch = workspace.floats(FloatTiles.SCRATCH);
                FloatTiles.strided(m, n, k, a, a0, aRow, aStep, b, b0, ldb, scratch, 0, s != null, c, c0, ldc);
                workspace.release(mark);
            } else {
                FloatTiles.strided(m, n, k, a, a0, aRow, aStep, b, b0, ldb, null, 0, s != null, c, c0, ldc);
            }
            if (finish != null) {
                finish.apply(0, m, 0, n);
            }
            return;
        }
        FloatGemm gemm = new FloatGemm(
                transposeA, transposeB, false, m, n, k, alpha, a, a0, lda, b, b0, ldb, s, s0, sRow, c, c0, ldc, finish);
        int parts = parts(work, m == 1 ? SERIAL_ROW_WORK : SERIAL_WORK, parallelism);
        Workspace.Mark mark = workspace.mark();
        if (k <= 2 && n >= FloatTiles.COLUMNS && !transposeB && alpha == 1) {
            gemm.outer(parts, parallelism);
        } else if (n < L || (transposeA && n < COLUMNS_TO_COPY && m > FEW_ROWS)) {
            gemm.narrow(parts, parallelism, workspace);
        } else if (inPlace) {
            gemm.fewRows(parts, parallelism, workspace);
        } else {
            gemm.packed(parts, parallelism, workspace);
        }
        workspace.release(mark);
    }

    /**
     * Few columns but many rows: computes C transposed, {@code C^T = op(B)^T op(A)^T}, for rows fill vectors that columns do
     * not. Each element is the same chain, so the swap changes no bit. A is transposed as it is stored, so that it is read
     * in place; otherwise it would have to be copied, which takes longer than what is saved: 128x10x512 ran at 87 GFLOP/s so
     * and at 112 with narrow tiles (Zen 5).
     */
    private static void swapped(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            int lda,
            float[] b,
            int b0,
            int ldb,
            float[] s,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int ldc,
            Parallelism parallelism,
            Workspace workspace) {
        Workspace.Mark mark = workspace.mark();
        float[] t = workspace.floats(Math.multiplyExact(m, n));
        if (s != null) {
            FloatTransposition.run(1, m, n, s, s0, sRow, t, 0, m);
        }
        float[] start = s == null ? null : t;
        run(
                !transposeB,
                !transposeA,
                n,
                m,
                k,
                1,
                b,
                b0,
                ldb,
                a,
                a0,
                lda,
                start,
                0,
                m,
                t,
                0,
                m,
                null,
                parallelism,
                workspace);
        FloatTransposition.run(1, n, m, t, 0, m, c, c0, ldc);
        workspace.release(mark);
    }

    /**
     * Computes a product with the panels of a {@link PackedMatrix} that is not narrow.
     */
    static void runPanels(
            boolean transposeA,
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            int lda,
            float[] panels,
            float[] s,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int ldc,
            Finish finish,
            Parallelism parallelism,
            Workspace workspace) {
        if (m == 0) {
            return;
        }
        FloatGemm gemm = new FloatGemm(
                transposeA, false, true, m, n, k, 1, a, a0, lda, panels, 0, 0, s, s0, sRow, c, c0, ldc, finish);
        Workspace.Mark mark = workspace.mark();
        gemm.packed(parts((long) m * n * k, SERIAL_WORK, parallelism), parallelism, workspace);
        workspace.release(mark);
    }

    /** Whether a B of so many columns has no panels. */
    static boolean isNarrow(int n) {
        return n < L;
    }

    /** How many of k steps are taken at once: equal parts of at most {@link #DEPTH}. */
    static int depthEach(int k) {
        int cuts = Math.max(1, GemmSplit.divideUp(k, DEPTH));
        return (k + cuts - 1) / cuts;
    }

    private static int parts(long work, long serial, Parallelism parallelism) {
        int threads = work < serial ? 1 : parallelism.threads();
        return threads > 1 && work >= FINE_WORK ? 4 * threads : threads;
    }

    /**
     * Few columns: rows are cut, and B is small enough to be read in place. A transposed A is too: each of its elements
     * is used so few times that copying it to rows would not pay.
     */
    private void narrow(int parts, Parallelism parallelism, Workspace workspace) {
        float[] factor = b;
        int factor0 = b0;
        int step = ldb;
        if (transposeB || alpha != 1) {
            factor = workspace.floats(Math.multiplyExact(k, n));
            factor0 = 0;
            step = n;
            copyOfB(factor);
        }
        float[] right = factor;
        int right0 = factor0;
        int rightStep = step;
        GemmSplit split = GemmSplit.of(m, 1, parts);
        float[] scratch = workspace.floats(parallelism.threads() * FloatTiles.SCRATCH);
        forEach(split.tasks(), parallelism, (task, worker) -> {
            int row = task * split.rowsEach();
            int rows = Math.min(split.rowsEach(), m - row);
            int scratch0 = worker * FloatTiles.SCRATCH;
            start(row, rows, 0, n, s, s0, sRow, c, c0, ldc);
            int p = 0;
            do {
                int depth = Math.min(NARROW_DEPTH, k - p);
                strided(row, rows, p, depth, right, right0 + p * rightStep, rightStep, scratch, scratch0);
                p += depth;
            } while (p < k);
            finished(row, rows, 0, n);
        });
    }

    /** Products of columns and rows: what counts is to write C from end to end, as memory likes it. */
    private void outer(int parts, Parallelism parallelism) {
        GemmSplit split = GemmSplit.of(m, 1, parts);
        forEach(split.tasks(), parallelism, (task, worker) -> {
            int row = task * split.rowsEach();
            int rows = Math.min(split.rowsEach(), m - row);
            start(row, rows, 0, n, s, s0, sRow, c, c0, ldc);
            for (int i = row; i < row + rows; i++) {
                int left = a0 + (transposeA ? i : i * lda);
                int step = transposeA ? lda : 1;
                FloatRowSums.combineRows(k, n, a, left, step, b, b0, ldb, s != null, c, c0 + i * ldc);
            }
            finished(row, rows, 0, n);
        });
    }

    private void copyOfB(float[] to) {
        if (transposeB) {
            FloatTransposition.run(alpha, n, k, b, b0, ldb, to, 0, n);
            return;
        }
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) {
                to[p * n + j] = alpha * b[b0 + p * ldb + j];
            }
        }
    }

    /** Few rows: B is read in place, a band of its rows after the other; columns are cut. */
    private void fewRows(int parts, Parallelism parallelism, Workspace workspace) {
        int units = Math.max(1, n / FloatTiles.COLUMNS);
        GemmSplit split = GemmSplit.of(1, units, parts);
        boolean copyA = m > 1 && !transposeA;
        float[] left = copyA ? workspace.floats(Math.multiplyExact(m, k)) : a;
        if (copyA) {
            FloatTransposition.run(1, m, k, a, a0, lda, left, 0, m);
        }
        forEach(split.tasks(), parallelism, (task, worker) -> {
            int column = task * split.unitsEach() * FloatTiles.COLUMNS;
            int columns = task == split.tasks() - 1 ? n - column : split.unitsEach() * FloatTiles.COLUMNS;
            start(0, m, column, columns, s, s0, sRow, c, c0, ldc);
            int p = 0;
            do {
                int depth = Math.min(FEW_ROWS_DEPTH, k - p);
                if (m == 1) {
                    addRows(column, columns, p, depth);
                } else {
                    int step = copyA ? m : lda;
                    int from = (copyA ? 0 : a0) + p * step;
                    boolean add = p > 0 || s != null;
                    int right = b0 + p * ldb + column;
                    FloatColumnTiles.run(m, columns, depth, left, from, step, b, right, ldb, add, c, c0 + column, ldc);
                }
                p += depth;
            } while (p < k);
            finished(0, m, column, columns);
        });
    }

    /** One row of C stays in the first-level cache while the rows of B pass, each from end to end as memory likes it. */
    private void addRows(int column, int columns, int p, int depth) {
        if (p == 0 && s == null) {
            Arrays.fill(c, c0 + column, c0 + column + columns, 0);
        }
        int step = transposeA ? lda : 1;
        FloatRowSums.addRows(depth, columns, a, a0 + p * step, step, b, b0 + p * ldb + column, ldb, c, c0 + column);
    }

    private void strided(
            int row,
            int rows,
            int p,
            int depth,
            float[] right,
            int right0,
            int rightStep,
            float[] scratch,
            int scratch0) {
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        FloatTiles.strided(
                rows,
                n,
                depth,
                a,
                a0 + row * aRow + p * aStep,
                aRow,
                aStep,
                right,
                right0,
                rightStep,
                scratch,
                scratch0,
                p > 0 || s != null,
                c,
                c0 + row * ldc,
                ldc);
    }

    /** The general case: B in panels that stay in the second-level cache. */
    private void packed(int parts, Parallelism parallelism, Workspace workspace) {
        int units = Math.max(1, n / FloatTiles.COLUMNS);
        GemmSplit split = GemmSplit.of(m, units, parts);
        int depth = Math.min(k, DEPTH);
        int panels = inPanels ? 0 : FloatTiles.packedSize(depth, Math.min(n, BLOCK_COLUMNS + FloatTiles.COLUMNS));
        int each = panels + (transposeA ? depth * Math.min(m, BLOCK_ROWS) : 0);
        int workers = parts > 1 ? parallelism.threads() : 1;
        float[] scratch = workspace.floats(Math.multiplyExact(each, workers));
        forEach(split.tasks(), parallelism, (task, worker) -> {
            int row = task % split.rowParts() * split.rowsEach();
            int rows = Math.min(split.rowsEach(), m - row);
            int part = task / split.rowParts();
            int column = part * split.unitsEach() * FloatTiles.COLUMNS;
            int end = part == split.columnParts() - 1 ? n : column + split.unitsEach() * FloatTiles.COLUMNS;
            while (column < end) {
                // What is left over from a block is at most one tile less a column, which the last block takes too.
                int columns = end - column < BLOCK_COLUMNS + FloatTiles.COLUMNS ? end - column : BLOCK_COLUMNS;
                block(row, rows, column, columns, scratch, worker * each, worker * each + panels);
                column += columns;
            }
        });
    }

    private void block(int row, int rows, int column, int columns, float[] scratch, int panels, int copyOfA) {
        int even = depthEach(k);
        start(row, rows, column, columns, s, s0, sRow, c, c0, ldc);
        int p = 0;
        do {
            int depth = Math.min(even, k - p);
            boolean packOnTheWay = !inPanels && !transposeB && alpha == 1 && rows >= FloatTiles.ROWS;
            float[] right = inPanels ? b : scratch;
            int right0 = inPanels ? FloatTiles.packedSize(p, n) + depth * column : panels;
            if (transposeB) {
                FloatTiles.packTransposed(alpha, depth, columns, b, b0 + column * ldb + p, ldb, scratch, panels);
            } else if (!packOnTheWay && !inPanels) {
                FloatTiles.pack(alpha, depth, columns, b, b0 + p * ldb + column, ldb, scratch, panels);
            }
            for (int i = row; i < row + rows; i += BLOCK_ROWS) {
                int high = Math.min(BLOCK_ROWS, row + rows - i);
                float[] left = transposeA ? scratch : a;
                int left0 = transposeA ? copyOfA : a0 + i * lda + p;
                int leftRow = transposeA ? depth : lda;
                if (transposeA) {
                    FloatTransposition.run(1, depth, high, a, a0 + p * lda + i, lda, scratch, copyOfA, depth);
                }
                int first = packOnTheWay && i == row ? FloatTiles.ROWS : 0;
                if (first > 0) {
                    packing(i, column, columns, p, depth, left, left0, leftRow, scratch, panels);
                }
                int rest = left0 + first * leftRow;
                tiles(i + first, high - first, column, columns, p, depth, left, rest, leftRow, right, right0);
            }
            p += depth;
        } while (p < k);
        finished(row, rows, column, columns);
    }

    private void packing(
            int row,
            int column,
            int columns,
            int p,
            int depth,
            float[] left,
            int left0,
            int leftRow,
            float[] panels,
            int panels0) {
        FloatTiles.packing(
                columns,
                depth,
                left,
                left0,
                leftRow,
                b,
                b0 + p * ldb + column,
                ldb,
                panels,
                panels0,
                p > 0 || s != null,
                c,
                c0 + row * ldc + column,
                ldc);
    }

    private void tiles(
            int row,
            int rows,
            int column,
            int columns,
            int p,
            int depth,
            float[] left,
            int left0,
            int leftRow,
            float[] panels,
            int panels0) {
        FloatTiles.packed(
                rows,
                columns,
                depth,
                left,
                left0,
                leftRow,
                panels,
                panels0,
                p > 0 || s != null,
                c,
                c0 + row * ldc + column,
                ldc);
    }

    /** Copies start values to C, where they are not yet: tiles add to what C holds, or start from 0. */
    private static void start(
            int row, int rows, int column, int columns, float[] s, int s0, int sRow, float[] c, int c0, int ldc) {
        if (s == null || (s == c && s0 == c0)) {
            return;
        }
        for (int i = row; i < row + rows; i++) {
            System.arraycopy(s, s0 + i * sRow + column, c, c0 + i * ldc + column, columns);
        }
    }

    private void finished(int row, int rows, int column, int columns) {
        if (finish != null) {
            finish.apply(row, rows, column, columns);
        }
    }

    private static void forEach(int tasks, Parallelism parallelism, Parallelism.Task task) {
        if (tasks == 1) {
            task.run(0, 0);
        } else {
            parallelism.forEach(tasks, task);
        }
    }
}
