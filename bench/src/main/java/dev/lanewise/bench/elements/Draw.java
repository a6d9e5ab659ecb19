package dev.lanewise.bench.elements;

import java.util.Random;

/** What numbers an array is filled with. */
@FunctionalInterface
public interface Draw {
    /** Normal, of standard deviation 2: what layers hold. */
    Draw NORMAL = (random, extents) -> (float) (2 * random.nextGaussian());

    /** Positive, around 1. */
    Draw POSITIVE = (random, extents) -> (float) Math.exp(random.nextGaussian());

    /** Zeros, such as the state of an optimizer before the first step. */
    Draw ZERO = (random, extents) -> 0f;

    /** The number of a column. */
    Draw LABEL = (random, extents) -> random.nextInt(extents[extents.length - 1]);

    /**
     * Draws a number.
     *
     * @param random where it comes from
     * @param extents those of the problem
     * @return the number
     */
    float next(Random random, int[] extents);
}
