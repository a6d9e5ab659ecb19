package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.DropoutLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Inverted dropout (Srivastava et al., Dropout, JMLR 15, 2014): elements become 0 with a given probability, and the others
 * grow so that the mean stays.
 *
 * <p>What is dropped is a function of the key and the element's index alone, so no mask is stored: the gradient is the
 * same call on dy. The generator is counter-based. The key is spread by one step of SplitMix64 (Steele, Lea and Flood,
 * Fast Splittable Pseudorandom Number Generators, 2014) into two words a (low) and b (high), so that keys that count up
 * give unrelated masks; then {@code h = mix(mix(index ^ a) + b)} with {@code mix} the 32-bit finalizer "lowbias32"
 * (Wellons, Prospecting for Hash Functions, 2018): {@code x ^= x >>> 16; x *= 0x7feb352d; x ^= x >>> 15; x *= 0x846ca68b;
 * x ^= x >>> 16}. An element is dropped if the upper 31 bits of h, as a number, are less than {@code rate 2^31} rounded to
 * the nearest integer. Good enough for dropout, not for secrets.
 */
public final class Dropout {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private Dropout() {}

    /**
     * Computes {@code y(i) = x(i) scale} where element i is kept, +0 where it is dropped, whatever x(i) is;
     * {@code scale = 1 / (1 - rate)}, in float.
     *
     * @param x the inputs, or the gradient of the outputs, any shape
     * @param y receives the outputs, or the gradient of the inputs, same shape; may be x, or share no element with it
     * @param rate the probability that an element is dropped, at least 0 and less than 1
     * @param key selects the mask: another one for each layer and step
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if the rate is out of range, or x and y overlap without being the same elements
     */
    public static void apply(Tensor x, Tensor y, float rate, long key, Parallelism parallelism) {
        Checks.sameShape("dropout", "x", x, "y", y);
        Checks.sameOrApart("dropout", "x", x, "y", y);
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: rate is " + rate + "; it must be at least 0 and less than 1");
        }
        float scale = 1f / (1f - rate);
        int threshold = (int) Math.rint(rate * 0x1p31);
        long spread = spread(key);
        int low = (int) spread;
        int high = (int) (spread >>> 32);
        parallelism.forRange(
                x.size(),
                GRAIN,
                (from, to) -> DropoutLoops.apply(
                        x.array(),
                        x.offset() + from,
                        y.array(),
                        y.offset() + from,
                        to - from,
                        from,
                        low,
                        high,
                        threshold,
                        scale));
    }

    /** One step of SplitMix64: a bijection of 64 bits that changes half of them when one changes. */
    private static long spread(long key) {
        long z = key + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
