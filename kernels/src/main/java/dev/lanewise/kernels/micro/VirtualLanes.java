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
    private static final int L = S.length();

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
                // Lanes past the end keep their sum: 0 * 0 would make +0 of a -0, which a product too small for a float
                // leaves.
                VectorMask<Float> rest = S.indexInRange(i, size);
                FloatVector factor = FloatVector.fromArray(S, b, b0 + i, rest);
                sum = sum.blend(FloatVector.fromArray(S, a, a0 + i, rest).fma(factor, sum), rest);
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
        // Written out: a loop would store each sum and wait for it to come back.
        float[] s = lanes;
        int i = lanes0;
        float a = s[i] + s[i + 8] + (s[i + 4] + s[i + 12]);
        float b = s[i + 1] + s[i + 9] + (s[i + 5] + s[i + 13]);
        float c = s[i + 2] + s[i + 10] + (s[i + 6] + s[i + 14]);
        float d = s[i + 3] + s[i + 11] + (s[i + 7] + s[i + 15]);
        return a + c + (b + d);
    }

    /**
     * Joins the lanes of several sums that lie one behind the other, each in place of its lane 0. First by vectors, where these are narrower, and each step for all
     * sums before the next: a step waits until the one before is stored.
     *
     * @param lanes holds the lanes of the sums; receives the sums, {@link #COUNT} floats apart
     * @param lanes0 index of lane 0 of the first
     * @param count how many sums
     */
    public static void join(float[] lanes, int lanes0, int count) {
        int end = lanes0 + count * COUNT;
        for (int half = COUNT / 2; half >= L; half /= 2) {
            for (int sum = lanes0; sum < end; sum += COUNT) {
                for (int at = sum; at < sum + half; at += L) {
                    FloatVector high = FloatVector.fromArray(S, lanes, at + half);
                    FloatVector.fromArray(S, lanes, at).add(high).intoArray(lanes, at);
                }
            }
        }
        for (int at = lanes0; at < end; at += COUNT) {
            lanes[at] = switch (L) {
                case 4 -> joinFour(lanes, at);
                case 8 -> joinEight(lanes, at);
                default -> join(lanes, at);
            };
        }
    }

    private static float joinFour(float[] s, int i) {
        return s[i] + s[i + 2] + (s[i + 1] + s[i + 3]);
    }

    private static float joinEight(float[] s, int i) {
        return s[i] + s[i + 4] + (s[i + 2] + s[i + 6]) + (s[i + 1] + s[i + 5] + (s[i + 3] + s[i + 7]));
    }
}
