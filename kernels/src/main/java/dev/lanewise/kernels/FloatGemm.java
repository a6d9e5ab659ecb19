package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatPanels;
import dev.lanewise.kernels.micro.FloatShortTiles;
import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;

/**
 * The matrix product on arrays, {@code C = start + op(A) (alpha op(B))}: chooses the way by the shape. Arguments have
 * been checked.
 *
 * <p>Each element of C is one chain of fused multiply-adds in every way, so the choice changes no bit.
 */
final class FloatGemm {
    /** From this many rows on, tiles of few steps gain more than packing costs: 128x512x5 ran at 127 GFLOP/s without and at 195 so. */
    private static final int ROWS_FOR_SHORT_TILES = 32;

    /** From this many columns on, both factors are copied: 256x256x256 ran at 239 GFLOP/s so and at 248 with A in place (Zen 5). */
    private static final int MANY_COLUMNS = 384;

    /**
     * From this many rows on. Zen 3 (16 registers) gains from the better way to pack B whenever it packs: 32x1000x2048 61
     * GFLOP/s, and 38 where the first tile packs it.
     */
    private static final int MANY_ROWS = Lanes.REGISTERS == 32 ? 384 : 13;

    /** From this many steps on; with fewer C is read and written too often for what the copies cost. */
    private static final int MANY_STEPS = 192;

    /**
     * Up to this many rows of C, packing B costs more than it gains: 24x512x512 159 GFLOP/s packed, 209 in place (Zen 5). With 16
     * registers a tile reads B more often, in place at a cost: 70 packed, 52 in place, and alike for 12 rows (Zen 3).
     */
    private static final int FEW_ROWS = Lanes.REGISTERS == 32 ? 40 : 12;

    /**
     * The same with 16 registers where the rows of B fall into different sets of the first-level cache, and so stay there for the next rows of C: 13x1000x1000
     * ran at 56 GFLOP/s packed and runs at 68 in place, 16x1280x1280 at 61 and 74, 32x640x640 at 73 and 77, 48x1000x1000 at 77 and 79, 64x640x640 at 82 and 81;
     * but 32x1024x1024 at 73 and 60, 32x3072x768 at 71 and 57 (Zen 3).
     */
    private static final int FEW_ROWS_IN_SETS = 48;

    /** Elements of a row of B up to which its rows do, unless half a page divides their distance. */
    private static final int ROW_IN_SETS = 8192 / Float.BYTES;

    private static final int HALF_PAGE = 2048 / Float.BYTES;

    /** Up to this many multiply-adds B is read in place: it stays in the first-level cache as it is. */
    private static final int TINY_WORK = 64 * 64 * 64;

    /**
     * From this many steps on it pays to copy both factors, where rows of C are long or A is transposed; with fewer, {@link FloatShortTiles}, which hold A in
     * registers, are faster: 512x512x4 ran at 60 GFLOP/s so and at 41 with copies (Zen 3).
     */
    private static final int LEAST_STEPS_TO_COPY = 6;

    /** From this many rows on, short sums pay for their copies: 24x512x6 took 0.83 of the time, 16x512x16 1.11 (Zen 3). */
    private static final int ROWS_OF_SHORT_SUMS = 24;

    /** Rows of each task's panels, at least, where several threads copy a transposed A: each packs for itself. More than two were not measured. */
    private static final long PANEL_ROWS = 16;

    /** From this many columns on, it pays to copy a transposed A to rows: each element is used for every vector. */
    private static final int COLUMNS_TO_COPY = 128;

    /**
     * From this many columns on, more rows than a tile of 4 are for tiles that read A by columns also where the product is small:
     * 5x333x77 ran at 148 GFLOP/s without and at 190 so, 16x512x50 at 160 and 223 (Zen 5). With fewer columns they gain nothing.
     */
    private static final int COLUMNS_FOR_COLUMN_TILES = 320;

    /** Below this many multiply-adds, some 10 microseconds, a second thread costs more than it gains. */
    static final long SERIAL_WORK = 1 << 19;

    /** The same for one row, whose multiply-adds wait for B. */
    static final long SERIAL_ROW_WORK = SERIAL_WORK / 4;

    /**
     * The least multiply-adds of a task where a thread gets several, as a core may be busy elsewhere. Each task packs for itself: on two threads
     * 576x64x3136 with a transposed A ran at 119 GFLOP/s in eight tasks, and in two at 146; 2304x256x196 at 157 and 173 (Zen 3).
     */
    private static final long TASK_WORK = Lanes.REGISTERS == 32 ? 1 << 23 : 1 << 27;

    private static final int MOST_TASKS_EACH = 4;

    private static final int L = Lanes.FLOATS.length();

