package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Left;
import dev.lanewise.kernels.micro.Panels;
import dev.lanewise.kernels.micro.Right;
import dev.lanewise.kernels.micro.Start;
import dev.lanewise.kernels.micro.Target;
import dev.lanewise.kernels.micro.Tiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/** The weight gradient: kernel positions are the rows of a product, output pixels its steps, output channels its columns. */
final class ConvolutionWeightGradient {
    /** The partial sums of all chunks together are at most 4 MiB, unless one alone is more. */
    private static final int PARTIAL_FLOATS = 1 << 20;

    /** More chunks would give more tasks to many threads, at the price of more memory to add up. */
    private static final int MOST_CHUNKS = 16;

    /** Up to this size a partial sum stays in a second-level cache with a strip, and one task computes all of it. */
    private static final int WHOLE_FLOATS = 1 << 16;

    /** Kernel positions that a task computes of a larger gradient, a multiple of 6. */
    private static final int BLOCK_ROWS = 192;

    private final ConvolutionGeometry geometry;
    private final Strips strips;
    private final int[] targets;
    private final int blockRows;

    ConvolutionWeightGradient(ConvolutionGeometry geometry, Strips strips) {
        this.geometry = geometry;
        this.strips = strips;
        this.targets = Tiles.offsets(Tiles.wholeTiles(strips.patchSize()), geometry.outChannels());
        this.blockRows = size() <= WHOLE_FLOATS ? strips.patchSize() : BLOCK_ROWS;
    }

    int chunks(int batch) {
        return Math.min(batch, Math.clamp(PARTIAL_FLOATS / size(), 1, MOST_CHUNKS));
    }

    void run(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        int batch = x.shape().extent(0);
        if (batch == 0) {
            return;
        }
        int chunks = chunks(batch);
        int threads = parallelism.threads();
        Tensor partials = workspace.tensor(chunks, size());
        Tensor scratch = workspace.tensor(threads, strips.scratchFloats());
        Tensor packed = workspace.tensor(threads, packedFloats());
        Tensor edges = workspace.tensor(threads, Tiles.EDGE_FLOATS);
        Product product = product(x, scratch, dy, packed, partials);
        int blocks = (strips.patchSize() + blockRows - 1) / blockRows;
        parallelism.forEach(chunks * blocks, (task, worker) -> {
            int chunk = task / blocks;
            int first = (int) ((long) batch * chunk / chunks) * strips.count();
            int last = (int) ((long) batch * (chunk + 1) / chunks) * strips.count();
            int partial0 = partials.offset() + chunk * size();
            int packed0 = packed.offset() + worker * packedFloats();
            int edge = edges.offset() + worker * Tiles.EDGE_FLOATS;
            for (int step = first; step < last; step++) {
                int image = step / strips.count();
                int strip = step % strips.count();
                int input0 = strips.input(x, image, strip, scratch, worker);
                int dy0 = dy.offset() + outputsBefore(image, strip) * geometry.outChannels();
                Start start = step == first ? Start.ZERO : Start.TARGET;
                int row = task % blocks * blockRows;
                multiply(product, strip, row, input0, dy, dy0, packed0, start, partial0, edges.array(), edge);
            }
        });
        PairwiseSum.addTo(dw, partials, chunks, parallelism);
    }

    private int outputsBefore(int image, int strip) {
        return (image * strips.outputHeight() + strip * strips.rows()) * strips.outputWidth();
    }

    /**
     * What the products of all strips and groups share.
     *
     * @param left the kernel positions
     * @param right the output's gradient in a whole strip
     * @param last the output's gradient in the last strip
     * @param target the partial sums
     */
    private record Product(Left left, Right right, Right last, Target target) {}

    private Product product(Tensor x, Tensor scratch, Tensor dy, Tensor packed, Tensor partials) {
        boolean inPlace = packedFloats() == 0;
        float[] source = inPlace ? dy.array() : packed.array();
        int rowStride = inPlace ? geometry.outChannels() : 0;
        return new Product(
                new Left(strips.copied() ? scratch.array() : x.array(), strips.patch(), strips.pixels(), 1),
                new Right(source, strips.rows() * strips.outputWidth(), rowStride),
                new Right(source, strips.rowsOf(strips.count() - 1) * strips.outputWidth(), rowStride),
                new Target(partials.array(), targets));
    }

    /** Adds what one strip of one image gives to some rows of a partial sum. */
    private void multiply(
            Product product,
            int strip,
            int firstRow,
            int input0,
            Tensor dy,
            int dy0,
            int packed0,
            Start start,
            int partial0,
            float[] edges,
            int edge) {
        int channels = geometry.inChannels() / geometry.groups();
        int outputs = geometry.outChannels() / geometry.groups();
        int rows = Math.min(blockRows, strips.patchSize() - firstRow);
        Right right = strip == strips.count() - 1 ? product.last : product.right;
        for (int group = 0; group < geometry.groups(); group++) {
            int right0 = dy0 + group * outputs;
            if (packedFloats() > 0) {
                Panels.pack(dy.array(), right0, strips.outputs(), right.depth(), 1, 0, outputs, right.array(), packed0);
                right0 = packed0;
            }
            Tiles.multiply(
                    product.left,
                    input0 + group * channels,
                    firstRow,
                    rows,
                    right,
                    right0,
                    0,
                    outputs,
                    start,
                    product.target,
                    partial0 + group * outputs,
                    edges,
                    edge);
        }
    }

    /** Scratch for a packed strip of the output's gradient; 0 where its rows are whole vectors and are read in place. */
    private int packedFloats() {
        int outputs = geometry.outChannels() / geometry.groups();
        return outputs % Lanes.LENGTH == 0 ? 0 : Panels.size(strips.rows() * strips.outputWidth(), outputs);
    }

    private int size() {
        return strips.patchSize() * geometry.outChannels();
    }
}
