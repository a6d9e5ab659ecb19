package dev.lanewise.kernels.micro;

/**
 * Losses on a chunk of elements, with their gradients.
 *
 * <p>Assumed of every loop: the ranges lie within their arrays; the range that is written is one of those that are
 * read, or shares no element with them.
 */
public final class LossLoops {
    private LossLoops() {}

    /**
     * Computes the loss {@code max(x, 0) - x t + log(1 + exp(-|x|))} of each element and
     * {@code g = (sigmoid(x) - t) * share}.
     *
     * @param x logits
     * @param x0 index of the first logit
     * @param t targets
     * @param t0 index of the first target
     * @param g receives the gradient
     * @param g0 index of its first element
     * @param size how many
     * @param share what the gradient is multiplied by
     * @param scratch room for {@link #scratch} floats, apart from the ranges
     * @param scratch0 index of the first float of scratch
     * @return the sum of the losses over virtual lanes
     */
    public static float binaryCrossEntropy(
            float[] x,
            int x0,
            float[] t,
            int t0,
            float[] g,
            int g0,
            int size,
            float share,
            float[] scratch,
            int scratch0) {
        int values = scratch0 + VirtualLanes.COUNT;
        ElementLoops.logisticLoss(x, x0, t, t0, scratch, values, size);
        float loss = VirtualLanes.sum(scratch, values, size, scratch, scratch0);
        ElementLoops.sigmoid(x, x0, scratch, values, size);
        ElementLoops.difference(scratch, values, t, t0, g, g0, size, share);
        return loss;
    }

    /**
     * Computes {@code d²} for {@code d = x - t}, and {@code g = d * share}.
     *
     * @param x predictions
     * @param x0 index of the first prediction
     * @param t targets
     * @param t0 index of the first target
     * @param g receives the gradient
     * @param g0 index of its first element
     * @param size how many
     * @param share what the gradient is multiplied by
     * @param scratch room for {@link #scratch} floats, apart from the ranges
     * @param scratch0 index of the first float of scratch
     * @return the sum of the squares over virtual lanes, each added by a fused multiply-add
     */
    public static float squaredError(
            float[] x,
            int x0,
            float[] t,
            int t0,
            float[] g,
            int g0,
            int size,
            float share,
            float[] scratch,
            int scratch0) {
        int values = scratch0 + VirtualLanes.COUNT;
        ElementLoops.difference(x, x0, t, t0, scratch, values, size, 1f);
        ElementLoops.difference(x, x0, t, t0, g, g0, size, share);
        return VirtualLanes.dot(scratch, values, scratch, values, size, scratch, scratch0);
    }

    /**
     * Returns how much scratch a chunk needs.
     *
     * @param size the elements of the chunk
     * @return the number of floats
     */
    public static int scratch(int size) {
        return VirtualLanes.COUNT + size;
    }
}
