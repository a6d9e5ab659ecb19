package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of the rows of a matrix, each times a number: a vector times a matrix. They read the matrix once and are as fast as
 * memory is, so eight rows are taken at a time: eight streams, and the sums are read and written once for all eight.
 */
public final class FloatRowSums {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private FloatRowSums() {}

    /**
     * Adds rows of B, each times a number, to a row: {@code y(j) = y(j) + x(0) B(0, j) + x(1) B(1, j) + ...}, one chain of
     * fma for each element.
     *
     * @param rows rows of B
     * @param columns columns of B
     * @param x x
     * @param x0 where its first element is
     * @param xStep from element to element of x
     * @param b B
     * @param b0 where its first element is
     * @param bRow from row to row of B
     * @param y y
     * @param y0 where its first element is
     */
    public static void addRows(
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
        for (; j < columns; j++) {
            float sum = y[y0 + j];
            for (int p = 0; p < 8; p++) {
                sum = Math.fma(x[x0 + p * xStep], b[b0 + p * bRow + j], sum);
            }
            y[y0 + j] = sum;
        }
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
