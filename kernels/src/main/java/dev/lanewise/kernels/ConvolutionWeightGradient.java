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
        Tensor partials = workspace.tensor(chunks, size());
        int stripFloats = strips.scratchFloats();
        int scratchFloats = stripFloats + packedFloats();
        Tensor scratch = workspace.tensor(parallelism.threads(), scratchFloats);
        Tensor edges = workspace.tensor(parallelism.threads(), Tiles.EDGE_FLOATS);
        int blocks = (strips.patchSize() + blockRows - 1) / blockRows;
        parallelism.forEach(chunks * blocks, (task, worker) -> {
            int chunk = task / blocks;
            int first = (int) ((long) batch * chunk / chunks);
            int last = (int) ((long) batch * (chunk + 1) / chunks);
            int partial0 = partials.offset() + chunk * size();
            int scratch0 = scratch.offset() + worker * scratchFloats;
            int edge = edges.offset() + worker * Tiles.EDGE_FLOATS;
            for (int step = first * strips.count(); step < last * strips.count(); step++) {
                int image = step / strips.count();
                int strip = step % strips.count();
                Strips.Input input = strips.input(x, image, strip, scratch.array(), scratch0);
                boolean begins = step == first * strips.count();
                strip(
                        input,
                        dy,
                        image,
                        strip,
                        task % blocks * blockRows,
                        begins,
                        partials.array(),
                        partial0,
                        scratch.array(),
                        scratch0 + stripFloats,
                        edges.array(),
                        edge);
            }
        });
        PairwiseSum.addTo(dw, partials, chunks, parallelism);
    }

    /** Adds what one strip of one image gives to some rows of a partial sum. */
    private void strip(
            Strips.Input input,
            Tensor dy,
            int image,
            int strip,
            int firstRow,
            boolean begins,
            float[] partials,
            int partial0,
            float[] packed,
            int packed0,
            float[] edges,
            int edge) {
        int channels = geometry.inChannels() / geometry.groups();
        int outputs = geometry.outChannels() / geometry.groups();
        int depth = strips.rowsOf(strip) * strips.outputWidth();
        int rowFloats = strips.outputWidth() * geometry.outChannels();
        int dy0 = dy.offset() + (image * strips.outputHeight() + strip * strips.rows()) * rowFloats;
        int rows = Math.min(blockRows, strips.patchSize() - firstRow);
        for (int group = 0; group < geometry.groups(); group++) {
            int column = group * outputs;
            Left left = new Left(input.array(), input.offset() + group * channels, strips.patch(), strips.pixels());
            Right right = right(dy, dy0 + column, depth, packed, packed0);
            Target target = new Target(partials, partial0 + column, targets);
            Start start = begins ? Start.ZERO : Start.from(target);
            Tiles.multiply(left, firstRow, rows, right, 0, outputs, start, target, edges, edge);
        }
    }

    private Right right(Tensor dy, int dy0, int depth, float[] packed, int packed0) {
        if (packedFloats() == 0) {
            return new Right(dy.array(), dy0, depth, geometry.outChannels());
        }
        int outputs = geometry.outChannels() / geometry.groups();
        Panels.pack(dy.array(), dy0, strips.outputs(), depth, 1, 0, outputs, packed, packed0);
        return new Right(packed, packed0, depth, 0);
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
