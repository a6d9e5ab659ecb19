package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The loop of the gradient of an embedding. */
public final class EmbeddingLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private EmbeddingLoops() {}

    /**
     * Computes {@code sum = sum + x}.
     *
     * <p>Assumed: the ranges lie within their arrays and share no element. The last elements that fill no vector go through
     * the same operations under a mask. Nothing outside is read or written.
     *
     * @param x what is added
     * @param x0 index of the first
     * @param sum what it is added to
     * @param sum0 index of the first
     * @param size how many
     */
    public static void add(float[] x, int x0, float[] sum, int sum0, int size) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector term = FloatVector.fromArray(S, x, x0 + i);
            FloatVector.fromArray(S, sum, sum0 + i).add(term).intoArray(sum, sum0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector term = FloatVector.fromArray(S, x, x0 + whole, rest);
            FloatVector.fromArray(S, sum, sum0 + whole, rest).add(term).intoArray(sum, sum0 + whole, rest);
        }
    }
}
