package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the penalties.
 *
 * <p>Assumed: the ranges lie within their arrays and share no element. The last elements that fill no vector go through
 * the same operations under a mask. Nothing outside is read or written.
 */
public final class PenaltyLoops {
    /** Lanes of a sum, whatever the vector width. */
    public static final int LANES = VirtualLanes.COUNT;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private PenaltyLoops() {}

    /**
     * Computes {@code g = g + weight sign(w)}; the sign of a zero is that zero, that of NaN is NaN.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param size how many
     * @param weight the factor
     */
    public static void addSigns(float[] w, int w0, float[] g, int g0, int size, float weight) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector value = FloatVector.fromArray(S, w, w0 + i);
            FloatVector slope = value.blend(weight, value.compare(VectorOperators.GT, 0f))
                    .blend(-weight, value.compare(VectorOperators.LT, 0f));
            FloatVector.fromArray(S, g, g0 + i).add(slope).intoArray(g, g0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector value = FloatVector.fromArray(S, w, w0 + whole, rest);
            FloatVector slope = value.blend(weight, value.compare(VectorOperators.GT, 0f))
                    .blend(-weight, value.compare(VectorOperators.LT, 0f));
            FloatVector.fromArray(S, g, g0 + whole, rest).add(slope).intoArray(g, g0 + whole, rest);
        }
    }

    /**
     * Computes {@code g = fma(weight, w, g)}.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param g gradients
     * @param g0 index of the first
     * @param size how many
     * @param weight the factor
     */
    public static void addScaled(float[] w, int w0, float[] g, int g0, int size, float weight) {
        int whole = S.loopBound(size);
        FloatVector factor = FloatVector.broadcast(S, weight);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector value = FloatVector.fromArray(S, w, w0 + i);
            factor.fma(value, FloatVector.fromArray(S, g, g0 + i)).intoArray(g, g0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector value = FloatVector.fromArray(S, w, w0 + whole, rest);
            factor.fma(value, FloatVector.fromArray(S, g, g0 + whole, rest)).intoArray(g, g0 + whole, rest);
        }
    }

    /**
     * Adds up magnitudes or squares in 16 lanes, then the lanes in a tree.
     *
     * @param w parameters
     * @param w0 index of the first
     * @param size how many
     * @param squares whether squares are added, {@code fma(w, w, lane)}, or magnitudes
     * @param lanes scratch of {@link #LANES} floats
     * @param lanes0 index of the first
     * @return the sum
     */
    public static float sum(float[] w, int w0, int size, boolean squares, float[] lanes, int lanes0) {
        int whole = size / LANES * LANES;
        // A narrow vector goes over the chunk, which is in L1, once for each group of lanes.
        for (int group = 0; group < LANES; group += S.length()) {
            FloatVector sum = FloatVector.zero(S);
            for (int i = group; i < whole; i += LANES) {
                FloatVector value = FloatVector.fromArray(S, w, w0 + i);
                sum = squares ? value.fma(value, sum) : sum.add(value.abs());
            }
            if (whole + group < size) {
                // Lanes past the end add a square or a magnitude of 0, which changes nothing.
                VectorMask<Float> rest = S.indexInRange(whole + group, size);
                FloatVector value = FloatVector.fromArray(S, w, w0 + whole + group, rest);
                sum = squares ? value.fma(value, sum) : sum.add(value.abs());
            }
            sum.intoArray(lanes, lanes0 + group);
        }
        return VirtualLanes.join(lanes, lanes0);
    }
}
