package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loop of dropout. */
public final class DropoutLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final VectorSpecies<Integer> I = Lanes.INTS;

    private DropoutLoops() {}

    /**
     * Computes {@code y = x scale}, or +0 where the element's hash is below the threshold.
     *
     * <p>Assumed: the ranges lie within their arrays, and are the same or share no element. The last elements that fill no
     * vector go through the same operations under a mask. Nothing outside is read or written.
     *
     * @param x inputs
     * @param x0 index of the first input
     * @param y results
     * @param y0 index of the first result
     * @param size how many
     * @param first what the first element's index is for the hash
     * @param low the lower half of the key
     * @param high the upper half of the key
     * @param threshold elements whose 31-bit hash is less are dropped
     * @param scale factor of the elements that are kept
     */
    public static void apply(
            float[] x, int x0, float[] y, int y0, int size, int first, int low, int high, int threshold, float scale) {
        int whole = S.loopBound(size);
        IntVector index = IntVector.broadcast(I, first).addIndex(1);
        for (int i = 0; i < whole; i += S.length()) {
            IntVector hash = mix(mix(index.lanewise(VectorOperators.XOR, low)).add(high));
            VectorMask<Integer> dropped = hash.lanewise(VectorOperators.LSHR, 1).compare(VectorOperators.LT, threshold);
            FloatVector v = FloatVector.fromArray(S, x, x0 + i).mul(scale);
            v.blend(0f, dropped.cast(S)).intoArray(y, y0 + i);
            index = index.add(S.length());
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            IntVector hash = mix(mix(index.lanewise(VectorOperators.XOR, low)).add(high));
            VectorMask<Integer> dropped = hash.lanewise(VectorOperators.LSHR, 1).compare(VectorOperators.LT, threshold);
            FloatVector v = FloatVector.fromArray(S, x, x0 + whole, rest).mul(scale);
            v.blend(0f, dropped.cast(S)).intoArray(y, y0 + whole, rest);
        }
    }

    /** The finalizer "lowbias32" of 32 bits. */
    private static IntVector mix(IntVector x) {
        IntVector h = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
        h = h.mul(0x7feb352d);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15));
        h = h.mul(0x846ca68b);
        return h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
    }
}
