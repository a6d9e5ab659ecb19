package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a matrix and a vector. They read the matrix once and are as fast as memory is, so four rows are taken at a
 * time: four streams, four chains, and the vector is read or written once for all four.
 */
public final class FloatMatrixVector {
    /** How many sums a dot product is split into, whatever the hardware's vectors: the lanes of 512 bits. */
    public static final int LANES = 64 / Float.BYTES;

    /** Scratch that {@link #dots} needs. */
    public static final int SCRATCH = 4 * LANES;

    /**
     * Elements of a matrix that a cache may hold, 16 MiB of them. Of a smaller one four rows are read at a time, to have
     * enough chains; a larger one from end to end, row after row, as the memory's prefetching likes it.
     */
    private static final long IN_CACHES = (16 << 20) / Float.BYTES;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    /** Lanes from one on come first. */
    private static final VectorShuffle<Float> FROM_8 = VectorShuffle.iota(S, 8, 1, true);

    private static final VectorShuffle<Float> FROM_4 = VectorShuffle.iota(S, 4, 1, true);
    private static final VectorShuffle<Float> FROM_2 = VectorShuffle.iota(S, 2, 1, true);
    private static final VectorShuffle<Float> FROM_1 = VectorShuffle.iota(S, 1, 1, true);

    private FloatMatrixVector() {}

    /**
     * Computes {@code y(i) = beta y(i) + alpha (A(i, 0) x(0) + A(i, 1) x(1) + ...)}. Lane l of the dot product sums the
     * elements p with {@code p % LANES == l}; a narrower vector takes some of the lanes at a time.
     *
     * @param rows rows of A
     * @param columns columns of A
     * @param alpha factor of the product
     * @param a A
     * @param a0 where its first element is
     * @param aRow from row to row of A
     * @param x x
     * @param x0 where its first element is
     * @param beta factor of y; if 0, y is not read
     * @param y y
     * @param y0 where its first element is
     * @param lanes scratch
     * @param lanes0 where {@link #SCRATCH} elements of it start
     */
    public static void dots(
            int rows,
            int columns,
            float alpha,
            float[] a,
            int a0,
            int aRow,
            float[] x,
            int x0,
            float beta,
            float[] y,
            int y0,
            float[] lanes,
            int lanes0) {
        int i = 0;
        boolean inCaches = (long) rows * columns <= IN_CACHES;
        for (; inCaches && i + 4 <= rows; i += 4) {
            for (int lane = 0; lane < LANES; lane += L) {
                fourRows(columns, lane, a, a0 + i * aRow, aRow, x, x0, lanes, lanes0 + lane);
            }
            for (int row = 0; row < 4; row++) {
                finish(alpha, lanes, lanes0 + row * LANES, beta, y, y0 + i + row);
            }
        }
        for (; i < rows; i++) {
            for (int lane = 0; lane < LANES; lane += L) {
                oneRow(columns, lane, a, a0 + i * aRow, x, x0, lanes, lanes0 + lane);
            }
            finish(alpha, lanes, lanes0, beta, y, y0 + i);
        }
    }

