package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of floats in double, over virtual lanes whatever the hardware's vectors: of any run, element i goes to lane i % 16 (sum)
 * or i % 32 (dot), in ascending order; then lanes (l, l + half), (l, l + half / 2) and so on down to (l, l + 1) are joined.
 *
 * <p>Converting takes more instructions than adding, so sums add four floats before: with it 33 G elements/s in the second-level
 * cache, without 25, and 38 where all is float (Zen 5); from memory all run alike. A product of two floats is exact in double.
 *
 * <p>Assumed: the ranges lie within their arrays. Nothing outside is read.
 */
public final class SumLoops {
    /** Doubles of scratch that a run needs. */
    public static final int LANES = 32;

    /** Lanes of a sum. */
    private static final int SUM_LANES = 16;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;

    private static final int DL = D.length();

    private SumLoops() {}

    /**
     * Adds a run: of each whole block of 64 elements, lane l takes {@code (x(l) + x(l + 16)) + (x(l + 32) + x(l + 48))}, added in
     * float; of the elements that are left, lane i % 16 takes element i.
     *
     * @param x the elements
     * @param x0 index of the first
     * @param size how many
     * @param lanes scratch of {@link #LANES} doubles
     * @return the sum
     */
    public static double sum(float[] x, int x0, int size, double[] lanes) {
        int whole = size / (4 * SUM_LANES) * (4 * SUM_LANES);
        if (S.length() < SUM_LANES) {
            blocksByTwo(x, x0, whole, lanes);
        } else {
            blocks(x, x0, whole, lanes);
        }
        if (whole < size) {
            rest(x, x0, whole, size, lanes);
        }
        return join(lanes);
    }

