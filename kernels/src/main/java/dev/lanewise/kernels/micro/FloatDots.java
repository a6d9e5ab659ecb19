package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of the rows of a matrix with a vector: a matrix times a vector, of which both are read along the sums.
 *
 * <p>A dot product is as many sums as a vector of 512 bits has lanes, whatever the hardware's vectors: lane l takes the
 * products p with {@code p % LANES == l}, ascending. Then the upper half of the lanes is added to the lower until one is
 * left. That last part is done for up to {@link #ROWS} rows at once, through memory: row by row it took longer than
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

    /** Whether a vector has not all lanes. */
    private static final boolean NARROW = L < LANES;

    private FloatDots() {}

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
            int row = some / 4 * 4;
            for (int lane = 0; lane < LANES && NARROW; lane += 2 * L) {
                rowsByFourOfTwo(row, columns, lane, a, a0 + i * aRow, aRow, x, x0, lanes, lanes0 + lane);
            }
            for (int lane = 0; lane < LANES && !NARROW; lane += L) {
                rowsByFour(row, columns, lane, a, a0 + i * aRow, aRow, x, x0, lanes, lanes0 + lane);
            }
            for (; row < some; row++) {
                for (int lane = 0; lane < LANES; lane += L) {
                    oneRow(columns, lane, a, a0 + (i + row) * aRow, x, x0, lanes, lanes0 + row * LANES + lane);
                }
            }
            if (columns % L != 0) {
                lastColumns(some, columns, a, a0 + i * aRow, aRow, x, x0, lanes, lanes0);
            }
            addLanes(some, lanes, lanes0);
            finish(some, alpha, lanes, lanes0, add, y, y0 + i * yStep, yStep);
        }
    }

    /**
     * Four chains, and four streams from memory: one row after the other read a matrix of 64 MiB at 24 GB/s, four at 39, eight at
     * 28, and eight were 15 % slower at 1024x1024 (Zen 5).
     */
    private static void rowsByFour(
            int rows, int columns, int lane, float[] a, int a0, int aRow, float[] x, int x0, float[] to, int to0) {
        for (int row = 0; row < rows; row += 4, a0 += 4 * aRow, to0 += 4 * LANES) {
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
    }

    /**
     * The same of two vectors at a time: a multiply-add waits 4 cycles for the one before, so that four chains of narrow vectors keep half of a core busy. A
     * matrix of 1000x1000 was read at 49 GB/s with four and at 56 with eight, one of 2048x2048 at 31 and 38 (Zen 3).
     */
    private static void rowsByFourOfTwo(
            int rows, int columns, int lane, float[] a, int a0, int aRow, float[] x, int x0, float[] to, int to0) {
        for (int row = 0; row < rows; row += 4, a0 += 4 * aRow, to0 += 4 * LANES) {
            FloatVector sum00 = FloatVector.zero(S);
            FloatVector sum01 = sum00;
            FloatVector sum10 = sum00;
            FloatVector sum11 = sum00;
            FloatVector sum20 = sum00;
            FloatVector sum21 = sum00;
            FloatVector sum30 = sum00;
            FloatVector sum31 = sum00;
            int p = lane;
            for (; p <= columns - 2 * L; p += LANES) {
                FloatVector v0 = FloatVector.fromArray(S, x, x0 + p);
                FloatVector v1 = FloatVector.fromArray(S, x, x0 + p + L);
                int at = a0 + p;
                sum00 = FloatVector.fromArray(S, a, at).fma(v0, sum00);
                sum01 = FloatVector.fromArray(S, a, at + L).fma(v1, sum01);
                sum10 = FloatVector.fromArray(S, a, at + aRow).fma(v0, sum10);
                sum11 = FloatVector.fromArray(S, a, at + aRow + L).fma(v1, sum11);
                sum20 = FloatVector.fromArray(S, a, at + 2 * aRow).fma(v0, sum20);
                sum21 = FloatVector.fromArray(S, a, at + 2 * aRow + L).fma(v1, sum21);
                sum30 = FloatVector.fromArray(S, a, at + 3 * aRow).fma(v0, sum30);
                sum31 = FloatVector.fromArray(S, a, at + 3 * aRow + L).fma(v1, sum31);
            }
            if (p <= columns - L) {
                FloatVector v = FloatVector.fromArray(S, x, x0 + p);
                int at = a0 + p;
                sum00 = FloatVector.fromArray(S, a, at).fma(v, sum00);
                sum10 = FloatVector.fromArray(S, a, at + aRow).fma(v, sum10);
                sum20 = FloatVector.fromArray(S, a, at + 2 * aRow).fma(v, sum20);
                sum30 = FloatVector.fromArray(S, a, at + 3 * aRow).fma(v, sum30);
            }
            sum00.intoArray(to, to0);
            sum01.intoArray(to, to0 + L);
            sum10.intoArray(to, to0 + LANES);
            sum11.intoArray(to, to0 + LANES + L);
            sum20.intoArray(to, to0 + 2 * LANES);
            sum21.intoArray(to, to0 + 2 * LANES + L);
            sum30.intoArray(to, to0 + 3 * LANES);
            sum31.intoArray(to, to0 + 3 * LANES + L);
        }
    }

    private static void oneRow(int columns, int lane, float[] a, int a0, float[] x, int x0, float[] to, int to0) {
        FloatVector sum = FloatVector.zero(S);
        for (int p = lane; p <= columns - L; p += LANES) {
            sum = FloatVector.fromArray(S, a, a0 + p).fma(FloatVector.fromArray(S, x, x0 + p), sum);
        }
        sum.intoArray(to, to0);
    }

    /**
     * The last columns, which do not fill a vector, one row after the other. Lanes past the end keep their sum: 0 * 0 would make +0 of a -0, which
     * a product too small for a float leaves.
     */
    private static void lastColumns(
            int rows, int columns, float[] a, int a0, int aRow, float[] x, int x0, float[] lanes, int lanes0) {
        int p = columns / L * L;
        VectorMask<Float> rest = S.indexInRange(p, columns);
        FloatVector v = FloatVector.fromArray(S, x, x0 + p, rest);
        for (int row = 0; row < rows; row++) {
            int to = lanes0 + row * LANES + p % LANES;
            FloatVector sum = FloatVector.fromArray(S, lanes, to);
            FloatVector next =
                    FloatVector.fromArray(S, a, a0 + row * aRow + p, rest).fma(v, sum);
            sum.blend(next, rest).intoArray(lanes, to);
        }
    }

    /**
     * Leaves the sum of all lanes of each row in its lane 0. First by vectors, where these are narrower, and each step for all rows before the next; then one number at
     * a time, which takes as long as exchanges within vectors of 8 lanes (Zen 3). Vectors of four lanes would be faster, a matrix of 64x64 at 32 GB/s in place of 25, but
     * would be a second width (decision 6).
     */
    private static void addLanes(int rows, float[] lanes, int lanes0) {
        int end = lanes0 + rows * LANES;
        for (int half = LANES / 2; half >= L; half /= 2) {
            for (int row = lanes0; row < end; row += LANES) {
                for (int at = row; at < row + half; at += L) {
                    FloatVector high = FloatVector.fromArray(S, lanes, at + half);
                    FloatVector.fromArray(S, lanes, at).add(high).intoArray(lanes, at);
                }
            }
        }
        for (int at = lanes0; at < end; at += LANES) {
            lanes[at] = switch (L) {
                case 2 -> lanes[at] + lanes[at + 1];
                case 4 -> four(lanes, at, 1);
                case 8 -> four(lanes, at, 2) + four(lanes, at + 1, 2);
                default ->
                    four(lanes, at, 4) + four(lanes, at + 2, 4) + (four(lanes, at + 1, 4) + four(lanes, at + 3, 4));
            };
        }
    }

    /** Joins four lanes a step apart: the upper two are added to the lower two, and these to each other. */
    private static float four(float[] s, int i, int step) {
        return s[i] + s[i + 2 * step] + (s[i + step] + s[i + 3 * step]);
    }

    private static void finish(
            int rows, float alpha, float[] lanes, int lanes0, boolean add, float[] y, int y0, int yStep) {
        for (int i = 0; i < rows; i++) {
            int at = y0 + i * yStep;
            y[at] = Math.fma(alpha, lanes[lanes0 + i * LANES], add ? y[at] : 0);
        }
    }
}
