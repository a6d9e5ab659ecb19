package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Border;
import dev.lanewise.kernels.micro.BorderLoops;
import dev.lanewise.kernels.micro.Left;
import dev.lanewise.kernels.micro.Panels;
import dev.lanewise.kernels.micro.Pixels;
import dev.lanewise.kernels.micro.Right;
import dev.lanewise.kernels.micro.Start;
import dev.lanewise.kernels.micro.Tiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/** The forward pass: output pixels are the rows of a product, kernel positions its steps, output channels its columns. */
final class ConvolutionForward {
    /**
     * From so many strips of all images on, weights are packed before, so that not each strip packs them on the way, from the
     * third-level cache line by line. It gains little: 225 GFLOP/s, not 221, for 32 images of 14x14 with 256 channels.
     */
    private static final int STRIPS_TO_PACK = 16;

    /**
     * So many products with each weight, those of all images together, pay for reading all weights once more, to know what zeros add. A
     * single image of 7x7 pixels and a kernel of 3x3 leaves out 9 of 49 and gains a tenth, one of 14x14 leaves out 18 of 196 (Zen 3).
     */
    static final int SAVED_TO_SKIP = 6;

    private final ConvolutionGeometry geometry;
    private final Strips strips;

    /**
     * The pixels of each strip by the positions of the kernel that are in the image; null without a border, with groups of channels,
     * or where runs are short.
     */
    private final Pixels[][][] groups;

    /** How many products of an element of the kernel and a pixel of an image that leaves out. */
    private final long leftOut;

    /** With fewer images together, groups of pixels would be too small. */
    private final int leastImages;

    ConvolutionForward(ConvolutionGeometry geometry, int inputHeight, int inputWidth) {
        this.geometry = geometry;
        this.strips = Strips.of(geometry, inputHeight, inputWidth);
        boolean skips = strips.copied() && geometry.groups() == 1 && strips.run() >= Tiles.SHORTEST_RUN;
        this.groups = skips ? strips.groups() : null;
        this.leftOut = skips ? PixelGroups.leftOut(groups, strips.run()) : 0;
        this.leastImages = skips ? PixelGroups.leastImages(groups) : 1;
    }

