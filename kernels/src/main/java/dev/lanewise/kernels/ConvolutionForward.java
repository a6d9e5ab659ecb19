package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.BiasLoops;
import dev.lanewise.kernels.micro.Left;
import dev.lanewise.kernels.micro.Panels;
import dev.lanewise.kernels.micro.Right;
import dev.lanewise.kernels.micro.Start;
import dev.lanewise.kernels.micro.Target;
import dev.lanewise.kernels.micro.Tiles;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/** The forward pass: output pixels are the rows of a product, kernel positions its steps, output channels its columns. */
final class ConvolutionForward {
    private final ConvolutionGeometry geometry;
    private final Strips strips;
    private final int[] weightRows;

    ConvolutionForward(ConvolutionGeometry geometry, int inputHeight, int inputWidth) {
        this.geometry = geometry;
        this.strips = Strips.of(geometry, inputHeight, inputWidth);
        this.weightRows = Tiles.offsets(strips.patchSize(), geometry.outChannels());
    }

    void run(
            Tensor x,
            Tensor weights,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int batch = x.shape().extent(0);
        Tensor scratch = workspace.tensor(parallelism.threads(), strips.scratchFloats());
        Tensor edges = workspace.tensor(parallelism.threads(), Tiles.EDGE_FLOATS);
        Product product = product(x, scratch, weights, bias, y, parallelism, workspace);
        int count = strips.count();
        int rowFloats = strips.outputWidth() * geometry.outChannels();
        parallelism.forEach(batch * count, (task, worker) -> {
            int strip = task % count;
            int image = task / count;
            int input0 = strips.input(x, image, strip, scratch, worker);
            int y0 = y.offset() + (image * strips.outputHeight() + strip * strips.rows()) * rowFloats;
            multiply(product, strip, input0, y0, edges.array(), edges.offset() + worker * Tiles.EDGE_FLOATS);
            int size = strips.rowsOf(strip) * rowFloats;
            if (residual != null) {
                int at = residual.offset() + y0 - y.offset();
                BiasLoops.add(y.array(), y0, residual.array(), at, y.array(), y0, 1, size);
            }
            Activations.applyRange(f, y.array(), y0, y0 + size);
        });
    }

    /**
     * What the products of all strips and groups share.
     *
     * @param left the pixels of a strip
     * @param last the pixels of the last strip
     * @param right the weights
     * @param right0 where the weights of group 0 start
     * @param groupFloats how much further those of the next group start
     * @param starts the bias of each group
     * @param target the output
     */
    private record Product(
            Left left, Left last, Right right, int right0, int groupFloats, Start[] starts, Target target) {}

    /** The weights are read in place where they are one panel as they lie, else packed. */
    private Product product(
            Tensor x,
            Tensor scratch,
            Tensor weights,
            Tensor bias,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int outputs = geometry.outChannels() / geometry.groups();
        int depth = strips.patchSize();
        boolean inPlace = geometry.groups() == 1 && outputs == Tiles.panelWidth(outputs);
        Tensor factor = inPlace ? weights : packed(weights, parallelism, workspace);
        float[] source = strips.copied() ? scratch.array() : x.array();
        return new Product(
                new Left(source, strips.pixels(), strips.patch(), strips.run()),
                new Left(source, strips.lastPixels(), strips.patch(), strips.run()),
                new Right(factor.array(), depth, inPlace ? outputs : 0),
                factor.offset(),
                Panels.size(depth, outputs),
                starts(bias),
                new Target(y.array(), strips.outputs()));
    }

    private Start[] starts(Tensor bias) {
        Start[] starts = new Start[geometry.groups()];
        int outputs = geometry.outChannels() / geometry.groups();
        for (int group = 0; group < starts.length; group++) {
            starts[group] = bias == null ? Start.ZERO : Start.row(bias.array(), bias.offset() + group * outputs);
        }
        return starts;
    }

    private void multiply(Product product, int strip, int input0, int y0, float[] edges, int edge) {
        int channels = geometry.inChannels() / geometry.groups();
        int outputs = geometry.outChannels() / geometry.groups();
        int pixels = strips.rowsOf(strip) * strips.outputWidth();
        for (int group = 0; group < geometry.groups(); group++) {
            Tiles.multiply(
                    strip == strips.count() - 1 ? product.last : product.left,
                    input0 + group * channels,
                    0,
                    pixels,
                    product.right,
                    product.right0 + group * product.groupFloats,
                    0,
                    outputs,
                    product.starts[group],
                    product.target,
                    y0 + group * outputs,
                    edges,
                    edge);
        }
    }

    private Tensor packed(Tensor weights, Parallelism parallelism, Workspace workspace) {
        int groups = geometry.groups();
        int outputs = geometry.outChannels() / groups;
        int depth = strips.patchSize();
        Tensor packed = workspace.tensor(groups, Panels.size(depth, outputs));
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
                    packed.offset() + group * Panels.size(depth, outputs));
        });
        return packed;
    }
}
