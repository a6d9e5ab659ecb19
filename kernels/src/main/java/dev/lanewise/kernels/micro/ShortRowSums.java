package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums along rows of fewer than {@link LongRowSums#LEAST} elements, each over {@link VirtualLanes}, for many rows in a call.
 *
 * <p>Four rows at a time, because an addition waits 3 or 4 cycles for the one before; and many in a call, because what comes before the
 * first round of a loop, a call, and a chain of sums, roots and quotients take as long as a row: one after the other, rows of 128 were normalised at
 * 0.63 of this speed, and their gradients computed at 0.74 (Zen 3).
 *
 * <p>Assumed: the rows lie within the arrays, and share no element with scratch. Nothing outside is read.
 */
public final class ShortRowSums {
    /** How many rows, at most. */
    public static final int ROWS = 32;

    /** Where in scratch the second sum of the first row lies; the first lies at its beginning. */
    public static final int SECOND = ROWS * VirtualLanes.COUNT;

    /** Where in scratch the shifts lie, one behind the other. */
    public static final int SHIFTS = 2 * SECOND;

    /** Floats of scratch. */
    public static final int SCRATCH = SHIFTS + ROWS;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int COUNT = VirtualLanes.COUNT;

    private ShortRowSums() {}

    /**
     * Adds the elements of each row.
     *
     * @param x the rows, one behind the other
     * @param first index of the first element of the first row
     * @param rows how many rows, up to {@link #ROWS}
     * @param size the length of a row
     * @param scratch of {@link #SCRATCH} floats; receives the sums, {@link VirtualLanes#COUNT} floats apart
     * @param scratch0 index of the first float of scratch
     */
    public static void sums(float[] x, int first, int rows, int size, float[] scratch, int scratch0) {
        for (int row = 0; row < rows; row += 4) {
            int x0 = first + row * size;
            int x1 = first + Math.min(row + 1, rows - 1) * size;
            int x2 = first + Math.min(row + 2, rows - 1) * size;
            int x3 = first + Math.min(row + 3, rows - 1) * size;
            int to = scratch0 + row * COUNT;
            for (int lane = 0; lane < COUNT; lane += S.length()) {
                FloatVector a = FloatVector.zero(S);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                int i = lane;
                for (; i <= size - S.length(); i += COUNT) {
                    a = a.add(FloatVector.fromArray(S, x, x0 + i));
                    b = b.add(FloatVector.fromArray(S, x, x1 + i));
                    c = c.add(FloatVector.fromArray(S, x, x2 + i));
                    d = d.add(FloatVector.fromArray(S, x, x3 + i));
                }
                if (i < size) {
                    // Lanes past the end add 0.
                    VectorMask<Float> rest = S.indexInRange(i, size);
                    a = a.add(FloatVector.fromArray(S, x, x0 + i, rest));
                    b = b.add(FloatVector.fromArray(S, x, x1 + i, rest));
                    c = c.add(FloatVector.fromArray(S, x, x2 + i, rest));
                    d = d.add(FloatVector.fromArray(S, x, x3 + i, rest));
                }
                a.intoArray(scratch, to + lane);
                b.intoArray(scratch, to + lane + COUNT);
                c.intoArray(scratch, to + lane + 2 * COUNT);
                d.intoArray(scratch, to + lane + 3 * COUNT);
            }
        }
        VirtualLanes.join(scratch, scratch0, rows);
    }

    /**
     * Adds the squares of the elements of each row, by fused multiply-adds.
     *
     * @param x the rows, one behind the other
     * @param first index of the first element of the first row
     * @param rows how many rows, up to {@link #ROWS}
     * @param size the length of a row
     * @param scratch of {@link #SCRATCH} floats; receives the sums from {@link #SECOND} on, {@link VirtualLanes#COUNT} floats
     *     apart
     * @param scratch0 index of the first float of scratch
     */
    public static void squares(float[] x, int first, int rows, int size, float[] scratch, int scratch0) {
        for (int row = 0; row < rows; row += 4) {
            int x0 = first + row * size;
            int x1 = first + Math.min(row + 1, rows - 1) * size;
            int x2 = first + Math.min(row + 2, rows - 1) * size;
            int x3 = first + Math.min(row + 3, rows - 1) * size;
            int to = scratch0 + row * COUNT;
            for (int lane = 0; lane < COUNT; lane += S.length()) {
                FloatVector a = FloatVector.zero(S);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                int i = lane;
                for (; i <= size - S.length(); i += COUNT) {
                    FloatVector u = FloatVector.fromArray(S, x, x0 + i);
                    FloatVector v = FloatVector.fromArray(S, x, x1 + i);
                    a = u.fma(u, a);
                    b = v.fma(v, b);
                    u = FloatVector.fromArray(S, x, x2 + i);
                    v = FloatVector.fromArray(S, x, x3 + i);
                    c = u.fma(u, c);
                    d = v.fma(v, d);
                }
                if (i < size) {
                    // Lanes past the end add the square of the 0 that is loaded there.
                    VectorMask<Float> rest = S.indexInRange(i, size);
                    FloatVector u = FloatVector.fromArray(S, x, x0 + i, rest);
                    FloatVector v = FloatVector.fromArray(S, x, x1 + i, rest);
                    a = u.fma(u, a);
                    b = v.fma(v, b);
                    u = FloatVector.fromArray(S, x, x2 + i, rest);
                    v = FloatVector.fromArray(S, x, x3 + i, rest);
                    c = u.fma(u, c);
                    d = v.fma(v, d);
                }
                a.intoArray(scratch, to + SECOND + lane);
                b.intoArray(scratch, to + SECOND + lane + COUNT);
                c.intoArray(scratch, to + SECOND + lane + 2 * COUNT);
                d.intoArray(scratch, to + SECOND + lane + 3 * COUNT);
            }
        }
        VirtualLanes.join(scratch, scratch0 + SECOND, rows);
    }

    /**
     * Adds deviations {@code d = x - shift} of each row and, by fused multiply-adds, their squares.
     *
     * @param x the rows, one behind the other
     * @param first index of the first element of the first row
     * @param rows how many rows, up to {@link #ROWS}
     * @param size the length of a row
     * @param scratch of {@link #SCRATCH} floats; holds what each row deviates from, from {@link #SHIFTS} on; receives the sums
     *     of the deviations, {@link VirtualLanes#COUNT} floats apart, and from {@link #SECOND} on those of the squares
     * @param scratch0 index of the first float of scratch
     */
    public static void deviations(float[] x, int first, int rows, int size, float[] scratch, int scratch0) {
        int shifts = scratch0 + SHIFTS;
        for (int row = 0; row < rows; row += 4) {
            int x0 = first + row * size;
            int x1 = first + Math.min(row + 1, rows - 1) * size;
            int x2 = first + Math.min(row + 2, rows - 1) * size;
            int x3 = first + Math.min(row + 3, rows - 1) * size;
            int to = scratch0 + row * COUNT;
            float s0 = scratch[shifts + row];
            float s1 = scratch[shifts + Math.min(row + 1, rows - 1)];
            float s2 = scratch[shifts + Math.min(row + 2, rows - 1)];
            float s3 = scratch[shifts + Math.min(row + 3, rows - 1)];
            for (int lane = 0; lane < COUNT; lane += S.length()) {
                FloatVector a = FloatVector.zero(S);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                FloatVector aa = a;
                FloatVector bb = a;
                FloatVector cc = a;
                FloatVector dd = a;
                int i = lane;
                for (; i <= size - S.length(); i += COUNT) {
                    FloatVector u = FloatVector.fromArray(S, x, x0 + i).sub(s0);
                    FloatVector v = FloatVector.fromArray(S, x, x1 + i).sub(s1);
                    a = a.add(u);
                    aa = u.fma(u, aa);
                    b = b.add(v);
                    bb = v.fma(v, bb);
                    u = FloatVector.fromArray(S, x, x2 + i).sub(s2);
                    v = FloatVector.fromArray(S, x, x3 + i).sub(s3);
                    c = c.add(u);
                    cc = u.fma(u, cc);
                    d = d.add(v);
                    dd = v.fma(v, dd);
                }
                if (i < size) {
                    // Lanes past the end keep the 0 that is loaded there.
                    VectorMask<Float> rest = S.indexInRange(i, size);
                    FloatVector u = FloatVector.fromArray(S, x, x0 + i, rest).sub(s0, rest);
                    FloatVector v = FloatVector.fromArray(S, x, x1 + i, rest).sub(s1, rest);
                    a = a.add(u);
                    aa = u.fma(u, aa);
                    b = b.add(v);
                    bb = v.fma(v, bb);
                    u = FloatVector.fromArray(S, x, x2 + i, rest).sub(s2, rest);
                    v = FloatVector.fromArray(S, x, x3 + i, rest).sub(s3, rest);
                    c = c.add(u);
                    cc = u.fma(u, cc);
                    d = d.add(v);
                    dd = v.fma(v, dd);
                }
                a.intoArray(scratch, to + lane);
                b.intoArray(scratch, to + lane + COUNT);
                c.intoArray(scratch, to + lane + 2 * COUNT);
                d.intoArray(scratch, to + lane + 3 * COUNT);
                aa.intoArray(scratch, to + SECOND + lane);
                bb.intoArray(scratch, to + SECOND + lane + COUNT);
                cc.intoArray(scratch, to + SECOND + lane + 2 * COUNT);
                dd.intoArray(scratch, to + SECOND + lane + 3 * COUNT);
            }
        }
        VirtualLanes.join(scratch, scratch0, rows);
        VirtualLanes.join(scratch, scratch0 + SECOND, rows);
    }

    /**
     * Adds {@code g = dy weight} of each row and, by fused multiply-adds, {@code g n} with {@code n = fma(x - center, scale, offset)}.
     *
     * @param x the rows of the forward pass, one behind the other
     * @param first index of the first element of the first row
     * @param dy the gradients of the results
     * @param firstGradient index of the first
     * @param rows how many rows, up to {@link #ROWS}
     * @param size the length of a row
     * @param s holds center, scale and offset of each row
     * @param s0 index of the first center
     * @param weight one value for each element of a row
     * @param weight0 index of the first
     * @param scratch of {@link #SCRATCH} floats; receives the sums of g, {@link VirtualLanes#COUNT} floats apart, and from
     *     {@link #SECOND} on those of g n
     * @param scratch0 index of the first float of scratch
     */
    public static void gradientSums(
            float[] x,
            int first,
            float[] dy,
            int firstGradient,
            int rows,
            int size,
            float[] s,
            int s0,
            float[] weight,
            int weight0,
            float[] scratch,
            int scratch0) {
        for (int row = 0; row < rows; row += 2) {
            int second = Math.min(row + 1, rows - 1);
            int x0 = first + row * size;
            int x1 = first + second * size;
            int g0 = firstGradient + row * size;
            int g1 = firstGradient + second * size;
            int at0 = s0 + row * RowNormLoops.STATISTICS;
            int at1 = s0 + second * RowNormLoops.STATISTICS;
            float center0 = s[at0];
            float center1 = s[at1];
            FloatVector scale0 = FloatVector.broadcast(S, s[at0 + 1]);
            FloatVector scale1 = FloatVector.broadcast(S, s[at1 + 1]);
            FloatVector offset0 = FloatVector.broadcast(S, s[at0 + 2]);
            FloatVector offset1 = FloatVector.broadcast(S, s[at1 + 2]);
            int to = scratch0 + row * COUNT;
            for (int lane = 0; lane < COUNT; lane += S.length()) {
                FloatVector a = FloatVector.zero(S);
                FloatVector b = a;
                FloatVector an = a;
                FloatVector bn = a;
                int i = lane;
                for (; i <= size - S.length(); i += COUNT) {
                    FloatVector w = FloatVector.fromArray(S, weight, weight0 + i);
                    FloatVector g = FloatVector.fromArray(S, dy, g0 + i).mul(w);
                    FloatVector n =
                            FloatVector.fromArray(S, x, x0 + i).sub(center0).fma(scale0, offset0);
                    a = a.add(g);
                    an = g.fma(n, an);
                    g = FloatVector.fromArray(S, dy, g1 + i).mul(w);
                    n = FloatVector.fromArray(S, x, x1 + i).sub(center1).fma(scale1, offset1);
                    b = b.add(g);
                    bn = g.fma(n, bn);
                }
                if (i < size) {
                    // Lanes past the end keep the sums of g n, which may be -0, and add a g of 0.
                    VectorMask<Float> rest = S.indexInRange(i, size);
                    FloatVector w = FloatVector.fromArray(S, weight, weight0 + i, rest);
                    FloatVector g = FloatVector.fromArray(S, dy, g0 + i, rest).mul(w);
                    FloatVector n = FloatVector.fromArray(S, x, x0 + i, rest)
                            .sub(center0)
                            .fma(scale0, offset0);
                    a = a.add(g);
                    an = an.blend(g.fma(n, an), rest);
                    g = FloatVector.fromArray(S, dy, g1 + i, rest).mul(w);
                    n = FloatVector.fromArray(S, x, x1 + i, rest).sub(center1).fma(scale1, offset1);
                    b = b.add(g);
                    bn = bn.blend(g.fma(n, bn), rest);
                }
                a.intoArray(scratch, to + lane);
                b.intoArray(scratch, to + COUNT + lane);
                an.intoArray(scratch, to + SECOND + lane);
                bn.intoArray(scratch, to + SECOND + COUNT + lane);
            }
        }
        VirtualLanes.join(scratch, scratch0, rows);
        VirtualLanes.join(scratch, scratch0 + SECOND, rows);
    }
}