    private FloatGemm() {}

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
            FloatProduct.Finish finish,
            Parallelism parallelism,
            Workspace workspace) {
        if (m == 0 || n == 0) {
            return;
        }
        long work = (long) m * n * k;
        boolean swap = alpha == 1 && FloatTransposedProduct.pays(transposeA, transposeB, m, n, k);
        boolean wide = m > 4 && n >= COLUMNS_FOR_COLUMN_TILES;
        int parts = parts(work, m == 1 ? SERIAL_ROW_WORK : SERIAL_WORK, parallelism);
        boolean byColumns = transposeA && paysToCopyColumns(m, n, k, work, parts);
        boolean inPlace =
                !transposeB && alpha == 1 && (n < L || isFew(m, n, transposeA, ldb, parts) || work <= TINY_WORK);
        boolean shortSums = hasShortSums(m, n, k);
        boolean fewSteps = !shortSums
                && k > 0
                && k <= FloatShortTiles.STEPS
                && n > FloatTiles.COLUMNS
                && m >= ROWS_FOR_SHORT_TILES;
        if (!byColumns && !wide && !swap && !fewSteps && inPlace && work < SERIAL_WORK && k <= 256) {
            small(transposeA, m, n, k, a, a0, lda, b, b0, ldb, s, s0, sRow, c, c0, ldc, workspace);
            if (finish != null) {
                finish.apply(0, m, 0, n);
            }
            return;
        }
        FloatProduct x = new FloatProduct(
                transposeA, transposeB, false, m, n, k, alpha, a, a0, lda, b, b0, ldb, s, s0, sRow, c, c0, ldc, finish);
        Workspace.Mark mark = workspace.mark();
        if (swap) {
            FloatTransposedProduct.run(x, parts, parallelism, workspace);
        } else if (fewSteps) {
            FloatShortProduct.run(x, parts, parallelism, workspace);
        } else if (byColumns || shortSums) {
            FloatBlockProduct.run(x, parts, parallelism, workspace);
        } else if (n <= L || (transposeA && n < COLUMNS_TO_COPY && m > FEW_ROWS)) {
            FloatNarrowProduct.run(x, parts, parallelism, workspace);
        } else if (inPlace) {
            FloatFewRowsProduct.run(x, parts, parallelism, workspace);
        } else if ((parts == 1 || Lanes.REGISTERS == 16) && m >= MANY_ROWS && n >= MANY_COLUMNS && k >= MANY_STEPS) {
            // With 32 registers not for two threads, which would wait for each other's panels from the third-level
            // cache: 512x512x512 ran at 455 GFLOP/s so and at 475 with panels that stay in the second (Zen 5). On Zen 3
            // two threads gain as one does: 2048x2048x2048 158 and 179, 128x1000x2048 125 and 147.
            FloatBlockProduct.run(x, parts, parallelism, workspace);
        } else {
            FloatPackingProduct.run(x, parts, parallelism, workspace);
        }
        workspace.release(mark);
    }

    /** Of few rows the columns are shared by the threads, so that there must be some for each. */
    private static boolean isFew(int m, int n, boolean transposeA, int ldb, int parts) {
        boolean inSets = Lanes.REGISTERS == 16
                && !transposeA
                && ldb <= ROW_IN_SETS
                && ldb % HALF_PAGE != 0
                && n / FloatTiles.COLUMNS >= parts;
        return m <= FEW_ROWS || inSets && m <= FEW_ROWS_IN_SETS;
    }

    /**
     * Whether it pays to copy a transposed A by columns. With 16 registers tiles that read B in place have to wait for its
     * bounds checks: 576x64x3136 ran at 36 GFLOP/s so and at 72 with copies, 512x32x784 at 44 and 70, 64x64x64 at 66 and 72,
     * 128x128x8 at 39 and 58, 256x64x8 at 41 and 46; but 128x32x16 at 55 and 51 (Zen 3).
     */
    private static boolean paysToCopyColumns(int m, int n, int k, long work, int parts) {
        return Lanes.REGISTERS == 16
                && m >= 32
                && n >= 2 * L
                && k >= LEAST_STEPS_TO_COPY
                && work >= 100_000
                && (parts == 1 || (long) m * n >= PANEL_ROWS * parts * FloatPanels.COLUMNS);
    }

    /** Whether both factors of a product with few steps are copied, for tiles that go along long rows of C. Not measured with 32 registers. */
    private static boolean hasShortSums(int m, int n, int k) {
        return Lanes.REGISTERS == 16
                && m >= ROWS_OF_SHORT_SUMS
                && n >= MANY_COLUMNS
                && k >= LEAST_STEPS_TO_COPY
                && k <= FloatBlockProduct.MOST_STEPS_TO_TRANSPOSE_A;
    }

    /** What is left of a small call is the tiles, so nothing is created and nothing is packed. */
    private static void small(
            boolean transposeA,
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
            Workspace workspace) {
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        FloatProduct.start(0, m, 0, n, s, s0, sRow, c, c0, ldc);
        if (FloatTiles.needsScratch(n, k, aStep)) {
            Workspace.Mark mark = workspace.mark();
            float[] scratch = workspace.floats(FloatTiles.SCRATCH);
            FloatTiles.strided(m, n, k, a, a0, aRow, aStep, b, b0, ldb, scratch, 0, s != null, c, c0, ldc);
            workspace.release(mark);
        } else {
            FloatTiles.strided(m, n, k, a, a0, aRow, aStep, b, b0, ldb, null, 0, s != null, c, c0, ldc);
        }
    }

    /** Computes a product with the panels of a {@link PackedMatrix} that is not narrow. */
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
            FloatProduct.Finish finish,
            Parallelism parallelism,
            Workspace workspace) {
        if (m == 0) {
            return;
        }
        FloatProduct x = new FloatProduct(
                transposeA, false, true, m, n, k, 1, a, a0, lda, panels, 0, 0, s, s0, sRow, c, c0, ldc, finish);
        Workspace.Mark mark = workspace.mark();
        FloatBlockProduct.run(x, parts((long) m * n * k, SERIAL_WORK, parallelism), parallelism, workspace);
        workspace.release(mark);
    }

    /** Whether a B of so many columns has no panels. */
    static boolean isNarrow(int n) {
        return n < L;
    }

    private static int parts(long work, long serial, Parallelism parallelism) {
        int threads = work < serial ? 1 : parallelism.threads();
        return threads == 1 ? 1 : threads * Math.clamp(work / threads / TASK_WORK, 1, MOST_TASKS_EACH);
    }
}
