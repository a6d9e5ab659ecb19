package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Maxima and where they are. NaN is the largest of all; among equals, zeros of either sign too, the first counts.
 *
 * <p>Assumed: the ranges lie within their arrays; what is written shares no element with what is read. Nothing outside is read
 * or written.
 */
public final class MaximumLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private MaximumLoops() {}

    /**
     * Finds the maximum of a run, as {@link Math#max(float, float)} of all does.
     *
     * @param x the elements
     * @param x0 index of the first
     * @param size how many
     * @return the maximum; -infinity of none
     */
    public static float max(float[] x, int x0, int size) {
        FloatVector a = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        // Four chains: one waits some ten cycles for each maximum, for NaN and the signs of zeros take extra
        // instructions.
        for (; i <= size - 4 * S.length(); i += 4 * S.length()) {
            a = a.max(FloatVector.fromArray(S, x, x0 + i));
            b = b.max(FloatVector.fromArray(S, x, x0 + i + S.length()));
            c = c.max(FloatVector.fromArray(S, x, x0 + i + 2 * S.length()));
            d = d.max(FloatVector.fromArray(S, x, x0 + i + 3 * S.length()));
        }
        for (; i <= size - S.length(); i += S.length()) {
            a = a.max(FloatVector.fromArray(S, x, x0 + i));
        }
        float max = a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX);
        for (; i < size; i++) {
            max = Math.max(max, x[x0 + i]);
        }
        return max;
    }

    /**
     * Finds where a value is first.
     *
     * @param x the elements
     * @param x0 index of the first
     * @param size how many
     * @param value the value, NaN for any NaN; it must be there
     * @return its place in the run
     */
    public static int indexOf(float[] x, int x0, int size, float value) {
        int i = 0;
        for (; i <= size - S.length(); i += S.length()) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + i);
            VectorMask<Float> found =
                    Float.isNaN(value) ? v.compare(VectorOperators.NE, v) : v.compare(VectorOperators.EQ, value);
            if (found.anyTrue()) {
                return i + found.firstTrue();
            }
        }
        while (x[x0 + i] != value && !(Float.isNaN(value) && Float.isNaN(x[x0 + i]))) {
            i++;
        }
        return i;
    }

    /**
     * Takes one more row into the maxima of columns and their places.
     *
     * @param x the row
     * @param x0 index of its first element
     * @param row its number
     * @param columns how many
     * @param max the maxima so far
     * @param max0 index of the first
     * @param places the rows of the maxima so far
     * @param places0 index of the first
     */
    public static void take(float[] x, int x0, int row, int columns, float[] max, int max0, int[] places, int places0) {
        int whole = S.loopBound(columns);
        for (int c = 0; c < whole; c += S.length()) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + c);
            FloatVector m = FloatVector.fromArray(S, max, max0 + c);
            VectorMask<Float> larger = v.compare(VectorOperators.GT, m)
                    .or(v.compare(VectorOperators.NE, v).andNot(m.compare(VectorOperators.NE, m)));
            m.blend(v, larger).intoArray(max, max0 + c);
            IntVector.fromArray(Lanes.INTS, places, places0 + c)
                    .blend(row, larger.cast(Lanes.INTS))
                    .intoArray(places, places0 + c);
        }
        for (int c = whole; c < columns; c++) {
            float v = x[x0 + c];
            float m = max[max0 + c];
            if (v > m || Float.isNaN(v) && !Float.isNaN(m)) {
                max[max0 + c] = v;
                places[places0 + c] = row;
            }
        }
    }
}
