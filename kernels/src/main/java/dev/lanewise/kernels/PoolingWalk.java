package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * How pooling walks over a batch: along the output rows, in runs of windows that cover equally many pixels.
 *
 * @param geometry window, stride and padding
 * @param batch number of images
 * @param height rows of an image
 * @param width columns of an image
 * @param channels channels of an image
 * @param outputHeight rows of the output
 * @param outputWidth columns of the output
 */
record PoolingWalk(
        PoolingGeometry geometry, int batch, int height, int width, int channels, int outputHeight, int outputWidth) {
    /** Elements of input that a task covers, at least: some microseconds of work. */
    private static final int GRAIN = 1 << 14;

    /** What is done with windows that lie side by side. Offsets count from the first element of a tensor. */
    @FunctionalInterface
    interface Run {
        /**
         * Does the work for a run of windows.
         *
         * @param input0 offset of the first pixel that the first window covers
         * @param rows rows that each window covers
         * @param columns columns that each window covers
         * @param output0 offset of the first output pixel
         * @param windows how many windows
         */
        void run(int input0, int rows, int columns, int output0, int windows);
    }

    /**
     * Checks the shapes of an input and its output.
     *
     * @param operation the kernel, for the message
     * @param inputName what the kernel calls the input
     * @param input {@code [batch, height, width, channels]}
     * @param outputName what the kernel calls the output
     * @param output {@code [batch, outputHeight, outputWidth, channels]}
     * @param geometry window, stride and padding
     * @return the walk
     * @throws ShapeMismatchException if the shapes do not fit the geometry
     */
    static PoolingWalk of(
            String operation,
            String inputName,
            Tensor input,
            String outputName,
            Tensor output,
            PoolingGeometry geometry) {
        if (input.shape().rank() != 4) {
            throw new ShapeMismatchException(operation + ": " + inputName + " is " + input.shape()
                    + "; it must have 4 axes: batch, height, width, channels");
        }
        int[] extents = input.shape().toArray();
        PoolingWalk walk = new PoolingWalk(
                geometry,
                extents[0],
                extents[1],
                extents[2],
                extents[3],
                geometry.outputHeight(extents[1]),
                geometry.outputWidth(extents[2]));
        int[] expected = {walk.batch, walk.outputHeight, walk.outputWidth, walk.channels};
        if (!Arrays.equals(output.shape().toArray(), expected)) {
            throw new ShapeMismatchException(operation + ": " + inputName + " is " + input.shape() + ", " + outputName
                    + " is " + output.shape() + "; it must be " + expected[0] + "x" + expected[1] + "x" + expected[2]
                    + "x" + expected[3]);
        }
        return walk;
    }

    /** Floats from a pixel to the one below. */
    int rowFloats() {
        return width * channels;
    }

    /** Floats from the first pixel of a window to that of the window at its right. */
    int windowFloats() {
        return geometry.strideWidth() * channels;
    }

    /** Tells whether every pixel of an image lies in exactly one window. */
    boolean tiles() {
        boolean vertically = outputHeight == 1 || geometry.strideHeight() == geometry.kernelHeight();
        boolean horizontally = outputWidth == 1 || geometry.strideWidth() == geometry.kernelWidth();
        int bottom = (outputHeight - 1) * geometry.strideHeight() + geometry.kernelHeight() - geometry.padTop();
        int right = (outputWidth - 1) * geometry.strideWidth() + geometry.kernelWidth() - geometry.padLeft();
        return vertically && horizontally && bottom >= height && right >= width;
    }

    /** Walks over all output rows; tasks are groups of rows. */
    void forEachRow(Parallelism parallelism, Run run) {
        long rowInputs = (long) geometry.strideHeight() * rowFloats();
        int grain = (int) Math.max(1, GRAIN / Math.max(1, rowInputs));
        parallelism.forRange(batch * outputHeight, grain, (from, to) -> {
            for (int row = from; row < to; row++) {
                row(row / outputHeight, row % outputHeight, run);
            }
        });
    }

    /** Walks over all images; tasks are images, whose input is first set to zero. */
    void forEachImage(Tensor input, Parallelism parallelism, Run run) {
        int imageFloats = height * rowFloats();
        parallelism.forEach(batch, (image, worker) -> {
            int from = input.offset() + image * imageFloats;
            Arrays.fill(input.array(), from, from + imageFloats, 0);
            for (int row = 0; row < outputHeight; row++) {
                row(image, row, run);
            }
        });
    }

    private void row(int image, int outputRow, Run run) {
        int top = outputRow * geometry.strideHeight() - geometry.padTop();
        int first = Math.max(top, 0);
        int rows = Math.min(top + geometry.kernelHeight(), height) - first;
        int input0 = (image * height + first) * rowFloats();
        int output0 = (image * outputHeight + outputRow) * outputWidth * channels;
        // Windows that reach over neither side are one run; each of the others is its own.
        int inside = Math.min(outputWidth, Math.ceilDiv(geometry.padLeft(), geometry.strideWidth()));
        int past = Math.floorDiv(width + geometry.padLeft() - geometry.kernelWidth(), geometry.strideWidth()) + 1;
        int outside = Math.max(inside, Math.min(outputWidth, past));
        for (int column = 0; column < outputWidth; ) {
            int left = column * geometry.strideWidth() - geometry.padLeft();
            int start = Math.max(left, 0);
            int columns = Math.min(left + geometry.kernelWidth(), width) - start;
            int windows = column == inside && inside < outside ? outside - inside : 1;
            run.run(input0 + start * channels, rows, columns, output0 + column * channels, windows);
            column += windows;
        }
    }
}
