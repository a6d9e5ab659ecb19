package dev.lanewise.reference;

/**
 * Sums in the order of the vector kernels: element i of a range goes to lane i % 16, in ascending order; then lanes
 * (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1) are joined. With another power of two in place of 16 likewise.
 */
final class LaneSums {
    private static final int LANES = 16;

    private LaneSums() {}

    /**
     * Adds elements.
     *
     * @param terms holds them
     * @param from index of the first
     * @param to index after the last
     * @return the sum
     */
    static float sum(float[] terms, int from, int to) {
        return sum(terms, from, to, LANES);
    }

    /**
     * Adds elements over another number of lanes.
     *
     * @param terms holds them
     * @param from index of the first
     * @param to index after the last
     * @param count how many lanes, a power of two
     * @return the sum
     */
    static float sum(float[] terms, int from, int to, int count) {
        float[] lanes = new float[count];
        for (int i = from; i < to; i++) {
            lanes[(i - from) % count] += terms[i];
        }
        return join(lanes);
    }

    /**
     * Adds products, each by a fused multiply-add.
     *
     * @param a holds the first factors
     * @param b holds the second factors, at the same places
     * @param from index of the first product
     * @param to index after the last
     * @return the sum
     */
    static float dot(float[] a, float[] b, int from, int to) {
        return dot(a, b, from, to, LANES);
    }

    /**
     * Adds products over another number of lanes.
     *
     * @param a holds the first factors
     * @param b holds the second factors, at the same places
     * @param from index of the first product
     * @param to index after the last
     * @param count how many lanes, a power of two
     * @return the sum
     */
    static float dot(float[] a, float[] b, int from, int to, int count) {
        float[] lanes = new float[count];
        for (int i = from; i < to; i++) {
            int lane = (i - from) % count;
            lanes[lane] = Math.fma(a[i], b[i], lanes[lane]);
        }
        return join(lanes);
    }

    private static float join(float[] lanes) {
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }
}
