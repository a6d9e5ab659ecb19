package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums along one row of {@link #LEAST} elements or more, or along a piece of it.
 *
 * <p>They go over 64 virtual lanes, of which lane l sums the elements i with {@code i % 64 == l} in ascending order from +0;
 * then lanes (l, l + 32) are joined, and (l, l + 16), and the 16 that are left as {@link VirtualLanes} joins them. Four times
 * the lanes of the widest vector, because an addition waits 3 or 4 cycles for the one before. A narrower vector goes over the
 * row 2 or 4 times, for some of the lanes each. By four rows at once, as {@link ShortRowSums}, rows of 1024 took 1.08 times as long: what is read and written was more
 * than the first-level cache holds (Zen 3, 32 KiB).
 *
 * <p>Assumed: the row lies within the arrays, and shares no element with scratch. Nothing outside is read.
 */
public final class LongRowSums {
    /** Elements of a long row, at least. */
    public static final int LEAST = 1024;

    /** Floats of scratch. */
    public static final int SCRATCH = 2 * VirtualLanes.COUNT;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int QUARTER = VirtualLanes.COUNT;
    private static final int ALL = 4 * QUARTER;

    /**
     * Whether two vectors of a quarter are summed at a time, where rows are whole: with vectors of half the width or less, four chains of
     * additions keep a core half as busy.
     */
    private static final boolean NARROW = S.length() < QUARTER;

    private static final int L = S.length();

    private LongRowSums() {}

    /**
     * Adds elements.
     *
     * @param x the elements
     * @param x0 index of the first
     * @param size how many
     * @param scratch of {@link #SCRATCH} floats
     * @param scratch0 index of the first float of scratch
     * @return the sum
     */
    public static float sum(float[] x, int x0, int size, float[] scratch, int scratch0) {
        if (NARROW && size % ALL == 0) {
            return sumOfWhole(x, x0, size, scratch, scratch0);
        }
        for (int lane = 0; lane < QUARTER; lane += S.length()) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            FloatVector c = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            int i = lane;
            for (; i <= size - 3 * QUARTER - S.length(); i += ALL) {
                a = a.add(FloatVector.fromArray(S, x, x0 + i));
                b = b.add(FloatVector.fromArray(S, x, x0 + i + QUARTER));
                c = c.add(FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER));
                d = d.add(FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER));
            }
            // Lanes past the end add 0.
            if (i < size) {
                a = a.add(FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size)));
            }
            if (i + QUARTER < size) {
                b = b.add(FloatVector.fromArray(S, x, x0 + i + QUARTER, S.indexInRange(i + QUARTER, size)));
            }
            if (i + 2 * QUARTER < size) {
                c = c.add(FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER, S.indexInRange(i + 2 * QUARTER, size)));
            }
            if (i + 3 * QUARTER < size) {
                d = d.add(FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER, S.indexInRange(i + 3 * QUARTER, size)));
            }
            a.add(c).add(b.add(d)).intoArray(scratch, scratch0 + lane);
        }
        return VirtualLanes.join(scratch, scratch0);
    }

    /** Two vectors of each quarter at a time, of a size that is a multiple of all lanes. */
    private static float sumOfWhole(float[] x, int x0, int size, float[] scratch, int scratch0) {
        for (int lane = 0; lane < QUARTER; lane += 2 * L) {
            FloatVector a0 = FloatVector.zero(S);
            FloatVector a1 = FloatVector.zero(S);
            FloatVector b0 = FloatVector.zero(S);
            FloatVector b1 = FloatVector.zero(S);
            FloatVector c0 = FloatVector.zero(S);
            FloatVector c1 = FloatVector.zero(S);
            FloatVector d0 = FloatVector.zero(S);
            FloatVector d1 = FloatVector.zero(S);
            for (int i = lane; i < size; i += ALL) {
                a0 = a0.add(FloatVector.fromArray(S, x, x0 + i));
                a1 = a1.add(FloatVector.fromArray(S, x, x0 + i + L));
                b0 = b0.add(FloatVector.fromArray(S, x, x0 + i + QUARTER));
                b1 = b1.add(FloatVector.fromArray(S, x, x0 + i + QUARTER + L));
                c0 = c0.add(FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER));
                c1 = c1.add(FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER + L));
                d0 = d0.add(FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER));
                d1 = d1.add(FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER + L));
            }
            a0.add(c0).add(b0.add(d0)).intoArray(scratch, scratch0 + lane);
            a1.add(c1).add(b1.add(d1)).intoArray(scratch, scratch0 + lane + L);
        }
        return VirtualLanes.join(scratch, scratch0);
    }

    /**
     * Adds deviations {@code d = x - shift} and, by fused multiply-adds, their squares.
     *
     * @param x the elements
     * @param x0 index of the first
     * @param size how many
     * @param shift what they deviate from
     * @param scratch of {@link #SCRATCH} floats; receives the sum of the deviations, and {@link VirtualLanes#COUNT} floats
     *     behind it that of the squares
     * @param scratch0 index of the first float of scratch
     */
    public static void deviations(float[] x, int x0, int size, float shift, float[] scratch, int scratch0) {
        for (int lane = 0; lane < QUARTER; lane += S.length()) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            FloatVector c = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            FloatVector aa = FloatVector.zero(S);
            FloatVector bb = FloatVector.zero(S);
            FloatVector cc = FloatVector.zero(S);
            FloatVector dd = FloatVector.zero(S);
            int i = lane;
            for (; i <= size - 3 * QUARTER - S.length(); i += ALL) {
                FloatVector u = FloatVector.fromArray(S, x, x0 + i).sub(shift);
                FloatVector v = FloatVector.fromArray(S, x, x0 + i + QUARTER).sub(shift);
                a = a.add(u);
                aa = u.fma(u, aa);
                b = b.add(v);
                bb = v.fma(v, bb);
                u = FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER).sub(shift);
                v = FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER).sub(shift);
                c = c.add(u);
                cc = u.fma(u, cc);
                d = d.add(v);
                dd = v.fma(v, dd);
            }
            // What is left, at most one vector for each quarter; lanes past the end keep the 0 that is loaded there.
            for (int quarter = 0; i < size && quarter < 4; i += QUARTER, quarter++) {
                VectorMask<Float> some = S.indexInRange(i, size);
                FloatVector u = FloatVector.fromArray(S, x, x0 + i, some).sub(shift, some);
                a = quarter == 0 ? a.add(u) : a;
                aa = quarter == 0 ? u.fma(u, aa) : aa;
                b = quarter == 1 ? b.add(u) : b;
                bb = quarter == 1 ? u.fma(u, bb) : bb;
                c = quarter == 2 ? c.add(u) : c;
                cc = quarter == 2 ? u.fma(u, cc) : cc;
                d = quarter == 3 ? d.add(u) : d;
                dd = quarter == 3 ? u.fma(u, dd) : dd;
            }
            a.add(c).add(b.add(d)).intoArray(scratch, scratch0 + lane);
            aa.add(cc).add(bb.add(dd)).intoArray(scratch, scratch0 + QUARTER + lane);
        }
        scratch[scratch0] = VirtualLanes.join(scratch, scratch0);
        scratch[scratch0 + QUARTER] = VirtualLanes.join(scratch, scratch0 + QUARTER);
    }

    /**
     * Adds squares, by fused multiply-adds.
     *
     * @param x the elements
     * @param x0 index of the first
     * @param size how many
     * @param scratch of {@link #SCRATCH} floats
     * @param scratch0 index of the first float of scratch
     * @return the sum
     */
    public static float squares(float[] x, int x0, int size, float[] scratch, int scratch0) {
        if (NARROW && size % ALL == 0) {
            return squaresOfWhole(x, x0, size, scratch, scratch0);
        }
        for (int lane = 0; lane < QUARTER; lane += S.length()) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            FloatVector c = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            int i = lane;
            for (; i <= size - 3 * QUARTER - S.length(); i += ALL) {
                FloatVector u = FloatVector.fromArray(S, x, x0 + i);
                FloatVector v = FloatVector.fromArray(S, x, x0 + i + QUARTER);
                a = u.fma(u, a);
                b = v.fma(v, b);
                u = FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER);
                v = FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER);
                c = u.fma(u, c);
                d = v.fma(v, d);
            }
            // What is left, at most one vector for each quarter; lanes past the end add the 0 that is loaded there.
            for (int quarter = 0; i < size && quarter < 4; i += QUARTER, quarter++) {
                FloatVector u = FloatVector.fromArray(S, x, x0 + i, S.indexInRange(i, size));
                a = quarter == 0 ? u.fma(u, a) : a;
                b = quarter == 1 ? u.fma(u, b) : b;
                c = quarter == 2 ? u.fma(u, c) : c;
                d = quarter == 3 ? u.fma(u, d) : d;
            }
            a.add(c).add(b.add(d)).intoArray(scratch, scratch0 + lane);
        }
        return VirtualLanes.join(scratch, scratch0);
    }

    /** As {@link #sumOfWhole}. */
    private static float squaresOfWhole(float[] x, int x0, int size, float[] scratch, int scratch0) {
        for (int lane = 0; lane < QUARTER; lane += 2 * L) {
            FloatVector a0 = FloatVector.zero(S);
            FloatVector a1 = FloatVector.zero(S);
            FloatVector b0 = FloatVector.zero(S);
            FloatVector b1 = FloatVector.zero(S);
            FloatVector c0 = FloatVector.zero(S);
            FloatVector c1 = FloatVector.zero(S);
            FloatVector d0 = FloatVector.zero(S);
            FloatVector d1 = FloatVector.zero(S);
            for (int i = lane; i < size; i += ALL) {
                FloatVector v = FloatVector.fromArray(S, x, x0 + i);
                a0 = v.fma(v, a0);
                v = FloatVector.fromArray(S, x, x0 + i + L);
                a1 = v.fma(v, a1);
                v = FloatVector.fromArray(S, x, x0 + i + QUARTER);
                b0 = v.fma(v, b0);
                v = FloatVector.fromArray(S, x, x0 + i + QUARTER + L);
                b1 = v.fma(v, b1);
                v = FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER);
                c0 = v.fma(v, c0);
                v = FloatVector.fromArray(S, x, x0 + i + 2 * QUARTER + L);
                c1 = v.fma(v, c1);
                v = FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER);
                d0 = v.fma(v, d0);
                v = FloatVector.fromArray(S, x, x0 + i + 3 * QUARTER + L);
                d1 = v.fma(v, d1);
            }
            a0.add(c0).add(b0.add(d0)).intoArray(scratch, scratch0 + lane);
            a1.add(c1).add(b1.add(d1)).intoArray(scratch, scratch0 + lane + L);
        }
        return VirtualLanes.join(scratch, scratch0);
    }

    /**
     * Adds {@code g = dy weight} and, by fused multiply-adds, {@code g n} with {@code n = fma(x - center, scale, offset)}.
     *
     * @param x the row of the forward pass
     * @param x0 index of the first element
     * @param dy the gradients of the results
     * @param dy0 index of the first
     * @param size how many
     * @param s holds center, scale and offset of the row
     * @param s0 index of center
     * @param weight one value for each element
     * @param weight0 index of the first
     * @param scratch of {@link #SCRATCH} floats; receives the sum of g, and {@link VirtualLanes#COUNT} floats behind it that
     *     of g n
     * @param scratch0 index of the first float of scratch
     */
    public static void gradientSums(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int size,
            float[] s,
            int s0,
            float[] weight,
            int weight0,
            float[] scratch,
            int scratch0) {
        float center = s[s0];
        FloatVector scale = FloatVector.broadcast(S, s[s0 + 1]);
        FloatVector offset = FloatVector.broadcast(S, s[s0 + 2]);
        for (int lane = 0; lane < QUARTER; lane += S.length()) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            FloatVector c = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            FloatVector an = FloatVector.zero(S);
            FloatVector bn = FloatVector.zero(S);
            FloatVector cn = FloatVector.zero(S);
            FloatVector dn = FloatVector.zero(S);
            int i = lane;
            for (; i <= size - 3 * QUARTER - S.length(); i += ALL) {
                FloatVector g =
                        FloatVector.fromArray(S, dy, dy0 + i).mul(FloatVector.fromArray(S, weight, weight0 + i));
                FloatVector n = FloatVector.fromArray(S, x, x0 + i).sub(center).fma(scale, offset);
                a = a.add(g);
                an = g.fma(n, an);
                int j = i + QUARTER;
                g = FloatVector.fromArray(S, dy, dy0 + j).mul(FloatVector.fromArray(S, weight, weight0 + j));
                n = FloatVector.fromArray(S, x, x0 + j).sub(center).fma(scale, offset);
                b = b.add(g);
                bn = g.fma(n, bn);
                j += QUARTER;
                g = FloatVector.fromArray(S, dy, dy0 + j).mul(FloatVector.fromArray(S, weight, weight0 + j));
                n = FloatVector.fromArray(S, x, x0 + j).sub(center).fma(scale, offset);
                c = c.add(g);
                cn = g.fma(n, cn);
                j += QUARTER;
                g = FloatVector.fromArray(S, dy, dy0 + j).mul(FloatVector.fromArray(S, weight, weight0 + j));
                n = FloatVector.fromArray(S, x, x0 + j).sub(center).fma(scale, offset);
                d = d.add(g);
                dn = g.fma(n, dn);
            }
            // What is left, at most one vector for each quarter; lanes past the end keep the sums of g n, which may be
            // -0, and add a g of 0.
            for (int quarter = 0; i < size && quarter < 4; i += QUARTER, quarter++) {
                VectorMask<Float> some = S.indexInRange(i, size);
                FloatVector g = FloatVector.fromArray(S, dy, dy0 + i, some)
                        .mul(FloatVector.fromArray(S, weight, weight0 + i, some));
                FloatVector n =
                        FloatVector.fromArray(S, x, x0 + i, some).sub(center).fma(scale, offset);
                a = quarter == 0 ? a.add(g) : a;
                an = quarter == 0 ? an.blend(g.fma(n, an), some) : an;
                b = quarter == 1 ? b.add(g) : b;
                bn = quarter == 1 ? bn.blend(g.fma(n, bn), some) : bn;
                c = quarter == 2 ? c.add(g) : c;
                cn = quarter == 2 ? cn.blend(g.fma(n, cn), some) : cn;
                d = quarter == 3 ? d.add(g) : d;
                dn = quarter == 3 ? dn.blend(g.fma(n, dn), some) : dn;
            }
            a.add(c).add(b.add(d)).intoArray(scratch, scratch0 + lane);
            an.add(cn).add(bn.add(dn)).intoArray(scratch, scratch0 + QUARTER + lane);
        }
        scratch[scratch0] = VirtualLanes.join(scratch, scratch0);
        scratch[scratch0 + QUARTER] = VirtualLanes.join(scratch, scratch0 + QUARTER);
    }
}
