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

/**
 * The input gradient: input pixels are the rows of a product, kernel positions and output channels its steps, input
 * channels its columns.
 *
 * <p>With a stride, an input pixel is reached only from those kernel positions that its place in the stride allows.
 * Pixels are taken by their place ({@link InputGradientPhase}): within one, neighbours are a stride apart in the input,
 * adjacent in the output's gradient, and share their kernel positions, so each is a dense product of its own.
 *
 * <p>From one kernel column to the next, the pixel of the output's gradient that meets an input pixel moves to the left. In
 * copies whose rows are mirrored it moves to the right, so that what all columns of the kernel meet is next to each other, one
 * run of a tile: with a run for each column, tiles read and write their sums three times as often in a 3x3 kernel.
 */
final class ConvolutionInputGradient {
    /** Shorter runs gain nothing: 3x3 with 16 channels ran at 0.97 of the speed, with 24 at 1.16 times (Zen 3). */
    private static final int LEAST_RUN = 64;

    private final ConvolutionGeometry geometry;
    private final int inputHeight;
    private final int inputWidth;
    private final int outputHeight;
    private final int outputWidth;
    private final boolean mirrored;
    private final InputGradientPhase[] phases;
    private final InputGradientByPixels byPixels;
    private final int phaseRows;
    private final int stripRows;
    private final int haloTop;
    private final int haloLeft;
    private final int haloRows;
    private final int paddedWidth;

    /** Floats of a strip's copy, of one image. */
    private final int stripFloats;

    /** How many images may be taken together: several, if one strip is a whole image. */
    private final int together;

    ConvolutionInputGradient(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.inputHeight = inputHeight;
        this.inputWidth = inputWidth;
        this.outputHeight = g.outputHeight(inputHeight);
        this.outputWidth = g.outputWidth(inputWidth);
        Reach vertical = Reach.of(g.kernelHeight(), g.strideHeight(), g.padTop(), g.dilationHeight());
        Reach horizontal = Reach.of(g.kernelWidth(), g.strideWidth(), g.padLeft(), g.dilationWidth());
        int phaseColumns = (inputWidth - 1) / g.strideWidth() + 1;
        this.phaseRows = (inputHeight - 1) / g.strideHeight() + 1;
        this.haloTop = -vertical.least();
        this.haloLeft = -horizontal.least();
        this.haloRows = vertical.most() - vertical.least();
        this.paddedWidth = phaseColumns + horizontal.most() - horizontal.least();
        int rowFloats = Math.multiplyExact(paddedWidth, g.outChannels());
        int fitting = Math.min(Strips.STRIP_FLOATS / rowFloats - haloRows, Strips.STRIP_PIXELS / phaseColumns);
        this.stripRows = Math.clamp(fitting, 1, phaseRows);
        this.stripFloats = Math.multiplyExact(rowFloats, stripRows + haloRows);
        this.together = stripRows < phaseRows ? 1 : ImageGroups.most(phaseRows * phaseColumns, stripFloats);
        this.mirrored = g.groups() == 1 && g.kernelWidth() > 1 && g.kernelWidth() * g.outChannels() >= LEAST_RUN;
        this.phases = phases(mirrored, true);
        InputGradientPhase[] straight = mirrored ? phases(false, false) : phases;
        this.byPixels =
                new InputGradientByPixels(g, straight, inputWidth, stripRows, stripRows + haloRows, paddedWidth);
    }

    /** How far above (not positive) and below (not negative) its phase row an output row may lie, over all kernel rows. */
    private record Reach(int least, int most) {
        static Reach of(int kernel, int stride, int pad, int dilation) {
            int most = (int) ((stride - 1L + pad) / stride);
            int least = Math.floorDiv(pad - (kernel - 1) * dilation, stride);
            return new Reach(Math.min(least, 0), Math.max(most, 0));
        }
    }

    private InputGradientPhase[] phases(boolean mirrored, boolean grouped) {
        // A stride may be larger than the image: places past its border hold no pixels.
        int rows = Math.min(geometry.strideHeight(), inputHeight);
        int columns = Math.min(geometry.strideWidth(), inputWidth);
        InputGradientPhase[] all = new InputGradientPhase[rows * columns];
        for (int i = 0; i < all.length; i++) {
            int row = i / columns;
            int column = i % columns;
            all[i] = InputGradientPhase.of(
                    geometry,
                    row,
                    column,
                    inputHeight,
                    inputWidth,
                    stripRows,
                    haloTop,
                    haloLeft,
                    paddedWidth,
                    mirrored,
                    grouped,
                    together,
                    stripFloats);
        }
        return all;
    }

