package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Covers a block of a matrix product that has at most a vector of columns with generated tiles of 1 to 8 rows.
 *
 * <pre>
 *   C(i, j) = (C(i, j) or 0) + A(i, 0) B(0, j) + A(i, 1) B(1, j) + ...      one chain of fma, ascending
 *
 *   A(i, p) = a[a0 + i * aRow + p * aStep]         one of the two distances is 1
 *   B(p, j) = b[b0 + p * bStep + j]
 *   C(i, j) = c[c0 + i * cRow + j]
 * </pre>
 *
 * <p>A multiply-add takes four cycles and two start in each, so it takes eight rows of one vector to keep the core busy. Eight
 * places of rows, the step and the place of B fit the general-purpose registers where a tile knows nothing of columns.
 *
 * <p>So it reads and writes whole vectors. B's last steps, whose vectors would reach past the end of its array, are copied,
 * and rows of C pass through rows of whole vectors. With masks in the tile there would be more than C1 can compile: it gives up
 * ("out of virtual registers in LIR generator"), and where C2's queue happens to be long, the tile stays for ever in code that
 * gathers no profile and creates an object for each vector: 10 GFLOP/s instead of 60 for 512x10x32 in four of six JVMs.
 */
public final class FloatNarrowTiles {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();
    private static final int ROWS = FloatNarrowTile.ROWS;

    /**
     * Up to so many steps, tiles that read and write C under a mask themselves are faster: 12x12x12 took 79 ns with them and 89
     * with rows of C copied (Zen 5).
     */
    private static final int FEW_STEPS = 24;

    /** How much scratch a call needs: rows of C, and the last steps of B, which are at most a vector, with room after them. */
    public static final int SCRATCH = (ROWS + 2) * L;

    private FloatNarrowTiles() {}

    /** Whether tiles read and write C under a mask themselves. */
    static boolean underMask(int columns, int depth, int aStep) {
        return columns < L && aStep == 1 && depth <= FEW_STEPS;
    }

