package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.DepthwiseShape;
import dev.lanewise.kernels.micro.DepthwiseTiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The weight gradient of a convolution whose groups have one input channel each. A task takes one chunk of images and one
 * block of channels; its sums for all taps, a few KiB, stay in the first-level cache.
 */
final class DepthwiseWeightGradient {
    /** More chunks would give more tasks to many threads, at the price of more memory to add up. */
    private static final int MOST_CHUNKS = 16;

    /** Rows of outputs whose inputs are copied at a time, where there are several output channels to an input channel. */
    private static final int COPIED_ROWS = 4;

    private final ConvolutionGeometry geometry;
    private final DepthwiseShape[] shapes;
    private final int multiplier;
    private final int outputHeight;
    private final int slots;

    DepthwiseWeightGradient(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.multiplier = g.outChannels() / g.inChannels();
        this.outputHeight = g.outputHeight(inputHeight);
        this.shapes = new DepthwiseShape[DepthwiseTiles.blocks(g.outChannels())];
        int most = channelsOf(shapes.length - 1);
        this.slots = Math.ceilDiv(most, Lanes.LENGTH) * Lanes.LENGTH;
        for (int block = 0; block < shapes.length; block++) {
            int pixel = multiplier == 1 ? g.inChannels() : most;
            shapes[block] = DepthwiseForward.shape(g, inputHeight, inputWidth, channelsOf(block), pixel, slots);
        }
    }

    int chunks(int batch) {
        return Math.min(batch, MOST_CHUNKS);
    }

    /** Channels of a block; the last one has the rest too. */
    private int channelsOf(int block) {
        boolean last = block == shapes.length - 1;
        return last ? geometry.outChannels() - block * DepthwiseTiles.BLOCK : DepthwiseTiles.BLOCK;
    }

    void run(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        int batch = x.shape().extent(0);
        if (batch == 0) {
            return;
        }
        int chunks = chunks(batch);
        int taps = geometry.kernelHeight() * geometry.kernelWidth();
        float[] zeros = DepthwiseForward.zeros(Math.max(slots, shapes[0].width() * shapes[0].pixel()), workspace);
        Tensor partials = workspace.tensor(chunks - 1, dw.size());
        Tensor sums = workspace.tensor(parallelism.threads(), taps * slots);
        Tensor scratch = workspace.tensor(parallelism.threads(), scratchFloats());
        parallelism.forEach(chunks * shapes.length, (task, worker) -> {
            int chunk = task / shapes.length;
            int block = task % shapes.length;
            int sums0 = sums.offset() + worker * taps * slots;
            int channel = block * DepthwiseTiles.BLOCK;
            Tensor partial = chunk == 0 ? dw : partials;
            int partial0 = partial.offset() + Math.max(0, chunk - 1) * dw.size() + channel;
            if (chunk > 0) {
                Arrays.fill(sums.array(), sums0, sums0 + taps * slots, 0);
            }
            for (int tap = 0; tap < taps && chunk == 0; tap++) {
                int from = partial0 + tap * geometry.outChannels();
                slot(partial.array(), from, channelsOf(block), sums.array(), sums0 + tap * slots);
            }
            int last = (int) ((long) batch * (chunk + 1) / chunks);
            for (int image = (int) ((long) batch * chunk / chunks); image < last; image++) {
                add(x, dy, image, block, zeros, sums.array(), sums0, scratch, worker);
            }
            for (int tap = 0; tap < taps; tap++) {
                int to = partial0 + tap * geometry.outChannels();
                unslot(sums.array(), sums0 + tap * slots, channelsOf(block), partial.array(), to);
            }
        });
        PairwiseSum.join(dw, partials, chunks, parallelism);
    }

    /** Adds what an image gives to the sums of a block of channels. */
    private void add(
            Tensor x,
            Tensor dy,
            int image,
            int block,
            float[] zeros,
            float[] sums,
            int sums0,
            Tensor scratch,
            int worker) {
        DepthwiseShape s = shapes[block];
        int channel = block * DepthwiseTiles.BLOCK;
        int x0 = x.offset() + image * s.height() * s.width() * geometry.inChannels();
        int dy0 = dy.offset() + image * outputHeight * s.outputRow() + channel;
        if (multiplier == 1) {
            DepthwiseTiles.weights(
                    s, s.channels(), 0, outputHeight, x.array(), x0 + channel, zeros, sums, sums0, dy.array(), dy0);
            return;
        }
        int scratch0 = scratch.offset() + worker * scratchFloats();
        for (int from = 0; from < outputHeight; from += COPIED_ROWS) {
            int to = Math.min(from + COPIED_ROWS, outputHeight);
            int copy0 = RepeatedChannels.copy(
                    x.array(), x0, geometry.inChannels(), s, multiplier, channel, from, to, scratch.array(), scratch0);
            DepthwiseTiles.weights(
                    s, s.channels(), from, to, scratch.array(), copy0, zeros, sums, sums0, dy.array(), dy0);
        }
    }

    private int scratchFloats() {
        int rows = Math.min(COPIED_ROWS, outputHeight);
        return multiplier == 1 ? 0 : RepeatedChannels.rows(shapes[0], rows) * shapes[0].width() * shapes[0].pixel();
    }

    /** Copies channels to the slots of {@link DepthwiseTiles#weights}. */
    private static void slot(float[] partial, int partial0, int channels, float[] sums, int sums0) {
        for (int slot = 0; slot < channels; slot += Lanes.LENGTH) {
            int c = Math.max(0, Math.min(slot, channels - Lanes.LENGTH));
            int count = Math.min(Lanes.LENGTH, channels);
            System.arraycopy(partial, partial0 + c, sums, sums0 + slot, count);
        }
    }

    /** Copies channels out of the slots of {@link DepthwiseTiles#weights}. */
    private static void unslot(float[] sums, int sums0, int channels, float[] partial, int partial0) {
        for (int slot = 0; slot < channels; slot += Lanes.LENGTH) {
            int c = Math.max(0, Math.min(slot, channels - Lanes.LENGTH));
            int count = Math.min(Lanes.LENGTH, channels);
            System.arraycopy(sums, sums0 + slot, partial, partial0 + c, count);
        }
    }
}
