package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;

/** Writes a matrix transposed, times a factor: {@code T(p, i) = scale * A(i, p)}. */
public final class FloatTransposition {
    private FloatTransposition() {}

    private static final int L = Lanes.FLOATS.length();

    /**
     * Steps of a strip of squares, at most: of so many rows of T a cache line each stays in the first-level cache until the next strip writes the rest of it.
     * A strip finds its rows once: 8x512 took 0.34 ns an element square by square and takes 0.22 so (Zen 3).
     */
    private static final int STRIP = 128;

    /**
     * Steps of a strip, at least; of fewer, squares are faster. Vectors of the greatest width have none, for not measured there, and with more rows than there are general
     * registers.
     */
    private static final int SHORTEST_STRIP = L == FloatTranspositionTile.MOST ? Integer.MAX_VALUE : 4 * L;

    /**
     * Transposes, squares of as many rows as a vector has lanes at a time. What is left over at an end is no special case:
     * the last square is moved back and overlaps its neighbour.
     *
     * @param scale the factor
     * @param rows rows of A
     * @param steps columns of A
     * @param a A, its columns next to each other
     * @param a0 where its first element is
     * @param aRow from row to row of A; 0 if there is one for all
     * @param t receives the transposed matrix, its columns next to each other
     * @param t0 where its first element is
     * @param tRow from row to row of T
     */
    public static void run(float scale, int rows, int steps, float[] a, int a0, int aRow, float[] t, int t0, int tRow) {
        if (aRow == 0) {
            sameRows(scale, rows, steps, a, a0, t, t0, tRow);
            return;
        }
        if (rows > 1 && rows < L && tRow == rows && L >= 4) {
            fewRows(scale, rows, steps, a, a0, aRow, t, t0);
            return;
        }
        if (rows < L || L < 4) {
            scalar(scale, rows, steps, a, a0, aRow, t, t0, tRow);
            return;
        }
        if (steps < L) {
            fewSteps(scale, rows, steps, a, a0, aRow, t, t0, tRow);
            return;
        }
        int p = 0;
        for (int strip; steps - p >= SHORTEST_STRIP; p += strip) {
            strip = Math.min(STRIP, (steps - p) / L * L);
            for (int i = 0; i < rows; i += L) {
                int row = Math.min(i, rows - L);
                strip(strip, scale, a, a0 + row * aRow + p, aRow, t, t0 + p * tRow + row, tRow);
            }
        }
        for (; p < steps; p += L) {
            int step = Math.min(p, steps - L);
            for (int i = 0; i < rows; i += L) {
                int row = Math.min(i, rows - L);
                square(scale, a, a0 + row * aRow + step, aRow, t, t0 + step * tRow + row, tRow);
            }
        }
    }

    /** One row for all, as a bias is. */
    private static void sameRows(float scale, int rows, int steps, float[] a, int a0, float[] t, int t0, int tRow) {
        for (int p = 0; p < steps; p++) {
            int to = t0 + p * tRow;
            Arrays.fill(t, to, to + rows, scale * a[a0 + p]);
        }
    }

    /**
     * Fewer steps than a vector has lanes: squares read on into what comes after the steps and do not write it. The last rows,
     * after which the array ends, are taken one number at a time.
     */
    private static void fewSteps(
            float scale, int rows, int steps, float[] a, int a0, int aRow, float[] t, int t0, int tRow) {
        int i = 0;
        for (; i + L <= rows && a0 + (i + L - 1) * aRow + L <= a.length; i += L) {
            int from = a0 + i * aRow;
            switch (L) {
                case FloatTranspositionTile.MOST ->
                    FloatTranspositionTile.widestSteps(steps, scale, a, from, aRow, t, t0 + i, tRow);
                case FloatTranspositionTile.MOST / 2 ->
                    FloatTranspositionTile.halfSteps(steps, scale, a, from, aRow, t, t0 + i, tRow);
                default -> FloatTranspositionTile.quarterSteps(steps, scale, a, from, aRow, t, t0 + i, tRow);
            }
        }
        scalar(scale, rows - i, steps, a, a0 + i * aRow, aRow, t, t0 + i, tRow);
    }

    /**
     * Fewer rows than a vector has lanes, and nothing between the rows of T: squares write whole vectors, and each row of T
     * replaces what the one before has written past its end. The last rows of T, where this would reach past its own end, are
     * taken one number at a time.
     */
    private static void fewRows(float scale, int rows, int steps, float[] a, int a0, int aRow, float[] t, int t0) {
        int end = Math.max(0, steps - (L - 1) / rows);
        if (end < L) {
            end = 0;
        }
        for (int p = 0; p < end; p += L) {
            int step = Math.min(p, end - L);
            int from = a0 + step;
            int to = t0 + step * rows;
            switch (L) {
                case FloatTranspositionTile.MOST ->
                    FloatTranspositionTile.widestRows(rows, scale, a, from, aRow, t, to, rows);
                case FloatTranspositionTile.MOST / 2 ->
                    FloatTranspositionTile.halfRows(rows, scale, a, from, aRow, t, to, rows);
                default -> FloatTranspositionTile.quarterRows(rows, scale, a, from, aRow, t, to, rows);
            }
        }
        scalar(scale, rows, steps - end, a, a0 + end, aRow, t, t0 + end * rows, rows);
    }

    private static void strip(int steps, float scale, float[] a, int a0, int aRow, float[] t, int t0, int tRow) {
        if (L == FloatTranspositionTile.MOST / 2) {
            FloatTranspositionTile.halfStrip(steps, scale, a, a0, aRow, t, t0, tRow);
        } else {
            FloatTranspositionTile.quarterStrip(steps, scale, a, a0, aRow, t, t0, tRow);
        }
    }

    private static void square(float scale, float[] a, int a0, int aRow, float[] t, int t0, int tRow) {
        switch (L) {
            case FloatTranspositionTile.MOST -> FloatTranspositionTile.widest(scale, a, a0, aRow, t, t0, tRow);
            case FloatTranspositionTile.MOST / 2 -> FloatTranspositionTile.half(scale, a, a0, aRow, t, t0, tRow);
            default -> FloatTranspositionTile.quarter(scale, a, a0, aRow, t, t0, tRow);
        }
    }

    /** Eight steps of a row at a time: they are one or two cache lines, and the rows of T which they go to stay in the first-level cache while all rows of A pass. */
    private static void scalar(
            float scale, int rows, int steps, float[] a, int a0, int aRow, float[] t, int t0, int tRow) {
        int p = 0;
        for (; p + 8 <= steps; p += 8) {
            for (int i = 0; i < rows; i++) {
                int from = a0 + i * aRow + p;
                int to = t0 + p * tRow + i;
                t[to] = scale * a[from];
                t[to + tRow] = scale * a[from + 1];
                t[to + 2 * tRow] = scale * a[from + 2];
                t[to + 3 * tRow] = scale * a[from + 3];
                t[to + 4 * tRow] = scale * a[from + 4];
                t[to + 5 * tRow] = scale * a[from + 5];
                t[to + 6 * tRow] = scale * a[from + 6];
                t[to + 7 * tRow] = scale * a[from + 7];
            }
        }
        for (; p < steps; p++) {
            for (int i = 0; i < rows; i++) {
                t[t0 + p * tRow + i] = scale * a[a0 + i * aRow + p];
            }
        }
    }
}