    void run(Tensor dy, Tensor weights, Tensor dx, Parallelism parallelism, Workspace workspace) {
        int batch = dx.shape().extent(0);
        int count = (phaseRows + stripRows - 1) / stripRows;
        if (InputGradientByPixels.suits(geometry, batch, inputHeight, inputWidth)) {
            Tensor scratch = workspace.tensor(parallelism.threads(), stripFloats);
            runByPixels(batch, count, dy, weights, dx, scratch, parallelism, workspace);
            return;
        }
        ImageGroups images = ImageGroups.of(batch, together, parallelism.threads());
        // Room for as many images as the phases' tables have: a tile at the edge looks past the last pixel of a group.
        int each = together * stripFloats + Lanes.LENGTH;
        Tensor scratch = workspace.tensor(parallelism.threads(), each);
        Tensor tiles = workspace.tensor(parallelism.threads(), Tiles.SCRATCH_FLOATS);
        // One strip transposes its weights panel by panel, right before it uses them; several would each do so (record
        // 16).
        boolean inPlace = images.count() * count == 1;
        Product[] products = new Product[phases.length];
        for (int i = 0; i < phases.length; i++) {
            products[i] =
                    product(phases[i], batch, images.each(), inPlace, scratch, weights, dx, parallelism, workspace);
        }
        ColumnParts parts = ColumnParts.of(channels(), images.count() * count, parallelism.threads());
        parallelism.forEach(images.count() * count * parts.count(), (task, worker) -> {
            int part = task % parts.count();
            int firstRow = task / parts.count() % count * stripRows;
            int some = task / parts.count() / count;
            int first = images.first(some);
            int size = images.size(some);
            int scratch0 = scratch.offset() + worker * each;
            for (int image = 0; image < size; image++) {
                pad(dy, first + image, firstRow, mirrored, scratch, scratch0 + image * stripFloats);
            }
            int dx0 = place(dx, first, firstRow);
            int tile0 = tiles.offset() + worker * Tiles.SCRATCH_FLOATS;
            for (Product product : products) {
                multiply(
                        product,
                        size,
                        firstRow,
                        parts.first(part),
                        parts.size(part),
                        scratch0,
                        dx0,
                        tiles.array(),
                        tile0);
            }
        });
    }

    /** Input channels of a group. */
    private int channels() {
        return geometry.inChannels() / geometry.groups();
    }

    private void runByPixels(
            int batch,
            int count,
            Tensor dy,
            Tensor weights,
            Tensor dx,
            Tensor scratch,
            Parallelism parallelism,
            Workspace workspace) {
        int parts = byPixels.rowParts(batch * count, parallelism.threads());
        Tensor transposed = workspace.tensor(parallelism.threads(), byPixels.scratchFloats());
        parallelism.forEach(batch * count * parts, (task, worker) -> {
            int strip = task / parts;
            int firstRow = strip % count * stripRows;
            int scratch0 = scratch.offset() + worker * stripFloats;
            pad(dy, strip / count, firstRow, false, scratch, scratch0);
            int channel = geometry.inChannels() * (task % parts) / parts;
            byPixels.strip(
                    firstRow,
                    channel,
                    geometry.inChannels() * (task % parts + 1) / parts - channel,
                    scratch.array(),
                    scratch0,
                    weights,
                    transposed.array(),
                    transposed.offset() + worker * byPixels.scratchFloats(),
                    dx.array(),
                    place(dx, strip / count, firstRow));
        });
    }

    /** Copies the rows of an output's gradient that a strip meets, with a border of zeros. */
    private void pad(Tensor dy, int image, int firstRow, boolean mirrored, Tensor scratch, int scratch0) {
        Padding.copy(
                mirrored,
                dy.array(),
                dy.offset() + image * outputHeight * outputWidth * geometry.outChannels(),
                outputHeight,
                outputWidth,
                geometry.outChannels(),
                firstRow - haloTop,
                stripRows + haloRows,
                haloLeft,
                paddedWidth,
                scratch.array(),
                scratch0);
    }

    /** Where the first phase row of a strip starts in the input's gradient. */
    private int place(Tensor dx, int image, int firstRow) {
        int pixel = (image * inputHeight + firstRow * geometry.strideHeight()) * inputWidth;
        return dx.offset() + pixel * geometry.inChannels();
    }

    /**
     * What the products of a phase share, in all strips and groups.
     *
     * @param phase the phase
     * @param lefts the pixels of each strip
     * @param right the weights, transposed in place or packed
     * @param right0 where those of group 0 start
     * @param groupFloats how much further those of the next group start
     * @param target the input's gradient
     */
    private record Product(
            InputGradientPhase phase, Left[] lefts, Right right, int right0, int groupFloats, float[] target) {}