    /**
     * Computes a block.
     *
     * @param rows rows of the block
     * @param columns its columns, at most a vector's
     * @param depth steps
     * @param a A
     * @param a0 where its first element is
     * @param aRow from row to row of A; 1 if the steps are not next to each other
     * @param aStep from step to step of A
     * @param b B
     * @param b0 where its first element is
     * @param bStep from step to step of B
     * @param scratch an array of its own, or null if no rows of C are copied
     * @param scratch0 from where on {@link #SCRATCH} elements may be written
     * @param add whether sums start from what C holds; otherwise from 0
     * @param c C
     * @param c0 where its first element is
     * @param cRow from row to row of C
     */
    public static void run(
            int rows,
            int columns,
            int depth,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] scratch,
            int scratch0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        if (columns == 1 || (L == 4 && columns < 4)) {
            for (int j = 0; j < columns; j++) {
                column(rows, depth, a, a0, aRow, aStep, b, b0 + j, bStep, add, c, c0 + j, cRow);
            }
            return;
        }
        if (depth == 1 && !add && cRow == columns) {
            outer(rows, columns, a, a0, aRow, b, b0, c, c0);
            return;
        }
        if (underMask(columns, depth, aStep)) {
            if (add) {
                FloatTileMasked.stridedAdd(rows, depth, a, a0, aRow, b, b0, bStep, c, c0, cRow, columns);
            } else {
                FloatTileMasked.strided(rows, depth, a, a0, aRow, b, b0, bStep, c, c0, cRow, columns);
            }
            return;
        }
        eightRows(rows, columns, depth, a, a0, aRow, aStep, b, b0, bStep, scratch, scratch0, add, c, c0, cRow);
    }

    /**
     * One step, and rows of C that follow each other: each row is written as a whole vector, and what reaches into the rows
     * below it is written again by them.
     */
    private static void outer(
            int rows, int columns, float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0) {
        VectorMask<Float> mask = S.indexInRange(0, columns);
        FloatVector right = FloatVector.fromArray(S, b, b0, mask);
        FloatVector zero = FloatVector.zero(S);
        int end = c0 + rows * columns;
        int from = a0;
        int to = c0;
        for (; to <= end - L; to += columns) {
            FloatVector.broadcast(S, a[from])
                    .lanewise(VectorOperators.FMA, right, zero)
                    .intoArray(c, to);
            from += aRow;
        }
        for (; to < end; to += columns) {
            FloatVector.broadcast(S, a[from])
                    .lanewise(VectorOperators.FMA, right, zero)
                    .intoArray(c, to, mask);
            from += aRow;
        }
    }

    /** A method of its own, so that C2 finds the other small enough to inline into a call of few multiply-adds. */
    private static void eightRows(
            int rows,
            int columns,
            int depth,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] scratch,
            int scratch0,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int within = b0 + L > b.length ? 0 : Math.min(depth, (b.length - L - b0) / Math.max(1, bStep) + 1);
        int rest = depth - within;
        int copied = scratch0 + ROWS * L;
        for (int p = 0; p < rest; p++) {
            System.arraycopy(b, b0 + (within + p) * bStep, scratch, copied + p * columns, columns);
        }
        boolean whole = columns == L;
        int i = 0;
        for (int tiles = (rows + ROWS - 1) / ROWS; tiles > 0; tiles--) {
            int high = (rows - i + tiles - 1) / tiles;
            int from = a0 + i * aRow;
            int to = c0 + i * cRow;
            float[] t = whole ? c : scratch;
            int t0 = whole ? to : scratch0;
            int tRow = whole ? cRow : L;
            if (add && !whole) {
                gather(high, columns, c, to, cRow, scratch, scratch0);
            }
            if (within > 0) {
                tile(add, high, within, a, from, aRow, aStep, b, b0, bStep, t, t0, tRow);
            }
            if (rest > 0 || depth == 0) {
                boolean more = add || within > 0;
                from += within * aStep;
                tile(more, high, rest, a, from, aRow, aStep, scratch, copied, columns, t, t0, tRow);
            }
            if (!whole) {
                spread(high, columns, scratch, scratch0, c, to, cRow);
            }
            i += high;
        }
    }

    private static void tile(
            boolean add,
            int rows,
            int depth,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] c,
            int c0,
            int cRow) {
        if (aStep == 1) {
            FloatNarrowTile.byRows(add, rows, depth, a, a0, aRow, b, b0, bStep, c, c0, cRow);
        } else {
            FloatNarrowTile.byColumns(add, rows, depth, a, a0, aStep, b, b0, bStep, c, c0, cRow);
        }
    }

    /** Copies rows of C to rows of whole vectors. */
    private static void gather(int rows, int columns, float[] c, int c0, int cRow, float[] t, int t0) {
        VectorMask<Float> mask = S.indexInRange(0, columns);
        for (int i = 0; i < rows; i++) {
            FloatVector.fromArray(S, c, c0 + i * cRow, mask).intoArray(t, t0 + i * L);
        }
    }

    /** Copies rows of whole vectors to rows of C. */
    private static void spread(int rows, int columns, float[] t, int t0, float[] c, int c0, int cRow) {
        VectorMask<Float> mask = S.indexInRange(0, columns);
        for (int i = 0; i < rows; i++) {
            FloatVector.fromArray(S, t, t0 + i * L).intoArray(c, c0 + i * cRow, mask);
        }
    }

    /** One column: four rows at a time, so that four chains hide each other's latency. */
    private static void column(
            int rows,
            int depth,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            boolean add,
            float[] c,
            int c0,
            int cRow) {
        int i = 0;
        for (; i + 4 <= rows; i += 4) {
            float sum0 = add ? c[c0 + i * cRow] : 0;
            float sum1 = add ? c[c0 + (i + 1) * cRow] : 0;
            float sum2 = add ? c[c0 + (i + 2) * cRow] : 0;
            float sum3 = add ? c[c0 + (i + 3) * cRow] : 0;
            int row = a0 + i * aRow;
            for (int p = 0; p < depth; p++) {
                float y = b[b0 + p * bStep];
                int at = row + p * aStep;
                sum0 = Math.fma(a[at], y, sum0);
                sum1 = Math.fma(a[at + aRow], y, sum1);
                sum2 = Math.fma(a[at + 2 * aRow], y, sum2);
                sum3 = Math.fma(a[at + 3 * aRow], y, sum3);
            }
            c[c0 + i * cRow] = sum0;
            c[c0 + (i + 1) * cRow] = sum1;
            c[c0 + (i + 2) * cRow] = sum2;
            c[c0 + (i + 3) * cRow] = sum3;
        }
        for (; i < rows; i++) {
            float sum = add ? c[c0 + i * cRow] : 0;
            for (int p = 0; p < depth; p++) {
                sum = Math.fma(a[a0 + i * aRow + p * aStep], b[b0 + p * bStep], sum);
            }
            c[c0 + i * cRow] = sum;
        }
    }
}
