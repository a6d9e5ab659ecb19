package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of the rows of a matrix, each times a number: a vector, or a few, times a matrix. They read the matrix once and are as fast as
 * memory is, so for one sum eight rows are taken at a time: eight streams, and the sum is read and written once for all eight.
 */
public final class FloatRowSums {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    /**
     * Columns at a time of several rows of sums. Shorter pieces of rows of B are slower (1024 columns: 0.85 to 1), for what fetches ahead
     * begins anew with each; longer ones push the sums out of the second-level cache.
     */
    private static final int BLOCK = 4096;

    private static final int STEPS = 4;

    private FloatRowSums() {}

    /**
     * Adds rows of B, each times a number, to some rows: {@code Y(i, j) = Y(i, j) + X(i, 0) B(0, j) + X(i, 1) B(1, j) + ...}, one
     * chain of fma for each element. Each block of B is read once, and from end to end, for all of them.
     *
     * @param sums rows of Y
     * @param rows rows of B
     * @param columns columns of B
     * @param x X
     * @param x0 where its first element is
     * @param xRow from row to row of X
     * @param xStep from step to step of X
     * @param b B
     * @param b0 where its first element is
     * @param bRow from row to row of B
     * @param y Y
     * @param y0 where its first element is
     * @param yRow from row to row of Y
     */
    public static void addRows(
            int sums,
            int rows,
            int columns,
            float[] x,
            int x0,
            int xRow,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            float[] y,
            int y0,
            int yRow) {
        if (sums == 1) {
            addToOne(rows, columns, x, x0, xStep, b, b0, bRow, y, y0);
            return;
        }
        for (int j = 0; j < columns; j += BLOCK) {
            int wide = Math.min(BLOCK, columns - j);
            for (int p = 0; p < rows; p += STEPS) {
                int steps = Math.min(STEPS, rows - p);
                addSteps(
                        sums, steps, wide, x, x0 + p * xStep, xRow, xStep, b, b0 + p * bRow + j, bRow, y, y0 + j, yRow);
            }
        }
    }

    /** A few rows of B, which come from memory for the first rows of Y and from the first-level cache for the next. */
    private static void addSteps(
            int sums,
            int steps,
            int columns,
            float[] x,
            int x0,
            int xRow,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            float[] y,
            int y0,
            int yRow) {
        int i = 0;
        while (i < sums) {
            int left = x0 + i * xRow;
            int to = y0 + i * yRow;
            if (steps < STEPS || sums - i == 1) {
                addToOne(steps, columns, x, left, xStep, b, b0, bRow, y, to);
                i++;
            } else if (sums - i == 3 || sums - i == 5) {
                addTwoToThree(columns, x, left, xRow, xStep, b, b0, bRow, y, to, yRow);
                addTwoToThree(columns, x, left + 2 * xStep, xRow, xStep, b, b0 + 2 * bRow, bRow, y, to, yRow);
                i += 3;
            } else if (sums - i == 2) {
                addFourToTwo(columns, x, left, xRow, xStep, b, b0, bRow, y, to, yRow);
                i += 2;
            } else {
                addTwoToFour(columns, x, left, xRow, xStep, b, b0, bRow, y, to, yRow);
                addTwoToFour(columns, x, left + 2 * xStep, xRow, xStep, b, b0 + 2 * bRow, bRow, y, to, yRow);
                i += 4;
            }
        }
    }

