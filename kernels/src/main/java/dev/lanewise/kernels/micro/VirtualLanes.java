package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The order in which floats are summed along an axis, whatever the hardware's vectors: 16 virtual lanes, of which lane l
 * sums the elements i with {@code i % 16 == l} in ascending order, then a tree that joins lanes (l, l + 8), (l, l + 4),
 * (l, l + 2), (l, l + 1). A narrower vector takes 4, 8 or 16 of the lanes at a time.
 */
public final class VirtualLanes {
    /** How many virtual lanes there are: those of the widest vector. */
    public static final int COUNT = 16;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private VirtualLanes() {}

    /**
     * Adds elements.
     *
     * @param a the elements
     * @param a0 index of the first
     * @param size how many
     * @param lanes scratch of {@link #COUNT} floats, apart from the elements
     * @param lanes0 index of the first float of scratch
     * @return the sum
     */
    public static float sum(float[] a, int a0, int size, float[] lanes, int lanes0) {
        clear(lanes, lanes0);
        add(a, a0, size, lanes, lanes0);
        return join(lanes, lanes0);
    }

    /**
     * Sets the lanes to +0, from which sums begin.
     *
     * @param lanes the sums of the lanes
     * @param lanes0 index of lane 0
     */
    public static void clear(float[] lanes, int lanes0) {
        Arrays.fill(lanes, lanes0, lanes0 + COUNT, 0f);
    }

    /**
     * Adds elements to the lanes, without joining these: the next part of a range, of which each part but the last is a
     * multiple of {@link #COUNT} long.
     *
     * @param a the elements
     * @param a0 index of the first
     * @param size how many
     * @param lanes the sums of the lanes
     * @param lanes0 index of lane 0
     */
    public static void add(float[] a, int a0, int size, float[] lanes, int lanes0) {
        for (int lane = 0; lane < COUNT; lane += S.length()) {
            FloatVector sum = FloatVector.fromArray(S, lanes, lanes0 + lane);
            int i = lane;
            for (; i <= size - S.length(); i += COUNT) {
                sum = sum.add(FloatVector.fromArray(S, a, a0 + i));
            }
            if (i < size) {
                // Lanes past the end add 0.
                sum = sum.add(FloatVector.fromArray(S, a, a0 + i, S.indexInRange(i, size)));
            }
            sum.intoArray(lanes, lanes0 + lane);
        }
    }

    /**
     * Adds products, each by a fused multiply-add.
     *
     * @param a the first factors
     * @param a0 index of the first of them
     * @param b the second factors
     * @param b0 index of the first of them
     * @param size how many products
     * @param lanes scratch of {@link #COUNT} floats, apart from the factors
     * @param lanes0 index of the first float of scratch
     * @return the sum
     */
    public static float dot(float[] a, int a0, float[] b, int b0, int size, float[] lanes, int lanes0) {
        for (int lane = 0; lane < COUNT; lane += S.length()) {
            FloatVector sum = FloatVector.zero(S);
            int i = lane;
            for (; i <= size - S.length(); i += COUNT) {
                sum = FloatVector.fromArray(S, a, a0 + i).fma(FloatVector.fromArray(S, b, b0 + i), sum);
            }
            if (i < size) {
                // Lanes past the end add 0 * 0.
                VectorMask<Float> rest = S.indexInRange(i, size);
                sum = FloatVector.fromArray(S, a, a0 + i, rest).fma(FloatVector.fromArray(S, b, b0 + i, rest), sum);
            }
            sum.intoArray(lanes, lanes0 + lane);
        }
        return join(lanes, lanes0);
    }

    /**
     * Joins the lanes. Written out: through the array, each step of the tree would wait for the one before to be stored, which
     * for rows of 128 takes longer than their sums.
     *
     * @param lanes holds the sums of the lanes
     * @param lanes0 index of lane 0
     * @return the sum
     */
    public static float join(float[] lanes, int lanes0) {
        float a = lanes[lanes0] + lanes[lanes0 + 8];
        float b = lanes[lanes0 + 1] + lanes[lanes0 + 9];
        float c = lanes[lanes0 + 2] + lanes[lanes0 + 10];
        float d = lanes[lanes0 + 3] + lanes[lanes0 + 11];
        float e = lanes[lanes0 + 4] + lanes[lanes0 + 12];
        float f = lanes[lanes0 + 5] + lanes[lanes0 + 13];
        float g = lanes[lanes0 + 6] + lanes[lanes0 + 14];
        float h = lanes[lanes0 + 7] + lanes[lanes0 + 15];
        return ((a + e) + (c + g)) + ((b + f) + (d + h));
    }
}
