package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies short runs of floats. Whole vectors are copied where the arrays have room for them, so that what comes after the
 * run in the target is overwritten, up to a vector's length less one: runs are to be copied in ascending order. A call of
 * {@code System.arraycopy} takes as long as 20 vectors.
 */
public final class Runs {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = Lanes.LENGTH;

    private Runs() {}

    /**
     * Copies a run.
     *
     * @param source holds the run
     * @param source0 where it starts
     * @param target receives it
     * @param target0 where to
     * @param count its length
     */
    public static void copy(float[] source, int source0, float[] target, int target0, int count) {
        if (source0 + count + L > source.length || target0 + count + L > target.length) {
            System.arraycopy(source, source0, target, target0, count);
            return;
        }
        for (int i = 0; i < count; i += L) {
            FloatVector.fromArray(S, source, source0 + i).intoArray(target, target0 + i);
        }
    }

    /**
     * Writes a run of zeros.
     *
     * @param target receives it
     * @param target0 where to
     * @param count its length
     */
    public static void zero(float[] target, int target0, int count) {
        if (target0 + count + L > target.length) {
            Arrays.fill(target, target0, target0 + count, 0);
            return;
        }
        FloatVector zero = FloatVector.zero(S);
        for (int i = 0; i < count; i += L) {
            zero.intoArray(target, target0 + i);
        }
    }
}
