package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * The weight gradient: kernel positions are the rows of a product, output pixels its steps, output channels its columns. The
 * images are cut into chunks with partial sums of their own, which are then added pairwise.
 */
final class ConvolutionWeightGradient {
    /** The partial sums of all chunks together are at most 4 MiB, unless one alone is more. */
    private static final int PARTIAL_FLOATS = 1 << 20;

    /** More chunks would give more tasks to many threads, at the price of more memory to add up. */
    private static final int MOST_CHUNKS = 16;

    private final int outputPixels;
    private final int size;

    /** One of the two is null. */
    private final WeightGradientByStrips byStrips;

    private final WeightGradientByPatches byPatches;

    ConvolutionWeightGradient(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.outputPixels = g.outputHeight(inputHeight) * g.outputWidth(inputWidth);
        int patchSize = g.kernelHeight() * g.kernelWidth() * (g.inChannels() / g.groups());
        this.size = Math.multiplyExact(patchSize, g.outChannels());
        boolean strips = PatchStrips.suits(g, inputHeight, inputWidth);
        this.byStrips = strips ? new WeightGradientByStrips(g, inputHeight, inputWidth) : null;
        this.byPatches = strips ? null : new WeightGradientByPatches(g, inputHeight, inputWidth);
    }

    int chunks(int batch) {
        return Math.min(batch, Math.clamp(PARTIAL_FLOATS / size, 1, MOST_CHUNKS));
    }

    void run(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        int batch = x.shape().extent(0);
        if (batch == 0) {
            return;
        }
        int chunks = chunks(batch);
        Tensor partials = workspace.tensor(chunks - 1, size);
        Chunks images = new Chunks(batch, chunks, outputPixels, dw, partials);
        if (byStrips != null) {
            byStrips.run(x, dy, images, parallelism, workspace);
        } else {
            byPatches.run(x, dy, images, parallelism, workspace);
        }
        PairwiseSum.join(dw, partials, chunks, parallelism);
    }

    /**
     * The images in chunks, and where their sums are.
     *
     * @param batch how many images
     * @param count how many chunks
     * @param outputPixels output pixels of an image
     * @param dw the gradient of the weights, to which the first chunk is added
     * @param partials set to the sums of the other chunks
     */
    record Chunks(int batch, int count, int outputPixels, Tensor dw, Tensor partials) {
        /** Whether a chunk is added to what is there. */
        boolean adds(int chunk) {
            return chunk == 0;
        }

        /** The first output pixel of a chunk, counted through all images; of the chunk behind the last one, how many there are. */
        int firstPixel(int chunk) {
            return (int) ((long) batch * chunk / count) * outputPixels;
        }

        float[] sums(int chunk) {
            return adds(chunk) ? dw.array() : partials.array();
        }

        /** Where the sums of a chunk start. */
        int sums0(int chunk) {
            return adds(chunk)
                    ? dw.offset()
                    : partials.offset() + (chunk - 1) * partials.shape().extent(1);
        }
    }
}
