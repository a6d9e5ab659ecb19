package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatPanelTiles;
import dev.lanewise.kernels.micro.Runs;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * Copies the part of some images that lies under some output pixels, with a border of zeros, so that what a kernel position meets
 * is found at {@code place of the position + place of the pixel}. The positions come in tiles of rows that are next to each other.
 */
final class PatchStrips {
    /** A cache line. */
    private static final int LINE = 64 / Float.BYTES;

    /**
     * Channels that are a multiple of this number would have the pixels of {@link FloatPanelTiles#DEPTH} steps on so few sets of a
     * first-level cache that they drive each other out; a cache line is left free between them.
     */
    private static final int CROWDED = 128;

    /** Channels up to which strips are faster with 16 registers too. */
    private static final int FEW_CHANNELS = 32;

    /** A strip is at most 256 KiB, unless {@link FloatPanelTiles#DEPTH} pixels take more: a quarter of a second-level cache. */
    private static final int MOST_FLOATS = 1 << 16;

    private final ConvolutionGeometry geometry;
    private final int inputHeight;
    private final int inputWidth;
    private final int outputWidth;
    private final int outputPixels;

    /** From pixel to pixel. */
    private final int pixelStep;

    private final int paddedWidth;
    private final int kernelRows;
    private final int pixels;
    private final int[] places;
    private final int[] rows;

    PatchStrips(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.inputHeight = inputHeight;
        this.inputWidth = inputWidth;
        this.outputWidth = g.outputWidth(inputWidth);
        this.outputPixels = g.outputHeight(inputHeight) * outputWidth;
        this.pixelStep = pixelStep(g);
        this.paddedWidth = inputWidth + g.padLeft() + g.padRight();
        this.kernelRows = kernelRows(g);
        int fitting = FloatPanelTiles.DEPTH;
        while (fitting < outputPixels && floats(g, inputHeight, inputWidth, 2 * fitting) <= MOST_FLOATS) {
            fitting *= 2;
        }
        this.pixels = fitting;
        // The channels under a row of the kernel, or of one position.
        boolean joined = g.dilationWidth() == 1 && pixelStep == g.inChannels();
        int run = joined ? g.kernelWidth() * g.inChannels() : g.inChannels();
        int runs = joined ? g.kernelHeight() : g.kernelHeight() * g.kernelWidth();
        int each = Math.ceilDiv(run, FloatPanelTiles.ROWS);
        this.places = new int[runs * each];
        this.rows = new int[runs * each + 1];
        for (int t = 0; t < places.length; t++) {
            int position = t / each * (joined ? g.kernelWidth() : 1);
            int down = position / g.kernelWidth() * g.dilationHeight();
            int right = position % g.kernelWidth() * g.dilationWidth();
            int first = run * (t % each) / each;
            places[t] = (down * paddedWidth + right) * pixelStep + first;
            rows[t] = t / each * run + first;
        }
        rows[places.length] = runs * run;
    }

    /**
     * Whether strips are worth while: a kernel of one pixel has nothing that several positions meet, and of wide images, whose rows
     * are copied as a whole, a strip would be more than what is gathered from it. With 16 registers the smaller
     * tiles are limited by instructions, and three more for each step cost what few channels alone gain by not being gathered: 128
     * images of 32x32 with 64 channels ran at 0.97 of the speed, with one channel at 2.2 times (AVX2; 1.16 and 3.2 with AVX-512).
     */
    static boolean suits(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        int positions = g.kernelHeight() * g.kernelWidth();
        if (g.groups() > 1 || positions == 1 || g.outChannels() < Lanes.LENGTH) {
            return false;
        }
        long gathered = (long) FloatPanelTiles.DEPTH * positions * g.inChannels();
        boolean few = Lanes.REGISTERS == 32 || g.inChannels() <= FEW_CHANNELS;
        return few && floats(g, inputHeight, inputWidth, FloatPanelTiles.DEPTH) <= gathered;
    }

