package dev.lanewise.reference;

/** Dropout, one number at a time: which elements are dropped, and what becomes of the others. */
public final class DropoutReference {
    private DropoutReference() {}

    /**
     * Tells whether an element is dropped: if the upper 31 bits of its hash, as a fraction of {@code 2^31}, are less than
     * the rate.
     *
     * @param index the element's index
     * @param rate the probability
     * @param key selects the mask
     * @return true if it is dropped
     */
    public static boolean drops(int index, float rate, long key) {
        // One step of SplitMix64 from the state "key", as java.util.SplittableRandom takes it.
        long z = key + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        int hash = mix(mix(index ^ (int) z) + (int) (z >>> 32));
        return hash >>> 1 < (int) Math.rint(rate * 0x1p31);
    }

    /** The 32-bit finalizer "lowbias32". */
    private static int mix(int value) {
        int x = value;
        x ^= x >>> 16;
        x *= 0x7feb352d;
        x ^= x >>> 15;
        x *= 0x846ca68b;
        x ^= x >>> 16;
        return x;
    }

    /**
     * Computes {@code y = x / (1 - rate)} where an element is kept, 0 where it is dropped.
     *
     * @param x the inputs
     * @param rate the probability that an element is dropped
     * @param key selects the mask
     * @return y
     */
    public static double[] apply(double[] x, float rate, long key) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = drops(i, rate, key) ? 0 : x[i] / (1.0 - rate);
        }
        return y;
    }

    /**
     * Computes {@code y} with the kernel's bits: {@code x * (1 / (1 - rate))}, or +0.
     *
     * @param x the inputs
     * @param rate the probability that an element is dropped
     * @param key selects the mask
     * @return y
     */
    public static float[] apply(float[] x, float rate, long key) {
        float scale = 1f / (1f - rate);
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = drops(i, rate, key) ? 0f : x[i] * scale;
        }
        return y;
    }
}