    /** Four rows of B to two of Y: eight numbers and two sums stay in registers. */
    private static void addFourToTwo(
            int columns,
            float[] x,
            int x0,
            int xRow,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            float[] y,
            int y0,
            int yRow) {
        FloatVector x00 = FloatVector.broadcast(S, x[x0]);
        FloatVector x01 = FloatVector.broadcast(S, x[x0 + xStep]);
        FloatVector x02 = FloatVector.broadcast(S, x[x0 + 2 * xStep]);
        FloatVector x03 = FloatVector.broadcast(S, x[x0 + 3 * xStep]);
        FloatVector x10 = FloatVector.broadcast(S, x[x0 + xRow]);
        FloatVector x11 = FloatVector.broadcast(S, x[x0 + xRow + xStep]);
        FloatVector x12 = FloatVector.broadcast(S, x[x0 + xRow + 2 * xStep]);
        FloatVector x13 = FloatVector.broadcast(S, x[x0 + xRow + 3 * xStep]);
        int j = 0;
        for (; j <= columns - L; j += L) {
            int from = b0 + j;
            int to = y0 + j;
            FloatVector sum0 = FloatVector.fromArray(S, y, to);
            FloatVector sum1 = FloatVector.fromArray(S, y, to + yRow);
            FloatVector row0 = FloatVector.fromArray(S, b, from);
            sum0 = x00.lanewise(VectorOperators.FMA, row0, sum0);
            sum1 = x10.lanewise(VectorOperators.FMA, row0, sum1);
            FloatVector row1 = FloatVector.fromArray(S, b, from + bRow);
            sum0 = x01.lanewise(VectorOperators.FMA, row1, sum0);
            sum1 = x11.lanewise(VectorOperators.FMA, row1, sum1);
            FloatVector row2 = FloatVector.fromArray(S, b, from + 2 * bRow);
            sum0 = x02.lanewise(VectorOperators.FMA, row2, sum0);
            sum1 = x12.lanewise(VectorOperators.FMA, row2, sum1);
            FloatVector row3 = FloatVector.fromArray(S, b, from + 3 * bRow);
            sum0 = x03.lanewise(VectorOperators.FMA, row3, sum0);
            sum1 = x13.lanewise(VectorOperators.FMA, row3, sum1);
            sum0.intoArray(y, to);
            sum1.intoArray(y, to + yRow);
        }
        addEnd(2, 4, j, columns, x, x0, xRow, xStep, b, b0, bRow, y, y0, yRow);
    }

    /** Two rows of B to three of Y. */
    private static void addTwoToThree(
            int columns,
            float[] x,
            int x0,
            int xRow,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            float[] y,
            int y0,
            int yRow) {
        FloatVector x00 = FloatVector.broadcast(S, x[x0]);
        FloatVector x01 = FloatVector.broadcast(S, x[x0 + xStep]);
        FloatVector x10 = FloatVector.broadcast(S, x[x0 + xRow]);
        FloatVector x11 = FloatVector.broadcast(S, x[x0 + xRow + xStep]);
        FloatVector x20 = FloatVector.broadcast(S, x[x0 + 2 * xRow]);
        FloatVector x21 = FloatVector.broadcast(S, x[x0 + 2 * xRow + xStep]);
        int j = 0;
        for (; j <= columns - L; j += L) {
            int from = b0 + j;
            int to = y0 + j;
            FloatVector sum0 = FloatVector.fromArray(S, y, to);
            FloatVector sum1 = FloatVector.fromArray(S, y, to + yRow);
            FloatVector sum2 = FloatVector.fromArray(S, y, to + 2 * yRow);
            FloatVector row0 = FloatVector.fromArray(S, b, from);
            sum0 = x00.lanewise(VectorOperators.FMA, row0, sum0);
            sum1 = x10.lanewise(VectorOperators.FMA, row0, sum1);
            sum2 = x20.lanewise(VectorOperators.FMA, row0, sum2);
            FloatVector row1 = FloatVector.fromArray(S, b, from + bRow);
            sum0 = x01.lanewise(VectorOperators.FMA, row1, sum0);
            sum1 = x11.lanewise(VectorOperators.FMA, row1, sum1);
            sum2 = x21.lanewise(VectorOperators.FMA, row1, sum2);
            sum0.intoArray(y, to);
            sum1.intoArray(y, to + yRow);
            sum2.intoArray(y, to + 2 * yRow);
        }
        addEnd(3, 2, j, columns, x, x0, xRow, xStep, b, b0, bRow, y, y0, yRow);
    }

    /** Two rows of B to four of Y. */
    private static void addTwoToFour(
            int columns,
            float[] x,
            int x0,
            int xRow,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            float[] y,
            int y0,
            int yRow) {
        FloatVector x00 = FloatVector.broadcast(S, x[x0]);
        FloatVector x01 = FloatVector.broadcast(S, x[x0 + xStep]);
        FloatVector x10 = FloatVector.broadcast(S, x[x0 + xRow]);
        FloatVector x11 = FloatVector.broadcast(S, x[x0 + xRow + xStep]);
        FloatVector x20 = FloatVector.broadcast(S, x[x0 + 2 * xRow]);
        FloatVector x21 = FloatVector.broadcast(S, x[x0 + 2 * xRow + xStep]);
        FloatVector x30 = FloatVector.broadcast(S, x[x0 + 3 * xRow]);
        FloatVector x31 = FloatVector.broadcast(S, x[x0 + 3 * xRow + xStep]);
        int j = 0;
        for (; j <= columns - L; j += L) {
            int from = b0 + j;
            int to = y0 + j;
            FloatVector sum0 = FloatVector.fromArray(S, y, to);
            FloatVector sum1 = FloatVector.fromArray(S, y, to + yRow);
            FloatVector sum2 = FloatVector.fromArray(S, y, to + 2 * yRow);
            FloatVector sum3 = FloatVector.fromArray(S, y, to + 3 * yRow);
            FloatVector row0 = FloatVector.fromArray(S, b, from);
            sum0 = x00.lanewise(VectorOperators.FMA, row0, sum0);
            sum1 = x10.lanewise(VectorOperators.FMA, row0, sum1);
            sum2 = x20.lanewise(VectorOperators.FMA, row0, sum2);
            sum3 = x30.lanewise(VectorOperators.FMA, row0, sum3);
            FloatVector row1 = FloatVector.fromArray(S, b, from + bRow);
            sum0 = x01.lanewise(VectorOperators.FMA, row1, sum0);
            sum1 = x11.lanewise(VectorOperators.FMA, row1, sum1);
            sum2 = x21.lanewise(VectorOperators.FMA, row1, sum2);
            sum3 = x31.lanewise(VectorOperators.FMA, row1, sum3);
            sum0.intoArray(y, to);
            sum1.intoArray(y, to + yRow);
            sum2.intoArray(y, to + 2 * yRow);
            sum3.intoArray(y, to + 3 * yRow);
        }
        addEnd(4, 2, j, columns, x, x0, xRow, xStep, b, b0, bRow, y, y0, yRow);
    }