    private static void fourRows(
            int columns, int lane, float[] a, int a0, int aRow, float[] x, int x0, float[] to, int to0) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int p = lane;
        for (; p <= columns - L; p += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + p);
            sum0 = FloatVector.fromArray(S, a, a0 + p).fma(v, sum0);
            sum1 = FloatVector.fromArray(S, a, a0 + aRow + p).fma(v, sum1);
            sum2 = FloatVector.fromArray(S, a, a0 + 2 * aRow + p).fma(v, sum2);
            sum3 = FloatVector.fromArray(S, a, a0 + 3 * aRow + p).fma(v, sum3);
        }
        if (p < columns) {
            // Lanes past the end add 0 * 0.
            VectorMask<Float> rest = S.indexInRange(p, columns);
            FloatVector v = FloatVector.fromArray(S, x, x0 + p, rest);
            sum0 = FloatVector.fromArray(S, a, a0 + p, rest).fma(v, sum0);
            sum1 = FloatVector.fromArray(S, a, a0 + aRow + p, rest).fma(v, sum1);
            sum2 = FloatVector.fromArray(S, a, a0 + 2 * aRow + p, rest).fma(v, sum2);
            sum3 = FloatVector.fromArray(S, a, a0 + 3 * aRow + p, rest).fma(v, sum3);
        }
        sum0.intoArray(to, to0);
        sum1.intoArray(to, to0 + LANES);
        sum2.intoArray(to, to0 + 2 * LANES);
        sum3.intoArray(to, to0 + 3 * LANES);
    }

    private static void oneRow(int columns, int lane, float[] a, int a0, float[] x, int x0, float[] to, int to0) {
        FloatVector sum = FloatVector.zero(S);
        int p = lane;
        for (; p <= columns - L; p += LANES) {
            sum = FloatVector.fromArray(S, a, a0 + p).fma(FloatVector.fromArray(S, x, x0 + p), sum);
        }
        if (p < columns) {
            VectorMask<Float> rest = S.indexInRange(p, columns);
            sum = FloatVector.fromArray(S, a, a0 + p, rest).fma(FloatVector.fromArray(S, x, x0 + p, rest), sum);
        }
        sum.intoArray(to, to0);
    }

    /**
     * The upper half of the lanes is added to the lower until one is left: between vectors, then within one. A scalar loop
     * took five times as long as the products of a row of 64.
     */
    private static void finish(float alpha, float[] lanes, int lanes0, float beta, float[] y, int at) {
        for (int half = LANES / 2; half >= L; half /= 2) {
            for (int lane = lanes0; lane < lanes0 + half; lane += L) {
                FloatVector.fromArray(S, lanes, lane)
                        .add(FloatVector.fromArray(S, lanes, lane + half))
                        .intoArray(lanes, lane);
            }
        }
        FloatVector v = FloatVector.fromArray(S, lanes, lanes0);
        if (L > 8) {
            v = v.add(v.rearrange(FROM_8));
        }
        if (L > 4) {
            v = v.add(v.rearrange(FROM_4));
        }
        if (L > 2) {
            v = v.add(v.rearrange(FROM_2));
        }
        float sum = v.add(v.rearrange(FROM_1)).lane(0);
        y[at] = beta == 0 ? alpha * sum : Math.fma(alpha, sum, beta * y[at]);
    }

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

    /**
     * Combines few rows of B, each times a number: {@code y(j) = (y(j) or 0) + x(0) B(0, j) + x(1) B(1, j) + ...}, one chain
     * of fma for each element.
     *
     * @param rows rows of B
     * @param columns columns of B
     * @param x x
     * @param x0 where its first element is
     * @param xStep from element to element of x
     * @param b B
     * @param b0 where its first element is
     * @param bRow from row to row of B
     * @param add whether sums start from what y holds; otherwise from 0
     * @param y y
     * @param y0 where its first element is
     */
    public static void combineRows(
            int rows,
            int columns,
            float[] x,
            int x0,
            int xStep,
            float[] b,
            int b0,
            int bRow,
            boolean add,
            float[] y,
            int y0) {
        if (!add && rows > 0) {
            firstRow(columns, x[x0], b, b0, y, y0);
        } else if (!add) {
            Arrays.fill(y, y0, y0 + columns, 0);
        }
        for (int p = add ? 0 : 1; p < rows; p++) {
            addRow(columns, x[x0 + p * xStep], b, b0 + p * bRow, y, y0);
        }
    }

    private static void firstRow(int columns, float x, float[] b, int b0, float[] y, int y0) {
        FloatVector v = FloatVector.broadcast(S, x);
        FloatVector zero = FloatVector.zero(S);
        int j = 0;
        for (; j <= columns - L; j += L) {
            v.lanewise(VectorOperators.FMA, FloatVector.fromArray(S, b, b0 + j), zero)
                    .intoArray(y, y0 + j);
        }
        for (; j < columns; j++) {
            y[y0 + j] = Math.fma(x, b[b0 + j], 0);
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
