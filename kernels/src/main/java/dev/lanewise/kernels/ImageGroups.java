package dev.lanewise.kernels;

/**
 * Images that a convolution takes together as the rows of one product: small ones, for which the weights would otherwise
 * come from the third-level cache again for each image. 128 images of 4x4 pixels with 512 channels ran at 92 GFLOP/s one by one
 * and at 133 together, to the input at 106 and 133 (Zen 5).
 *
 * @param batch all images
 * @param each images of a group; the last may have fewer
 */
record ImageGroups(int batch, int each) {
    /** Pixels of a group, at most: more make no better use of weights that are in the second-level cache. */
    private static final int PIXELS = 256;

    /** With fewer groups for each thread, one may have nothing to do while others still work. */
    private static final int GROUPS_PER_THREAD = 4;

    /**
     * Splits a batch into groups of nearly the same size.
     *
     * @param batch all images
     * @param most images of a group, at most
     * @param threads how many threads share them
     * @return the groups
     */
    static ImageGroups of(int batch, int most, int threads) {
        int least = threads == 1 ? 1 : Math.min(batch, GROUPS_PER_THREAD * threads);
        int groups = Math.max(1, Math.max(least, Math.ceilDiv(batch, most)));
        return new ImageGroups(batch, Math.max(1, Math.ceilDiv(batch, groups)));
    }

    /**
     * Returns how many images a group may have for their pixels and their copies to stay in a cache.
     *
     * @param pixels pixels of an image
     * @param floats floats of its copy
     * @return the number, at least 1
     */
    static int most(int pixels, int floats) {
        return Math.max(1, Math.min(PIXELS / pixels, Strips.STRIP_FLOATS / floats));
    }

    int count() {
        return Math.ceilDiv(batch, each);
    }

    int first(int group) {
        return group * each;
    }

    int size(int group) {
        return Math.min(each, batch - first(group));
    }
}
