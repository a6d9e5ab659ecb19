package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of clipping.
 *
 * <p>Assumed: the ranges lie within their arrays. The last elements that fill no vector go through the same operations
 * under a mask. Nothing outside is read or written.
 */
public final class ClippingLoops {
    /** Lanes of a sum, whatever the vector width. */
    public static final int LANES = 16;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;

    private ClippingLoops() {}

    /**
     * Holds elements to {@code [-limit, limit]}; NaN stays.
     *
     * @param g the elements
     * @param g0 index of the first
     * @param size how many
     * @param limit the largest magnitude
     */
    public static void clamp(float[] g, int g0, int size, float limit) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector.fromArray(S, g, g0 + i).min(limit).max(-limit).intoArray(g, g0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector.fromArray(S, g, g0 + whole, rest).min(limit).max(-limit).intoArray(g, g0 + whole, rest);
        }
    }

    /**
     * Multiplies elements.
     *
     * @param g the elements
     * @param g0 index of the first
     * @param size how many
     * @param factor the other factor
     */
    public static void scale(float[] g, int g0, int size, float factor) {
        int whole = S.loopBound(size);
        for (int i = 0; i < whole; i += S.length()) {
            FloatVector.fromArray(S, g, g0 + i).mul(factor).intoArray(g, g0 + i);
        }
        if (whole < size) {
            VectorMask<Float> rest = S.indexInRange(whole, size);
            FloatVector.fromArray(S, g, g0 + whole, rest).mul(factor).intoArray(g, g0 + whole, rest);
        }
    }

    /**
     * Adds up squares in 16 lanes of doubles, then the lanes in a tree.
     *
     * @param g the elements
     * @param g0 index of the first
     * @param size how many
     * @param lanes scratch of {@link #LANES} doubles
     * @param lanes0 index of the first
     * @return the sum
     */
    public static double squareSum(float[] g, int g0, int size, double[] lanes, int lanes0) {
        int whole = size / LANES * LANES;
        // A narrow vector goes over the chunk, which is in L1, once for each group of lanes.
        for (int group = 0; group < LANES; group += S.length()) {
            DoubleVector low = DoubleVector.zero(D);
            DoubleVector high = DoubleVector.zero(D);
            for (int i = group; i < whole; i += LANES) {
                FloatVector value = FloatVector.fromArray(S, g, g0 + i);
                DoubleVector first = (DoubleVector) value.convertShape(VectorOperators.F2D, D, 0);
                DoubleVector second = (DoubleVector) value.convertShape(VectorOperators.F2D, D, 1);
                low = first.fma(first, low);
                high = second.fma(second, high);
            }
            if (whole + group < size) {
                // Lanes past the end add a square of 0, which changes nothing.
                VectorMask<Float> rest = S.indexInRange(whole + group, size);
                FloatVector value = FloatVector.fromArray(S, g, g0 + whole + group, rest);
                DoubleVector first = (DoubleVector) value.convertShape(VectorOperators.F2D, D, 0);
                DoubleVector second = (DoubleVector) value.convertShape(VectorOperators.F2D, D, 1);
                low = first.fma(first, low);
                high = second.fma(second, high);
            }
            low.intoArray(lanes, lanes0 + group);
            high.intoArray(lanes, lanes0 + group + D.length());
        }
        for (int gap = LANES / 2; gap > 0; gap /= 2) {
            for (int lane = 0; lane < gap; lane++) {
                lanes[lanes0 + lane] += lanes[lanes0 + lane + gap];
            }
        }
        return lanes[lanes0];
    }
}
