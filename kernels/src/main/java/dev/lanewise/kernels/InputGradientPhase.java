package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Pixels;
import dev.lanewise.kernels.micro.Tiles;

/**
 * The input pixels of one place in the stride: rows {@code row, row + stride, ...} and columns {@code column, column +
 * stride, ...}. With stride 1 there is one phase, the whole image.
 *
 * <p>Kernel row {@code kh} reaches them if {@code row + padTop - kh dilation} is a multiple of the stride; phase row
 * {@code t} then meets output row {@code t + (row + padTop - kh dilation) / stride}. Likewise for columns.
 *
 * @param row the first input row
 * @param column the first input column
 * @param rows how many input rows
 * @param columns how many input columns
 * @param pixels offsets of the pixels of a strip in the padded gradient of the output, in whole tiles
 * @param steps offsets of kernel positions and output channels of a group in it
 * @param targets offsets of the pixels of a strip in the input's gradient, in whole tiles
 * @param weightRows offsets of kernel positions and output channels of a group in the weights
 * @param run how many steps at a time are next to each other
 * @param groups the pixels of each strip by the steps that meet the output's gradient; none with
 *     groups of channels, where runs are short, or if they are not asked for
 */
record InputGradientPhase(
        int row,
        int column,
        int rows,
        int columns,
        int[] pixels,
        int[] steps,
        int[] targets,
        int[] weightRows,
        int run,
        Pixels[][][] groups) {
    static InputGradientPhase of(
            ConvolutionGeometry g,
            int row,
            int column,
            int inputHeight,
            int inputWidth,
            int stripRows,
            int haloTop,
            int haloLeft,
            int paddedWidth,
            boolean mirrored,
            boolean grouped,
            int images,
            int imageFloats) {
        int rows = (inputHeight - 1 - row) / g.strideHeight() + 1;
        int columns = (inputWidth - 1 - column) / g.strideWidth() + 1;
        int each = Math.min(stripRows, rows) * columns;
        int count = images * each;
        int[] pixels = new int[Tiles.wholeTiles(count)];
        int[] targets = new int[pixels.length];
        for (int i = 0; i < count; i++) {
            int image = i / each;
            int down = i % each / columns;
            int across = i % columns;
            int right = mirrored ? -across : across;
            pixels[i] = image * imageFloats + (down * paddedWidth + right) * g.outChannels();
            int targetRow = image * inputHeight + down * g.strideHeight();
            targets[i] = (targetRow * inputWidth + across * g.strideWidth()) * g.inChannels();
        }
        int[] tops = reaching(g.kernelHeight(), row + g.padTop(), g.dilationHeight(), g.strideHeight());
        int[] lefts = reaching(g.kernelWidth(), column + g.padLeft(), g.dilationWidth(), g.strideWidth());
        int outputs = g.outChannels() / g.groups();
        int channels = g.inChannels() / g.groups();
        int[] steps = new int[tops.length * lefts.length * outputs];
        int[] weightRows = new int[steps.length];
        int step = 0;
        for (int kh : tops) {
            int down = (row + g.padTop() - kh * g.dilationHeight()) / g.strideHeight() + haloTop;
            for (int kw : lefts) {
                int across = (column + g.padLeft() - kw * g.dilationWidth()) / g.strideWidth() + haloLeft;
                int right = mirrored ? paddedWidth - 1 - across : across;
                for (int co = 0; co < outputs; co++) {
                    steps[step] = (down * paddedWidth + right) * g.outChannels() + co;
                    weightRows[step++] = (kh * g.kernelWidth() + kw) * channels * g.outChannels() + co;
                }
            }
        }
        boolean joined = mirrored && lefts.length > 1 && steps.length > 0 && steps[outputs] == steps[0] + outputs;
        int run = joined ? lefts.length * outputs : outputs;
        boolean skips = grouped && g.groups() == 1 && run >= Tiles.SHORTEST_RUN;
        PixelGroups.Meeting down = (t, kh) -> isWithin(
                t, row + g.padTop() - tops[kh] * g.dilationHeight(), g.strideHeight(), g.outputHeight(inputHeight));
        PixelGroups.Meeting across = (t, kw) -> isWithin(
                t, column + g.padLeft() - lefts[kw] * g.dilationWidth(), g.strideWidth(), g.outputWidth(inputWidth));
        PixelGroups strip = new PixelGroups(images, each, Math.min(stripRows, rows), columns, pixels, targets, outputs);
        Pixels[][][] groups =
                skips ? strip.ofStrips(rows, tops.length, lefts.length, joined, down, across) : new Pixels[0][][];
        return new InputGradientPhase(row, column, rows, columns, pixels, steps, targets, weightRows, run, groups);
    }

    /** Whether the output row or column that meets a phase's under a place in the kernel is one. */
    private static boolean isWithin(int phasePlace, int distance, int stride, int outputs) {
        int place = phasePlace + distance / stride;
        return place >= 0 && place < outputs;
    }

    /** The kernel rows or columns whose distance from a place is a multiple of the stride, ascending. */
    private static int[] reaching(int kernel, int place, int dilation, int stride) {
        int[] all = new int[kernel];
        int count = 0;
        for (int k = 0; k < kernel; k++) {
            if (Math.floorMod(place - k * dilation, stride) == 0) {
                all[count++] = k;
            }
        }
        return java.util.Arrays.copyOf(all, count);
    }
}
