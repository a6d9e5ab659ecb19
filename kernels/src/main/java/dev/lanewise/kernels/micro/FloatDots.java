package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of the rows of a matrix with a vector: a matrix times a vector, of which both are read along the sums.
 *
 * <p>A dot product is as many sums as a vector of 512 bits has lanes, whatever the hardware's vectors: lane l takes the
 * products p with {@code p % LANES == l}, ascending. Then the upper half of the lanes is added to the lower until one is
 * left. That last part is done for as many rows at once as a vector has lanes, through memory: row by row it took longer than
 * the products of a row of 64, and vectors returned from small methods were objects in some processes (Zen 5: half the speed).
 */
public final class FloatDots {
    /**
     * A shorter sum is better a chain: adding its lanes takes longer than transposing the matrix. A row of 512 sums of 16
     * took 1.3 us, 1.0 as chains; of 32 1.8 and 1.9; of 64 2.1 and 3.9.
     */
    public static final int FEWEST_COLUMNS = 2 * 64 / Float.BYTES;

    /** How many sums a dot product is split into: the lanes of 512 bits. */
    public static final int LANES = 64 / Float.BYTES;

    /** Rows whose sums wait in the scratch memory until their lanes are added. */
    public static final int ROWS = 16;

    /** Scratch that {@link #run} needs, with a cache line that keeps that of two threads apart. */
    public static final int SCRATCH = (ROWS + 1) * LANES;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorMask<Float> SET_8 = lanesWith(8);
    private static final VectorMask<Float> SET_4 = lanesWith(4);
    private static final VectorMask<Float> SET_2 = lanesWith(2);
    private static final VectorMask<Float> SET_1 = lanesWith(1);

    private FloatDots() {}

    private static VectorShuffle<Float> swap(int bit) {
        return VectorShuffle.fromOp(S, lane -> (lane ^ bit) & (L - 1));
    }

    private static VectorMask<Float> lanesWith(int bit) {
        long lanes = 0;
        for (int lane = 0; lane < L; lane++) {
            lanes |= (lane & bit) == 0 ? 0 : 1L << lane;
        }
        return VectorMask.fromLong(S, lanes);
    }

    /**
     * Computes {@code y(i) = fma(alpha, A(i, 0) x(0) + A(i, 1) x(1) + ..., start)}, where the start is what y(i) holds, or 0.
     *
     * @param rows rows of A
     * @param columns columns of A
     * @param alpha factor of the product
     * @param a A
     * @param a0 where its first element is
     * @param aRow from row to row of A
     * @param x x
     * @param x0 where its first element is
     * @param add whether y is added to; otherwise it is not read
     * @param y y
     * @param y0 where its first element is
     * @param yStep from element to element of y
     * @param lanes scratch
     * @param lanes0 where {@link #SCRATCH} elements of it start
     */
    public static void run(
            int rows,
            int columns,
            float alpha,
            float[] a,
            int a0,
            int aRow,
            float[] x,
            int x0,
            boolean add,
            float[] y,
            int y0,
            int yStep,
            float[] lanes,
            int lanes0) {
        for (int i = 0; i < rows; i += ROWS) {
            int some = Math.min(ROWS, rows - i);
            int row = 0;
            for (; row + 4 <= some; row += 4) {
                for (int lane = 0; lane < LANES; lane += L) {
                    fourRows(columns, lane, a, a0 + (i + row) * aRow, aRow, x, x0, lanes, lanes0 + row * LANES + lane);
                }
            }
            for (; row < some; row++) {
                for (int lane = 0; lane < LANES; lane += L) {
                    oneRow(columns, lane, a, a0 + (i + row) * aRow, x, x0, lanes, lanes0 + row * LANES + lane);
                }
            }
            if (columns % L != 0) {
                lastColumns(some, columns, a, a0 + i * aRow, aRow, x, x0, lanes, lanes0);
            }
            for (int done = 0; done < some; done += L) {
                addLanes(lanes, lanes0 + done * LANES);
                int count = Math.min(L, some - done);
                finish(count, alpha, lanes, lanes0 + done * LANES, add, y, y0 + (i + done) * yStep, yStep);
            }
        }
    }

