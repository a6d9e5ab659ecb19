package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * How pooling walks over a batch: along the output rows, in runs of windows that cover equally many pixels at equal
 * distances.
 *
 * @param batch number of images
 * @param channels channels of an image
 * @param rows the windows' rows
 * @param columns the windows' columns
 */
record PoolingWalk(int batch, int channels, PoolingAxis rows, PoolingAxis columns) {
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
         * @param step floats from the first pixel of a window to that of the next
         * @param output0 offset of the first output pixel
         * @param windows how many windows
         */
        void run(int input0, int rows, int columns, int step, int output0, int windows);
    }

    /**
     * Checks the shapes of an input and its output.
     *
     * @param operation the kernel, for the message
     * @param inputName what the kernel calls the input
     * @param input {@code [batch, height, width, channels]}
     * @param outputName what the kernel calls the output
     * @param output {@code [batch, outputHeight, outputWidth, channels]}
     * @param geometry window, stride and padding; null for windows that adapt to the output
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
        if (geometry == null) {
            return adaptive(operation, inputName, input, outputName, output);
        }
        int outputHeight = geometry.outputHeight(extents[1]);
        int outputWidth = geometry.outputWidth(extents[2]);
        int[] expected = {extents[0], outputHeight, outputWidth, extents[3]};
        if (!Arrays.equals(output.shape().toArray(), expected)) {
            throw new ShapeMismatchException(operation + ": " + inputName + " is " + input.shape() + ", " + outputName
                    + " is " + output.shape() + "; it must be " + expected[0] + "x" + expected[1] + "x" + expected[2]
                    + "x" + expected[3]);
        }
        return new PoolingWalk(
                extents[0],
                extents[3],
                PoolingAxis.sliding(
                        extents[1], outputHeight, geometry.kernelHeight(), geometry.strideHeight(), geometry.padTop()),
                PoolingAxis.sliding(
                        extents[2], outputWidth, geometry.kernelWidth(), geometry.strideWidth(), geometry.padLeft()));
    }

    private static PoolingWalk adaptive(
            String operation, String inputName, Tensor input, String outputName, Tensor output) {
        int[] in = input.shape().toArray();
        int[] out = output.shape().toArray();
        boolean fits = out.length == 4
                && out[0] == in[0]
                && out[3] == in[3]
                && Math.min(in[1], in[2]) > 0
                && Math.min(out[1], out[2]) > 0;
        if (!fits) {
            throw new ShapeMismatchException(operation + ": " + inputName + " is " + input.shape() + ", " + outputName
                    + " is " + output.shape() + "; both must be [batch]x[height]x[width]x[channels], of equal batch and"
                    + " channels, with a pixel or more");
        }
        return new PoolingWalk(in[0], in[3], PoolingAxis.adaptive(in[1], out[1]), PoolingAxis.adaptive(in[2], out[2]));
    }

    /** Floats from a pixel to the one below. */
    int rowFloats() {
        return columns.input() * channels;
    }

    /** Tells whether every pixel of an image lies in exactly one window. */
    boolean tiles() {
        return rows.tiles() && columns.tiles();
    }

    /** Walks over all output rows; tasks are groups of rows. */
    void forEachRow(Parallelism parallelism, Run run) {
        long rowInputs = (long) Math.ceilDiv(rows.input(), rows.output()) * rowFloats();
        int grain = (int) Math.max(1, GRAIN / Math.max(1, rowInputs));
        parallelism.forRange(batch * rows.output(), grain, (from, to) -> {
            for (int row = from; row < to; row++) {
                row(row / rows.output(), row % rows.output(), run);
            }
        });
    }

    /**
     * Walks over the windows of a gradient. Where they tile the image, each pixel is written once and tasks are rows of
     * windows; else tasks are images, set to zero first.
     */
    void forEachGradient(Tensor input, Parallelism parallelism, Run run) {
        if (tiles()) {
            forEachRow(parallelism, run);
            return;
        }
        int imageFloats = rows.input() * rowFloats();
        parallelism.forEach(batch, (image, worker) -> {
            int from = input.offset() + image * imageFloats;
            Arrays.fill(input.array(), from, from + imageFloats, 0);
            for (int row = 0; row < rows.output(); row++) {
                row(image, row, run);
            }
        });
    }

    private void row(int image, int row, Run run) {
        int input0 = (image * rows.input() + rows.from()[row]) * rowFloats();
        int output0 = (image * rows.output() + row) * columns.output() * channels;
        for (int column = 0; column < columns.output(); ) {
            int windows = columns.run(column);
            int first = columns.from()[column];
            int step = windows == 1 ? 0 : (columns.from()[column + 1] - first) * channels;
            run.run(
                    input0 + first * channels,
                    rows.size(row),
                    columns.size(column),
                    step,
                    output0 + column * channels,
                    windows);
            column += windows;
        }
    }
}
