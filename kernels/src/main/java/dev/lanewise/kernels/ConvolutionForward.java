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

/** The forward pass: output pixels are the rows of a product, kernel positions its steps, output channels its columns. */
final class ConvolutionForward {
    private final ConvolutionGeometry geometry;
    private final Strips strips;
    private final int[] weightRows;

    ConvolutionForward(ConvolutionGeometry geometry, Strips strips) {
        this.geometry = geometry;
        this.strips = strips;
        this.weightRows = Tiles.offsets(strips.patchSize(), geometry.outChannels());
    }

    void run(
            Tensor x,
            Tensor weights,
            Tensor bias,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int batch = x.shape().extent(0);
        Right[] rights = rights(weights, parallelism, workspace);
        int scratchFloats = strips.scratchFloats();
        Tensor scratch = workspace.tensor(parallelism.threads(), scratchFloats);
        Tensor edges = workspace.tensor(parallelism.threads(), Tiles.EDGE_FLOATS);
        int count = strips.count();
        parallelism.forEach(batch * count, (task, worker) -> {
            int strip = task % count;
            int image = task / count;
            int scratch0 = scratch.offset() + worker * scratchFloats;
            Strips.Input input = strips.input(x, image, strip, scratch.array(), scratch0);
            int edge = edges.offset() + worker * Tiles.EDGE_FLOATS;
            strip(input, rights, bias, f, y, image, strip, edges.array(), edge);
        });
    }

    private void strip(
            Strips.Input input,
            Right[] rights,
            Tensor bias,
            Activation f,
            Tensor y,
            int image,
            int strip,
            float[] edges,
            int edge) {
        int channels = geometry.inChannels() / geometry.groups();
        int outputs = geometry.outChannels() / geometry.groups();
        int rowFloats = strips.outputWidth() * geometry.outChannels();
        int y0 = y.offset() + (image * strips.outputHeight() + strip * strips.rows()) * rowFloats;
        int rows = strips.rowsOf(strip);
        for (int group = 0; group < geometry.groups(); group++) {
            int column = group * outputs;
            Left left =
                    new Left(input.array(), input.offset() + group * channels, strips.pixelsOf(strip), strips.patch());
            Start start = bias == null ? Start.ZERO : Start.row(bias.array(), bias.offset() + column);
            Target target = new Target(y.array(), y0 + column, strips.outputs());
            Tiles.multiply(left, 0, rows * strips.outputWidth(), rights[group], 0, outputs, start, target, edges, edge);
        }
        Activations.applyRange(f, y.array(), y0, y0 + rows * rowFloats);
    }

    /** The weights of each group: in place where their rows are one panel of whole vectors, else packed. */
    private Right[] rights(Tensor weights, Parallelism parallelism, Workspace workspace) {
        int groups = geometry.groups();
        int outputs = geometry.outChannels() / groups;
        int depth = strips.patchSize();
        boolean inPlace = outputs % Lanes.LENGTH == 0 && geometry.outChannels() <= Tiles.COLUMNS;
        Right[] rights = new Right[groups];
        int size = Panels.size(depth, outputs);
        Tensor packed = inPlace ? null : workspace.tensor(groups, size);
        for (int group = 0; group < groups; group++) {
            int weights0 = weights.offset() + group * outputs;
            rights[group] = inPlace
                    ? new Right(weights.array(), weights0, depth, geometry.outChannels())
                    : new Right(packed.array(), packed.offset() + group * size, depth, 0);
        }
        if (!inPlace) {
            int blocks = (outputs + Tiles.COLUMNS - 1) / Tiles.COLUMNS;
            parallelism.forEach(groups * blocks, (task, worker) -> {
                int group = task / blocks;
                int column = task % blocks * Tiles.COLUMNS;
                Panels.pack(
                        weights.array(),
                        weights.offset() + group * outputs,
                        weightRows,
                        depth,
                        1,
                        column,
                        Math.min(Tiles.COLUMNS, outputs - column),
                        packed.array(),
                        rights[group].offset());
            });
        }
        return rights;
    }
}