    /**
     * Four chains, and four streams from memory: one row after the other read a matrix of 64 MiB at 24 GB/s, four at 39, eight at
     * 28, and eight were 15 % slower at 1024x1024 (Zen 5).
     */
    private static void fourRows(
            int columns, int lane, float[] a, int a0, int aRow, float[] x, int x0, float[] to, int to0) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int p = lane;
        for (; p <= columns - L; p += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + p);
            int at = a0 + p;
            sum0 = FloatVector.fromArray(S, a, at).fma(v, sum0);
            sum1 = FloatVector.fromArray(S, a, at + aRow).fma(v, sum1);
            sum2 = FloatVector.fromArray(S, a, at + 2 * aRow).fma(v, sum2);
            sum3 = FloatVector.fromArray(S, a, at + 3 * aRow).fma(v, sum3);
        }
        sum0.intoArray(to, to0);
        sum1.intoArray(to, to0 + LANES);
        sum2.intoArray(to, to0 + 2 * LANES);
        sum3.intoArray(to, to0 + 3 * LANES);
    }

    private static void oneRow(int columns, int lane, float[] a, int a0, float[] x, int x0, float[] to, int to0) {
        FloatVector sum = FloatVector.zero(S);
        for (int p = lane; p <= columns - L; p += LANES) {
            sum = FloatVector.fromArray(S, a, a0 + p).fma(FloatVector.fromArray(S, x, x0 + p), sum);
        }
        sum.intoArray(to, to0);
    }

    /** The last columns, which do not fill a vector, one row after the other: lanes past the end add 0 * 0. */
    private static void lastColumns(
            int rows, int columns, float[] a, int a0, int aRow, float[] x, int x0, float[] lanes, int lanes0) {
        int p = columns / L * L;
        VectorMask<Float> rest = S.indexInRange(p, columns);
        FloatVector v = FloatVector.fromArray(S, x, x0 + p, rest);
        for (int row = 0; row < rows; row++) {
            int to = lanes0 + row * LANES + p % LANES;
            FloatVector sum = FloatVector.fromArray(S, lanes, to);
            FloatVector.fromArray(S, a, a0 + row * aRow + p, rest).fma(v, sum).intoArray(lanes, to);
        }
    }

    /** Leaves, in the first vector of the scratch memory, the sum of all lanes of L rows, that of row i in lane i. */
    private static void addLanes(float[] lanes, int lanes0) {
        for (int half = LANES / 2; half >= L; half /= 2) {
            for (int row = lanes0; row < lanes0 + L * LANES; row += LANES) {
                for (int at = row; at < row + half; at += L) {
                    FloatVector.fromArray(S, lanes, at)
                            .add(FloatVector.fromArray(S, lanes, at + half))
                            .intoArray(lanes, at);
                }
            }
        }
        if (L > 8) {
            exchange(8, SWAP_8, SET_8, lanes, lanes0);
        }
        if (L > 4) {
            exchange(4, SWAP_4, SET_4, lanes, lanes0);
        }
        if (L > 2) {
            exchange(2, SWAP_2, SET_2, lanes, lanes0);
        }
        exchange(1, SWAP_1, SET_1, lanes, lanes0);
    }

    /** Adds lane l + d to lane l in the rows i and i + d, and leaves the sums of row i + d in the lanes of row i with d's bit. */
    private static void exchange(int d, VectorShuffle<Float> swap, VectorMask<Float> set, float[] lanes, int lanes0) {
        for (int at = lanes0; at < lanes0 + d * LANES; at += LANES) {
            FloatVector low = FloatVector.fromArray(S, lanes, at);
            FloatVector high = FloatVector.fromArray(S, lanes, at + d * LANES);
            low.blend(high, set).add(high.blend(low, set).rearrange(swap)).intoArray(lanes, at);
        }
    }

    private static void finish(
            int count, float alpha, float[] lanes, int lanes0, boolean add, float[] y, int y0, int yStep) {
        if (count == L && yStep == 1) {
            FloatVector start = add ? FloatVector.fromArray(S, y, y0) : FloatVector.zero(S);
            FloatVector sums = FloatVector.fromArray(S, lanes, lanes0);
            sums.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, alpha), start)
                    .intoArray(y, y0);
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = y0 + i * yStep;
            y[at] = Math.fma(alpha, lanes[lanes0 + i], add ? y[at] : 0);
        }
    }
}