    /** What fills no block; lanes past the end add 0. */
    private static void rest(float[] x, int x0, int whole, int size, double[] lanes) {
        for (int group = 0; group < SUM_LANES; group += S.length()) {
            DoubleVector low = DoubleVector.fromArray(D, lanes, group);
            DoubleVector high = DoubleVector.fromArray(D, lanes, group + DL);
            for (int i = whole + group; i < size; i += SUM_LANES) {
                FloatVector a = FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size));
                low = low.add((DoubleVector) a.convertShape(VectorOperators.F2D, D, 0));
                high = high.add((DoubleVector) a.convertShape(VectorOperators.F2D, D, 1));
            }
            low.intoArray(lanes, group);
            high.intoArray(lanes, group + DL);
        }
    }

    private static void blocks(float[] x, int x0, int whole, double[] lanes) {
        DoubleVector low = DoubleVector.zero(D);
        DoubleVector high = DoubleVector.zero(D);
        for (int i = 0; i < whole; i += 4 * SUM_LANES) {
            FloatVector a = FloatVector.fromArray(S, x, x0 + i);
            FloatVector b = FloatVector.fromArray(S, x, x0 + i + SUM_LANES);
            FloatVector c = FloatVector.fromArray(S, x, x0 + i + 2 * SUM_LANES);
            FloatVector d = FloatVector.fromArray(S, x, x0 + i + 3 * SUM_LANES);
            FloatVector four = a.add(b).add(c.add(d));
            low = low.add((DoubleVector) four.convertShape(VectorOperators.F2D, D, 0));
            high = high.add((DoubleVector) four.convertShape(VectorOperators.F2D, D, 1));
        }
        low.intoArray(lanes, 0);
        high.intoArray(lanes, DL);
    }

    /**
     * The same with vectors that have not all lanes, two at a time: over a run twice, the second time from a cache, memory rested meanwhile: 16 Mi elements were
     * read at 0.7 of the speed (Zen 3).
     */
    private static void blocksByTwo(float[] x, int x0, int whole, double[] lanes) {
        int l = S.length();
        for (int group = 0; group < SUM_LANES; group += 2 * l) {
            DoubleVector low0 = DoubleVector.zero(D);
            DoubleVector high0 = DoubleVector.zero(D);
            DoubleVector low1 = DoubleVector.zero(D);
            DoubleVector high1 = DoubleVector.zero(D);
            for (int i = group; i < whole; i += 4 * SUM_LANES) {
                FloatVector a = FloatVector.fromArray(S, x, x0 + i);
                FloatVector b = FloatVector.fromArray(S, x, x0 + i + SUM_LANES);
                FloatVector c = FloatVector.fromArray(S, x, x0 + i + 2 * SUM_LANES);
                FloatVector d = FloatVector.fromArray(S, x, x0 + i + 3 * SUM_LANES);
                FloatVector four = a.add(b).add(c.add(d));
                low0 = low0.add((DoubleVector) four.convertShape(VectorOperators.F2D, D, 0));
                high0 = high0.add((DoubleVector) four.convertShape(VectorOperators.F2D, D, 1));
                a = FloatVector.fromArray(S, x, x0 + i + l);
                b = FloatVector.fromArray(S, x, x0 + i + l + SUM_LANES);
                c = FloatVector.fromArray(S, x, x0 + i + l + 2 * SUM_LANES);
                d = FloatVector.fromArray(S, x, x0 + i + l + 3 * SUM_LANES);
                four = a.add(b).add(c.add(d));
                low1 = low1.add((DoubleVector) four.convertShape(VectorOperators.F2D, D, 0));
                high1 = high1.add((DoubleVector) four.convertShape(VectorOperators.F2D, D, 1));
            }
            low0.intoArray(lanes, group);
            high0.intoArray(lanes, group + DL);
            low1.intoArray(lanes, group + 2 * DL);
            high1.intoArray(lanes, group + 3 * DL);
        }
    }

    /**
     * Adds the products of two runs, each by a fused multiply-add in double: element i in lane i % 32.
     *
     * @param a the first factors
     * @param a0 index of the first of them
     * @param b the second factors; may be the first
     * @param b0 index of the first of them
     * @param size how many
     * @param lanes scratch of {@link #LANES} doubles
     * @return the sum
     */
    public static double dot(float[] a, int a0, float[] b, int b0, int size, double[] lanes) {
        int whole = size / LANES * LANES;
        for (int group = 0; group < LANES; group += 2 * S.length()) {
            DoubleVector s = DoubleVector.zero(D);
            DoubleVector t = DoubleVector.zero(D);
            DoubleVector u = DoubleVector.zero(D);
            DoubleVector v = DoubleVector.zero(D);
            for (int i = group; i < whole; i += LANES) {
                FloatVector p = FloatVector.fromArray(S, a, a0 + i);
                FloatVector q = FloatVector.fromArray(S, b, b0 + i);
                FloatVector r = FloatVector.fromArray(S, a, a0 + i + S.length());
                FloatVector w = FloatVector.fromArray(S, b, b0 + i + S.length());
                s = ((DoubleVector) p.convertShape(VectorOperators.F2D, D, 0))
                        .fma((DoubleVector) q.convertShape(VectorOperators.F2D, D, 0), s);
                t = ((DoubleVector) p.convertShape(VectorOperators.F2D, D, 1))
                        .fma((DoubleVector) q.convertShape(VectorOperators.F2D, D, 1), t);
                u = ((DoubleVector) r.convertShape(VectorOperators.F2D, D, 0))
                        .fma((DoubleVector) w.convertShape(VectorOperators.F2D, D, 0), u);
                v = ((DoubleVector) r.convertShape(VectorOperators.F2D, D, 1))
                        .fma((DoubleVector) w.convertShape(VectorOperators.F2D, D, 1), v);
            }
            s.intoArray(lanes, group);
            t.intoArray(lanes, group + DL);
            u.intoArray(lanes, group + 2 * DL);
            v.intoArray(lanes, group + 3 * DL);
        }
        for (int i = whole; i < size; i++) {
            lanes[i - whole] = Math.fma((double) a[a0 + i], (double) b[b0 + i], lanes[i - whole]);
        }
        return joinAll(lanes);
    }

    /**
     * Adds the squares of a run, the bits of {@link #dot} of the run with itself; each element is read and converted once.
     *
     * @param a the elements
     * @param a0 index of the first
     * @param size how many
     * @param lanes scratch of {@link #LANES} doubles
     * @return the sum
     */
    public static double squares(float[] a, int a0, int size, double[] lanes) {
        int whole = size / LANES * LANES;
        for (int group = 0; group < LANES; group += 2 * S.length()) {
            DoubleVector s = DoubleVector.zero(D);
            DoubleVector t = DoubleVector.zero(D);
            DoubleVector u = DoubleVector.zero(D);
            DoubleVector v = DoubleVector.zero(D);
            for (int i = group; i < whole; i += LANES) {
                FloatVector p = FloatVector.fromArray(S, a, a0 + i);
                FloatVector r = FloatVector.fromArray(S, a, a0 + i + S.length());
                DoubleVector low = (DoubleVector) p.convertShape(VectorOperators.F2D, D, 0);
                DoubleVector high = (DoubleVector) p.convertShape(VectorOperators.F2D, D, 1);
                s = low.fma(low, s);
                t = high.fma(high, t);
                low = (DoubleVector) r.convertShape(VectorOperators.F2D, D, 0);
                high = (DoubleVector) r.convertShape(VectorOperators.F2D, D, 1);
                u = low.fma(low, u);
                v = high.fma(high, v);
            }
            s.intoArray(lanes, group);
            t.intoArray(lanes, group + DL);
            u.intoArray(lanes, group + 2 * DL);
            v.intoArray(lanes, group + 3 * DL);
        }
        for (int i = whole; i < size; i++) {
            lanes[i - whole] = Math.fma((double) a[a0 + i], (double) a[a0 + i], lanes[i - whole]);
        }
        return joinAll(lanes);
    }

    private static double joinAll(double[] lanes) {
        for (int lane = 0; lane < LANES / 2; lane++) {
            lanes[lane] += lanes[lane + LANES / 2];
        }
        return join(lanes);
    }

    /**
     * Adds rows to the sums of their columns, each sum in ascending order: of each four rows {@code (r0 + r1) + (r2 + r3)} in
     * float, of the rows that are left each by itself.
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param rows how many rows
     * @param stride from row to row
     * @param columns how many columns
     * @param sums receives the sums, which begin with +0
     * @param sums0 index of the first
     */
    public static void columns(float[] x, int x0, int rows, int stride, int columns, double[] sums, int sums0) {
        Arrays.fill(sums, sums0, sums0 + columns, 0);
        int row = 0;
        for (; row <= rows - 4; row += 4) {
            addFour(x, x0 + row * stride, stride, columns, sums, sums0);
        }
        for (; row < rows; row++) {
            addOne(x, x0 + row * stride, columns, sums, sums0);
        }
    }

    private static void addFour(float[] x, int x0, int stride, int columns, double[] sums, int sums0) {
        int whole = S.loopBound(columns);
        for (int c = 0; c < whole; c += S.length()) {
            FloatVector p = FloatVector.fromArray(S, x, x0 + c);
            FloatVector q = FloatVector.fromArray(S, x, x0 + stride + c);
            FloatVector r = FloatVector.fromArray(S, x, x0 + 2 * stride + c);
            FloatVector s = FloatVector.fromArray(S, x, x0 + 3 * stride + c);
            FloatVector four = p.add(q).add(r.add(s));
            DoubleVector low = (DoubleVector) four.convertShape(VectorOperators.F2D, D, 0);
            DoubleVector high = (DoubleVector) four.convertShape(VectorOperators.F2D, D, 1);
            DoubleVector.fromArray(D, sums, sums0 + c).add(low).intoArray(sums, sums0 + c);
            DoubleVector.fromArray(D, sums, sums0 + c + D.length()).add(high).intoArray(sums, sums0 + c + D.length());
        }
        for (int c = whole; c < columns; c++) {
            int at = x0 + c;
            sums[sums0 + c] += (x[at] + x[at + stride]) + (x[at + 2 * stride] + x[at + 3 * stride]);
        }
    }

    private static void addOne(float[] x, int x0, int columns, double[] sums, int sums0) {
        for (int c = 0; c < columns; c++) {
            sums[sums0 + c] += x[x0 + c];
        }
    }

    /**
     * Adds the products of two matrices to the sums of their columns, rows ascending, each by a fused multiply-add in double.
     *
     * @param a the first factors
     * @param a0 index of the first of them
     * @param b the second factors
     * @param b0 index of the first of them
     * @param rows how many rows
     * @param stride from row to row
     * @param columns how many columns
     * @param sums receives the sums, which begin with +0
     * @param sums0 index of the first
     */
    public static void columnProducts(
            float[] a, int a0, float[] b, int b0, int rows, int stride, int columns, double[] sums, int sums0) {
        Arrays.fill(sums, sums0, sums0 + columns, 0);
        int whole = S.loopBound(columns);
        for (int row = 0, at = 0; row < rows; row++, at += stride) {
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector p = FloatVector.fromArray(S, a, a0 + at + c);
                FloatVector q = FloatVector.fromArray(S, b, b0 + at + c);
                ((DoubleVector) p.convertShape(VectorOperators.F2D, D, 0))
                        .fma(
                                (DoubleVector) q.convertShape(VectorOperators.F2D, D, 0),
                                DoubleVector.fromArray(D, sums, sums0 + c))
                        .intoArray(sums, sums0 + c);
                ((DoubleVector) p.convertShape(VectorOperators.F2D, D, 1))
                        .fma(
                                (DoubleVector) q.convertShape(VectorOperators.F2D, D, 1),
                                DoubleVector.fromArray(D, sums, sums0 + c + D.length()))
                        .intoArray(sums, sums0 + c + D.length());
            }
            for (int c = whole; c < columns; c++) {
                sums[sums0 + c] = Math.fma((double) a[a0 + at + c], (double) b[b0 + at + c], sums[sums0 + c]);
            }
        }
    }

    /** Joins 16 lanes, written out as in {@link VirtualLanes#join}. */
    private static double join(double[] lanes) {
        double a = lanes[0] + lanes[8];
        double b = lanes[1] + lanes[9];
        double c = lanes[2] + lanes[10];
        double d = lanes[3] + lanes[11];
        double e = lanes[4] + lanes[12];
        double f = lanes[5] + lanes[13];
        double g = lanes[6] + lanes[14];
        double h = lanes[7] + lanes[15];
        return ((a + e) + (c + g)) + ((b + f) + (d + h));
    }
}