    private Product product(
            InputGradientPhase phase,
            int batch,
            int together,
            boolean inPlace,
            Tensor scratch,
            Tensor weights,
            Tensor dx,
            Parallelism parallelism,
            Workspace workspace) {
        int outputs = geometry.outChannels() / geometry.groups();
        int depth = phase.weightRows().length;
        Tensor factor = inPlace ? weights : pack(phase, weights, parallelism, workspace);
        Tensor zeroSums = zeroSums(phase, batch, together, weights, parallelism, workspace);
        Left[] lefts = new Left[Math.ceilDiv(phase.rows(), stripRows)];
        for (int strip = 0; strip < lefts.length; strip++) {
            if (strip > 0 && (zeroSums == null || phase.groups()[strip] == phase.groups()[strip - 1])) {
                lefts[strip] = lefts[strip - 1];
                continue;
            }
            Border border = zeroSums == null ? null : border(phase, strip, zeroSums);
            lefts[strip] = new Left(
                    scratch.array(), Pixels.all(phase.pixels(), phase.targets()), phase.steps(), phase.run(), border);
        }
        return new Product(
                phase,
                lefts,
                inPlace
                        ? Right.transposed(factor.array(), phase.weightRows(), outputs, geometry.outChannels())
                        : Right.packed(factor.array(), depth),
                factor.offset(),
                inPlace ? outputs : Panels.size(depth, channels()),
                dx.array());
    }

    /** Computes some channels of each group of a strip. */
    private void multiply(
            Product product,
            int images,
            int firstRow,
            int firstColumn,
            int columns,
            int scratch0,
            int dx0,
            float[] tiles,
            int tile0) {
        InputGradientPhase phase = product.phase;
        int outputs = geometry.outChannels() / geometry.groups();
        int rows = images * Math.min(stripRows, phase.rows() - firstRow) * phase.columns();
        int first = dx0 + (phase.row() * inputWidth + phase.column()) * geometry.inChannels();
        int end = firstColumn + columns;
        int block = product.right.isTransposed() ? Tiles.BLOCK_COLUMNS : columns;
        for (int group = 0; group < geometry.groups() && rows > 0; group++) {
            for (int column = firstColumn; column < end; column += block) {
                Tiles.multiply(
                        product.lefts[firstRow / stripRows],
                        scratch0 + group * outputs,
                        rows,
                        product.right,
                        product.right0 + group * product.groupFloats,
                        column,
                        Math.min(block, end - column),
                        Start.ZERO,
                        product.target,
                        first + group * channels(),
                        tiles,
                        tile0);
            }
        }
    }

    private Border border(InputGradientPhase phase, int strip, Tensor zeroSums) {
        int pixels = Math.min(stripRows, phase.rows() - strip * stripRows) * phase.columns();
        return new Border(
                pixels,
                phase.groups()[strip],
                geometry.outChannels(),
                zeroSums.array(),
                zeroSums.offset(),
                geometry.inChannels());
    }

    /** What zeros add under each position of the kernel, if it pays to leave their products out; else null. */
    private Tensor zeroSums(
            InputGradientPhase phase,
            int batch,
            int together,
            Tensor weights,
            Parallelism parallelism,
            Workspace workspace) {
        int depth = phase.weightRows().length;
        long leftOut = batch * PixelGroups.leftOut(phase.groups(), phase.run());
        boolean few = leftOut < (long) ConvolutionForward.SAVED_TO_SKIP * depth;
        if (leftOut == 0 || few || together < PixelGroups.leastImages(phase.groups())) {
            return null;
        }
        int outputs = geometry.outChannels();
        Tensor sums = workspace.tensor(depth / outputs, channels());
        parallelism.forEach(
                depth / outputs,
                (position, worker) -> BorderLoops.ofRows(
                        weights.array(),
                        weights.offset() + phase.weightRows()[position * outputs],
                        outputs,
                        channels(),
                        outputs,
                        sums.array(),
                        sums.offset() + position * channels()));
        return sums;
    }

    /** Packs, for each group, the transposed weights of the kernel positions that a phase is reached from. */
    private Tensor pack(InputGradientPhase phase, Tensor weights, Parallelism parallelism, Workspace workspace) {
        int groups = geometry.groups();
        int channels = channels();
        int outputs = geometry.outChannels() / groups;
        int depth = phase.weightRows().length;
        int size = Panels.size(depth, channels);
        Tensor packed = workspace.tensor(groups, size);
        int blocks = (channels + Tiles.COLUMNS - 1) / Tiles.COLUMNS;
        parallelism.forEach(groups * blocks, (task, worker) -> {
            int group = task / blocks;
            int column = task % blocks * Tiles.COLUMNS;
            for (int row = 0; row < depth; row += outputs) {
                Panels.packTransposed(
                        weights.array(),
                        weights.offset() + group * outputs + phase.weightRows()[row],
                        geometry.outChannels(),
                        outputs,
                        column,
                        Math.min(Tiles.COLUMNS, channels - column),
                        packed.array(),
                        packed.offset() + group * size,
                        depth,
                        row);
            }
        });
        return packed;
    }
}