    /** Packs weights for images of any size: the panels of each group. */
    static Tensor pack(ConvolutionGeometry g, Tensor weights) {
        int outputs = g.outChannels() / g.groups();
        int depth = weights.size() / g.outChannels();
        long size = (long) g.groups() * depth * Math.ceilDiv(outputs, Lanes.LENGTH) * Lanes.LENGTH;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("pack weights: weights is " + weights.shape() + " in " + g.groups()
                    + " groups, in panels " + size + " elements; they must fit an array");
        }
        Tensor panels = Tensor.zeros(g.groups(), Panels.size(depth, outputs));
        pack(g, depth, weights, panels, Parallelism.serial());
        return panels;
    }

    /** Returns what zeros under each position of the kernel add to the sums of each output channel, as {@link Border} says. */
    static Tensor zeroSums(ConvolutionGeometry g, Tensor weights) {
        Tensor sums = Tensor.zeros(g.kernelHeight() * g.kernelWidth(), g.outChannels());
        zeroSums(g, weights, sums, Parallelism.serial());
        return sums;
    }

    private static void zeroSums(ConvolutionGeometry g, Tensor weights, Tensor sums, Parallelism parallelism) {
        int channels = g.inChannels() / g.groups();
        int outputs = g.outChannels();
        parallelism.forEach(
                sums.shape().extent(0),
                (position, worker) -> BorderLoops.ofColumns(
                        weights.array(),
                        weights.offset() + position * channels * outputs,
                        outputs,
                        channels,
                        outputs,
                        sums.array(),
                        sums.offset() + position * outputs));
    }

    /** Computes the forward pass; {@code weights} may be null where they have been packed. */
    void run(
            Tensor x,
            Tensor weights,
            PackedWeights before,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int batch = x.shape().extent(0);
        ImageGroups images = ImageGroups.of(batch, strips.images(), parallelism.threads());
        // Room for as many images as the table of pixels has: a tile at the edge looks past the last pixel of a group.
        Tensor scratch = workspace.tensor(parallelism.threads(), strips.images() * strips.scratchFloats());
        Tensor tiles = workspace.tensor(parallelism.threads(), Tiles.SCRATCH_FLOATS);
        int count = strips.count();
        int tasks = images.count() * count;
        Tensor packed = before == null ? packed(tasks, weights, parallelism, workspace) : before.panels();
        Tensor zeroSums = zeroSums(batch, images.each(), weights, before, parallelism, workspace);
        Product product = product(x, scratch, weights, packed, zeroSums, bias, y);
        ColumnParts parts = ColumnParts.of(outputs(), tasks, parallelism.threads());
        MatmulEpilogue epilogue = new MatmulEpilogue(residual, f);
        FloatProduct.Finish finish = epilogue.of(y, 0, geometry.outChannels());
        parallelism.forEach(tasks * parts.count(), (task, worker) -> {
            int first = parts.first(task % parts.count());
            int columns = parts.size(task % parts.count());
            int strip = task / parts.count() % count;
            int some = task / parts.count() / count;
            int image = images.first(some);
            int together = images.size(some);
            int input0 = strips.input(x, image, together, strip, scratch, worker);
            int pixels = together * strips.rowsOf(strip) * strips.outputWidth();
            int row = (image * strips.outputHeight() + strip * strips.rows()) * strips.outputWidth();
            int tile0 = tiles.offset() + worker * Tiles.SCRATCH_FLOATS;
            for (int group = 0; group < geometry.groups(); group++) {
                multiply(product, strip, group, input0, row, pixels, first, columns, tiles.array(), tile0);
                if (finish != null) {
                    finish.apply(row, pixels, group * outputs() + first, columns);
                }
            }
        });
    }

    private int outputs() {
        return geometry.outChannels() / geometry.groups();
    }

    /**
     * What the products of all strips and groups share.
     *
     * @param lefts the pixels of each strip
     * @param right the weights
     * @param right0 where those of group 0 start
     * @param groupFloats how much further those of the next group start
     * @param starts the bias of each group
     * @param target the output
     * @param target0 where it starts
     */
    private record Product(
            Left[] lefts, Right right, int right0, int groupFloats, Start[] starts, float[] target, int target0) {}

    private Product product(
            Tensor x, Tensor scratch, Tensor weights, Tensor packed, Tensor zeroSums, Tensor bias, Tensor y) {
        Tensor factor = packed == null ? weights : packed;
        float[] source = strips.copied() ? scratch.array() : x.array();
        Left[] lefts = new Left[strips.count()];
        for (int strip = 0; strip < lefts.length; strip++) {
            boolean last = strip == lefts.length - 1;
            if (strip > 0 && !last && (zeroSums == null || groups[strip] == groups[strip - 1])) {
                lefts[strip] = lefts[strip - 1];
                continue;
            }
            int[] pixels = last ? strips.lastPixels() : strips.pixels();
            Border border = zeroSums == null ? null : border(strip, zeroSums);
            lefts[strip] = new Left(source, Pixels.all(pixels, strips.outputs()), strips.patch(), strips.run(), border);
        }
        return new Product(
                lefts,
                packed == null
                        ? Right.inPlace(factor.array(), strips.patchSize(), geometry.outChannels())
                        : Right.packed(factor.array(), strips.patchSize()),
                factor.offset(),
                packed == null ? outputs() : packed.shape().extent(1),
                starts(bias),
                y.array(),
                y.offset());
    }

    private Border border(int strip, Tensor zeroSums) {
        return new Border(
                strips.rowsOf(strip) * strips.outputWidth(),
                groups[strip],
                geometry.inChannels(),
                zeroSums.array(),
                zeroSums.offset(),
                geometry.outChannels());
    }

    /** What zeros add, if it pays to leave their products out; else null. */
    private Tensor zeroSums(
            int batch,
            int together,
            Tensor weights,
            PackedWeights before,
            Parallelism parallelism,
            Workspace workspace) {
        boolean few = before == null && batch * leftOut < (long) SAVED_TO_SKIP * strips.patchSize();
        if (leftOut == 0 || few || together < leastImages) {
            return null;
        }
        if (before != null) {
            return before.zeroSums();
        }
        Tensor sums = workspace.tensor(geometry.kernelHeight() * geometry.kernelWidth(), geometry.outChannels());
        zeroSums(geometry, weights, sums, parallelism);
        return sums;
    }

    private Start[] starts(Tensor bias) {
        Start[] starts = new Start[geometry.groups()];
        for (int group = 0; group < starts.length; group++) {
            starts[group] = bias == null ? Start.ZERO : new Start(bias.array(), bias.offset() + group * outputs());
        }
        return starts;
    }

    /** Packs the weights if that pays for so many strips; null if they are to be read in place. */
    private Tensor packed(int tasks, Tensor weights, Parallelism parallelism, Workspace workspace) {
        if (tasks < STRIPS_TO_PACK || outputs() == Tiles.panelWidth(outputs())) {
            return null;
        }
        int depth = strips.patchSize();
        Tensor packed = workspace.tensor(geometry.groups(), Panels.size(depth, outputs()));
        pack(geometry, depth, weights, packed, parallelism);
        return packed;
    }

    private static void pack(ConvolutionGeometry g, int depth, Tensor weights, Tensor panels, Parallelism parallelism) {
        int outputs = g.outChannels() / g.groups();
        int blocks = (outputs + Tiles.COLUMNS - 1) / Tiles.COLUMNS;
        parallelism.forEach(g.groups() * blocks, (task, worker) -> {
            int group = task / blocks;
            int column = task % blocks * Tiles.COLUMNS;
            Panels.pack(
                    weights.array(),
                    weights.offset() + group * outputs,
                    g.outChannels(),
                    depth,
                    column,
                    Math.min(Tiles.COLUMNS, outputs - column),
                    panels.array(),
                    panels.offset() + group * panels.shape().extent(1));
        });
    }

    private void multiply(
            Product product,
            int strip,
            int group,
            int input0,
            int row,
            int pixels,
            int firstColumn,
            int columns,
            float[] tiles,
            int tile0) {
        int channels = geometry.inChannels() / geometry.groups();
        int end = firstColumn + columns;
        for (int column = firstColumn; column < end; column += Tiles.BLOCK_COLUMNS) {
            Tiles.multiply(
                    product.lefts[strip],
                    input0 + group * channels,
                    pixels,
                    product.right,
                    product.right0 + group * product.groupFloats,
                    column,
                    Math.min(Tiles.BLOCK_COLUMNS, end - column),
                    product.starts[group],
                    product.target,
                    product.target0 + row * geometry.outChannels() + group * outputs(),
                    tiles,
                    tile0);
        }
    }
}
