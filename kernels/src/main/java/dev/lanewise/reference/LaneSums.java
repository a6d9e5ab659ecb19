package dev.lanewise.reference;

/**
 * Sums in the order of the vector kernels: element i of a range goes to lane i % 16, in ascending order; then lanes
 * (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1) are joined.
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
        float[] lanes = new float[LANES];
        for (int i = from; i < to; i++) {
            lanes[(i - from) % LANES] += terms[i];
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
        float[] lanes = new float[LANES];
        for (int i = from; i < to; i++) {
            int lane = (i - from) % LANES;
            lanes[lane] = Math.fma(a[i], b[i], lanes[lane]);
        }
        return join(lanes);
    }

    private static float join(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }
}
