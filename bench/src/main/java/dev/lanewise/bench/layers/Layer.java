package dev.lanewise.bench.layers;

import java.util.Random;

/** A layer, or a gradient of one, to time: what goes into it and what must come out. */
public sealed interface Layer permits ConvLayer, PoolLayer {
    /**
     * What goes into a layer, in Lanewise's layouts: images and their gradients {@code [batch, height, width, channels]},
     * weights {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}.
     *
     * @param left the images, or the gradient of the output where that of the images is computed
     * @param right the weights, or the gradient of the output where that of the weights is computed
     */
    record Operands(float[] left, float[] right) {}

    /**
     * Returns how much is done: operations, or bytes.
     *
     * @return the work
     */
    double work();

    /**
     * Draws whole numbers whose sums are exact.
     *
     * @param random where they come from
     * @return the operands
     */
    Operands draw(Random random);

    /**
     * Compares every element, or some thousand of a large result, with the sum taken one number at a time.
     *
     * @param operands what went in
     * @param result what came out, in Lanewise's layout
     * @throws IllegalStateException if they differ; the message says where
     */
    void check(Operands operands, float[] result);
}