    private static int pixelStep(ConvolutionGeometry g) {
        return g.inChannels() % CROWDED == 0 ? g.inChannels() + LINE : g.inChannels();
    }

    private static int kernelRows(ConvolutionGeometry g) {
        return (g.kernelHeight() - 1) * g.dilationHeight() + 1;
    }

    /**
     * Floats that some output pixels take, at most: each image begins with a row of the output that is used in part, and ends with
     * one.
     */
    private static long floats(ConvolutionGeometry g, int inputHeight, int inputWidth, int count) {
        long outputWidth = g.outputWidth(inputWidth);
        long outputRows = (count - 2) / outputWidth + 2;
        long images = (count - 2) / (outputWidth * g.outputHeight(inputHeight)) + 2;
        long inputRows = outputRows * g.strideHeight() + images * kernelRows(g);
        return inputRows * (inputWidth + g.padLeft() + g.padRight()) * pixelStep(g);
    }

    /** Output pixels of a strip. */
    int pixels() {
        return pixels;
    }

    /** Floats of scratch that a strip takes, with what {@link Runs} writes behind it. */
    int floats() {
        return Math.toIntExact(floats(geometry, inputHeight, inputWidth, pixels) + Lanes.LENGTH);
    }

    /** Where the first element of each tile is. */
    int[] places() {
        return places;
    }

    /** The first row of each tile, and the row behind the last one. */
    int[] rows() {
        return rows;
    }

    /**
     * Copies a strip.
     *
     * @param x the images
     * @param pixel the first output pixel, counted through all images
     * @param count how many
     * @param target receives the strip
     * @param target0 where it starts
     * @param steps receives the place of each pixel
     * @param step0 where to
     */
    void copy(Tensor x, int pixel, int count, float[] target, int target0, int[] steps, int step0) {
        int to = 0;
        for (int done = 0; done < count; ) {
            int image = (pixel + done) / outputPixels;
            int first = (pixel + done) % outputPixels;
            int some = Math.min(count - done, outputPixels - first);
            int firstRow = first / outputWidth;
            int lastRow = (first + some - 1) / outputWidth;
            int height = (lastRow - firstRow) * geometry.strideHeight() + kernelRows;
            copyRows(x, image, firstRow * geometry.strideHeight() - geometry.padTop(), height, target, target0 + to);
            int row = firstRow;
            int column = first % outputWidth;
            for (int i = 0; i < some; i++) {
                int down = (row - firstRow) * geometry.strideHeight();
                steps[step0 + done + i] = to + (down * paddedWidth + column * geometry.strideWidth()) * pixelStep;
                if (++column == outputWidth) {
                    column = 0;
                    row++;
                }
            }
            to += height * paddedWidth * pixelStep;
            done += some;
        }
    }

    private void copyRows(Tensor x, int image, int firstRow, int height, float[] target, int target0) {
        int channels = geometry.inChannels();
        int left = geometry.padLeft();
        int from = x.offset() + image * inputHeight * inputWidth * channels;
        if (pixelStep == channels) {
            Padding.copy(
                    false,
                    x.array(),
                    from,
                    inputHeight,
                    inputWidth,
                    channels,
                    firstRow,
                    height,
                    left,
                    paddedWidth,
                    target,
                    target0);
            return;
        }
        int rowFloats = paddedWidth * pixelStep;
        for (int row = 0; row < height; row++) {
            int to = target0 + row * rowFloats;
            int line = firstRow + row;
            if (line < 0 || line >= inputHeight) {
                Arrays.fill(target, to, to + rowFloats, 0);
                continue;
            }
            Arrays.fill(target, to, to + left * pixelStep, 0);
            for (int column = 0; column < inputWidth; column++) {
                int pixel = from + (line * inputWidth + column) * channels;
                Runs.copy(x.array(), pixel, target, to + (left + column) * pixelStep, channels);
            }
            Arrays.fill(target, to + (left + inputWidth) * pixelStep, to + rowFloats, 0);
        }
    }
}