    /** The columns that fill no vector. */
    private static void addEnd(
            int sums,
            int steps,
            int first,
            int columns,
            float[] x,
            int x0,
            int xRow,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            float[] y,
            int y0,
            int yRow) {
        for (int i = 0; i < sums; i++) {
            for (int j = first; j < columns; j++) {
                float sum = y[y0 + i * yRow + j];
                for (int p = 0; p < steps; p++) {
                    sum = Math.fma(x[x0 + i * xRow + p * xStep], b[b0 + p * bRow + j], sum);
                }
                y[y0 + i * yRow + j] = sum;
            }
        }
    }

    /** Adds rows of B to one row. */
    private static void addToOne(
            int rows, int columns, float[] x, int x0, int xStep, float[] b, int b0, int bRow, float[] y, int y0) {
        int p = 0;
        for (; p + 8 <= rows; p += 8) {
            addEightRows(columns, x, x0 + p * xStep, xStep, b, b0 + p * bRow, bRow, y, y0);
        }
        for (; p < rows; p++) {
            addRow(columns, x[x0 + p * xStep], b, b0 + p * bRow, y, y0);
        }
    }

    /** Eight rows for each time that y is read and written. */
    private static void addEightRows(
            int columns, float[] x, int x0, int xStep, float[] b, int b0, int bRow, float[] y, int y0) {
        FloatVector v0 = FloatVector.broadcast(S, x[x0]);
        FloatVector v1 = FloatVector.broadcast(S, x[x0 + xStep]);
        FloatVector v2 = FloatVector.broadcast(S, x[x0 + 2 * xStep]);
        FloatVector v3 = FloatVector.broadcast(S, x[x0 + 3 * xStep]);
        FloatVector v4 = FloatVector.broadcast(S, x[x0 + 4 * xStep]);
        FloatVector v5 = FloatVector.broadcast(S, x[x0 + 5 * xStep]);
        FloatVector v6 = FloatVector.broadcast(S, x[x0 + 6 * xStep]);
        FloatVector v7 = FloatVector.broadcast(S, x[x0 + 7 * xStep]);
        int j = 0;
        for (; j <= columns - L; j += L) {
            int at = b0 + j;
            FloatVector sum = FloatVector.fromArray(S, y, y0 + j);
            sum = v0.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at), sum);
            sum = v1.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + bRow), sum);
            sum = v2.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + 2 * bRow), sum);
            sum = v3.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + 3 * bRow), sum);
            sum = v4.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + 4 * bRow), sum);
            sum = v5.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + 5 * bRow), sum);
            sum = v6.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + 6 * bRow), sum);
            sum = v7.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, at + 7 * bRow), sum);
            sum.intoArray(y, y0 + j);
        }
        addEnd(1, 8, j, columns, x, x0, 0, xStep, b, b0, bRow, y, y0, 0);
    }

    private static void addRow(int columns, float x, float[] b, int b0, float[] y, int y0) {
        FloatVector v = FloatVector.broadcast(S, x);
        int j = 0;
        for (; j <= columns - L; j += L) {
            v.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, b0 + j), FloatVector.fromArray(S, y, y0 + j))
                    .intoArray(y, y0 + j);
        }
        for (; j < columns; j++) {
            y[y0 + j] = Math.fma(x, b[b0 + j], y[y0 + j]);
        }
    }
}
