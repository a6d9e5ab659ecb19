package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Pixels;
import dev.lanewise.kernels.micro.Tiles;
import dev.lanewise.tensor.Tensor;

/**
 * How a convolution walks over an image: in strips of output rows, whose part of the input, with its border of zeros, fits
 * in a cache.
 *
 * <p>Within a strip, the input element of output pixel {@code i} and kernel position {@code p} is at {@code pixels[i] +
 * patch[p]}; channels of a group are its number times {@code inChannels / groups} further.
 *
 * @param geometry the convolution
 * @param inputHeight rows of an image
 * @param inputWidth columns of an image
 * @param outputHeight rows of the output
 * @param outputWidth columns of the output
 * @param rows output rows of a strip; the last may have fewer
 * @param paddedWidth columns of the strip's input, the border included
 * @param images how many images may be taken together: several, if one strip is a whole image and copied
 * @param copied whether the strip is copied because of a border, or lies in the image itself
 * @param pixels offsets of the output pixels of a strip, in whole tiles
 * @param lastPixels likewise of the last strip: a tile's rows past the last pixel must not look past the image's end
 * @param patch offsets of the kernel positions of one group, in whole tiles
 * @param outputs offsets of the output pixels in the output, in whole tiles
 */
record Strips(
        ConvolutionGeometry geometry,
        int inputHeight,
        int inputWidth,
        int outputHeight,
        int outputWidth,
        int rows,
        int paddedWidth,
        int images,
        boolean copied,
        int[] pixels,
        int[] lastPixels,
        int[] patch,
        int[] outputs) {
    /** A strip's input is at most 512 KiB, half of a second-level cache, if a single row is not more. */
    static final int STRIP_FLOATS = 1 << 17;

    /** Output pixels of a strip, at most, if a single row is not more: with 256 columns 400 KiB. */
    static final int STRIP_PIXELS = 400;

    static Strips of(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        int outputHeight = g.outputHeight(inputHeight);
        int outputWidth = g.outputWidth(inputWidth);
        boolean copied = g.padTop() + g.padBottom() + g.padLeft() + g.padRight() > 0;
        int paddedWidth = inputWidth + g.padLeft() + g.padRight();
        int rowFloats = Math.multiplyExact(paddedWidth, g.inChannels());
        int kernelRows = (g.kernelHeight() - 1) * g.dilationHeight() + 1;
        int fitting =
                Math.min((STRIP_FLOATS / rowFloats - kernelRows) / g.strideHeight() + 1, STRIP_PIXELS / outputWidth);
        int rows = Math.clamp(fitting, 1, outputHeight);
        int floats = Math.multiplyExact(rowFloats, inputRows(g, rows));
        int images = copied && rows == outputHeight ? ImageGroups.most(rows * outputWidth, floats) : 1;
        return new Strips(
                g,
                inputHeight,
                inputWidth,
                outputHeight,
                outputWidth,
                rows,
                paddedWidth,
                images,
                copied,
                pixels(g, images, floats, rows, outputWidth, paddedWidth),
                pixels(g, images, floats, (outputHeight - 1) % rows + 1, outputWidth, paddedWidth),
                patch(g, paddedWidth),
                Tiles.offsets(Tiles.wholeTiles(images * rows * outputWidth), g.outChannels()));
    }

    /** How many strips an image has. */
    int count() {
        return (outputHeight + rows - 1) / rows;
    }

    /** Output rows of one strip. */
    int rowsOf(int strip) {
        return Math.min(rows, outputHeight - strip * rows);
    }

    /** Floats of scratch that a strip's input takes, of one image; 0 if it lies in the image. */
    int scratchFloats() {
        return copied ? inputRows(geometry, rows) * paddedWidth * geometry.inChannels() : 0;
    }

    /** Kernel positions of one group: the length of each sum of the forward pass. */
    int patchSize() {
        return geometry.kernelHeight() * geometry.kernelWidth() * (geometry.inChannels() / geometry.groups());
    }

    /** How many kernel positions at a time are next to each other: the channels of a pixel, or of all under a kernel row. */
    int run() {
        boolean rowsAreWhole = geometry.groups() == 1 && geometry.dilationWidth() == 1;
        return (rowsAreWhole ? geometry.kernelWidth() : 1) * (geometry.inChannels() / geometry.groups());
    }

    /**
     * Returns where a strip of some images starts, the element of output pixel 0 and kernel position 0: in the first image, or,
     * if it is copied, in the worker's part of the scratch memory.
     */
    int input(Tensor x, int firstImage, int images, int strip, Tensor scratch, int worker) {
        int firstRow = strip * rows * geometry.strideHeight() - geometry.padTop();
        int imageFloats = inputHeight * inputWidth * geometry.inChannels();
        int image0 = x.offset() + firstImage * imageFloats;
        if (!copied) {
            return image0 + firstRow * inputWidth * geometry.inChannels();
        }
        int scratch0 = scratch.offset() + worker * scratch.shape().extent(1);
        for (int image = 0; image < images; image++) {
            Padding.copy(
                    false,
                    x.array(),
                    image0 + image * imageFloats,
                    inputHeight,
                    inputWidth,
                    geometry.inChannels(),
                    firstRow,
                    inputRows(geometry, rowsOf(strip)),
                    geometry.padLeft(),
                    paddedWidth,
                    scratch.array(),
                    scratch0 + image * scratchFloats());
        }
        return scratch0;
    }

    /** The pixels of each strip by the positions of the kernel that are in the image. */
    Pixels[][][] groups() {
        PixelGroups strip =
                new PixelGroups(images, rows * outputWidth, rows, outputWidth, pixels, outputs, geometry.inChannels());
        return strip.ofStrips(
                outputHeight,
                geometry.kernelHeight(),
                geometry.kernelWidth(),
                run() > geometry.inChannels(),
                this::isRow,
                this::isColumn);
    }

    /** Whether an output row meets the image under a row of the kernel. */
    private boolean isRow(int outputRow, int kh) {
        int row = outputRow * geometry.strideHeight() - geometry.padTop() + kh * geometry.dilationHeight();
        return row >= 0 && row < inputHeight;
    }

    private boolean isColumn(int outputColumn, int kw) {
        int column = outputColumn * geometry.strideWidth() - geometry.padLeft() + kw * geometry.dilationWidth();
        return column >= 0 && column < inputWidth;
    }

    private static int inputRows(ConvolutionGeometry g, int outputRows) {
        return (outputRows - 1) * g.strideHeight() + (g.kernelHeight() - 1) * g.dilationHeight() + 1;
    }

    private static int[] pixels(
            ConvolutionGeometry g, int images, int imageFloats, int rows, int outputWidth, int paddedWidth) {
        int[] pixels = new int[Tiles.wholeTiles(images * rows * outputWidth)];
        for (int i = 0; i < images * rows * outputWidth; i++) {
            int image = i / (rows * outputWidth);
            int row = i / outputWidth % rows * g.strideHeight();
            int column = i % outputWidth * g.strideWidth();
            pixels[i] = image * imageFloats + (row * paddedWidth + column) * g.inChannels();
        }
        return pixels;
    }

    private static int[] patch(ConvolutionGeometry g, int paddedWidth) {
        int channels = g.inChannels() / g.groups();
        int size = g.kernelHeight() * g.kernelWidth() * channels;
        int[] patch = new int[Tiles.wholeTiles(size)];
        for (int p = 0; p < size; p++) {
            int position = p / channels;
            int row = position / g.kernelWidth() * g.dilationHeight();
            int column = position % g.kernelWidth() * g.dilationWidth();
            patch[p] = (row * paddedWidth + column) * g.inChannels() + p % channels;
        }
        return patch;
    }
}
