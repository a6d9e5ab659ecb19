package dev.lanewise.bench.step;

import java.util.List;

/**
 * Whether a library takes the step that it should: the losses of the first steps, from the same weights and batch, are ours.
 *
 * <p>Ours are the same bits on any number of threads. The first loss of another library may be off by what rounding does to
 * sums in another order; the next ones also by what Adam makes of it: where a gradient is smaller than its own rounding error,
 * its first updates may go the other way, by twice the learning rate. What such
 * elements do to the loss is small of second order, but each step multiplies it.
 *
 * @param network which network
 * @param expected the losses of ours
 */
record StepCheck(String network, List<Float> expected) {
    /**
     * Of the first loss, relative: 2^-24 for each rounding, of the longest path through the network. A path takes a chain of
     * roundings for each layer of at most 4,608 products, whose errors go both ways: some sqrt(4,608) of 2^-24 a layer, for 20
     * layers that pass them on.
     */
    static final double FIRST = 20 * 68 * 0x1p-24;

    /** Of the later losses, relative: thirty times what PyTorch and Deeplearning4j were off by in the worst of the networks. */
    static final double LATER = 1e-3;

    static StepCheck of(String network, List<String> expected) {
        return new StepCheck(network, expected.stream().map(Float::valueOf).toList());
    }

    /** Throws if a loss is another. */
    void require(float[] losses) {
        for (int i = 0; i < losses.length; i++) {
            float wanted = expected.get(i);
            double bound = (i == 0 ? FIRST : LATER) * wanted;
            if (!(Math.abs(losses[i] - wanted) <= bound)) {
                throw new IllegalStateException(network + ": the loss of step " + i + " is " + losses[i] + "; expected "
                        + wanted + " to within " + bound);
            }
        }
    }
}
