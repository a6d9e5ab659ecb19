package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.FloatTransposition;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The input gradient with pixels as the vector axis: input channels are the rows of a product, kernel positions and output
 * channels its steps, input pixels its columns.
 *
 * <p>For images of one or three channels, which would fill a fraction of a vector: 42 GFLOP/s is what oneDNN makes of ResNet's
 * first layer. And for a single small image, with 16 registers a very small one, where the weights, which this reads as they lie, are far more than the
 * pixels, and transposing them would take as long as the products. What is transposed instead is a strip of the output's
 * gradient, with its border of zeros, so that columns that are next to each other in the image are so under each position
 * of the kernel; columns of the border are computed for nothing.
 */
final class InputGradientByPixels {
    /** Up to so many channels. */
    private static final int FEW_CHANNELS = 8;

    /** Up to so many pixels of all images together, with 32 registers. */
    private static final int FEW_PIXELS = 128;

    /**
     * Up to so many pixels of a single image, with 16 registers: 2x2 pixels and 512 channels run at 0.74 of the speed where weights are transposed
     * panel by panel instead, but 4x4 at 1.18, 7x7 at 1.1, and several images, each of which would read all weights here, at 1.4 to 4.3
     * times (Zen 3). With 32 registers that has not been measured.
     */
    private static final int FEW_PIXELS_OF_ONE = 8;

    /** Columns taken at a time, four tiles with 16 registers: for each tile alone, weights would be read once more. */
    private static final int COLUMNS = 64;

    /** Steps taken at a time: those of so many columns stay in a first-level cache. */
    private static final int DEPTH = 32768 / Float.BYTES / COLUMNS;

    /** Rows taken at a time: their weights of one kernel position stay in a second-level cache. Rows of a task, where there are few. */
    private static final int ROWS = 64;

    private static final int L = Lanes.LENGTH;

    private final ConvolutionGeometry geometry;
    private final InputGradientPhase[] phases;
    private final int inputWidth;
    private final int stripRows;
    private final int paddedWidth;
    private final int plane;

    /**
     * Prepares.
     *
     * @param g the convolution, of one group
     * @param phases the places in the stride
     * @param inputWidth columns of an image
     * @param stripRows rows of each phase that are computed at a time
     * @param paddedRows rows of the output's gradient that they meet
     * @param paddedWidth columns that they meet
     */
    InputGradientByPixels(
            ConvolutionGeometry g,
            InputGradientPhase[] phases,
            int inputWidth,
            int stripRows,
            int paddedRows,
            int paddedWidth) {
        this.geometry = g;
        this.phases = phases;
        this.inputWidth = inputWidth;
        this.stripRows = stripRows;
        this.paddedWidth = paddedWidth;
        // A block's last vector, and its shift, may reach past the last pixel: what it computes there is not used.
        this.plane = Math.multiplyExact(paddedRows, paddedWidth) + COLUMNS;
    }

    /** Whether it is to be preferred. */
    static boolean suits(ConvolutionGeometry g, int batch, int inputHeight, int inputWidth) {
        long pixels = (long) batch * inputHeight * inputWidth;
        boolean few = Lanes.REGISTERS == 32 ? pixels <= FEW_PIXELS : batch <= 1 && pixels <= FEW_PIXELS_OF_ONE;
        return g.groups() == 1 && (few || g.inChannels() <= FEW_CHANNELS);
    }

    /** Floats of scratch for each thread, beside the padded strip. */
    int scratchFloats() {
        return Math.addExact(Math.multiplyExact(plane, geometry.outChannels()), geometry.inChannels() * COLUMNS);
    }

    /** Into how many parts the rows are cut, so that there are tasks for all threads. */
    int rowParts(int tasks, int threads) {
        return ColumnParts.count(geometry.inChannels() / ROWS, tasks, threads);
    }

    /** Computes a strip of all phases, some of the channels of its pixels. */
    void strip(
            int firstRow,
            int firstChannel,
            int channels,
            float[] padded,
            int padded0,
            Tensor weights,
            float[] scratch,
            int scratch0,
            float[] dx,
            int dx0) {
        int outputs = geometry.outChannels();
        int pixels = plane - COLUMNS;
        FloatTransposition.run(1, pixels, outputs, padded, padded0, outputs, scratch, scratch0, plane);
        int sums0 = scratch0 + plane * outputs;
        for (InputGradientPhase phase : phases) {
            int rows = Math.min(stripRows, phase.rows() - firstRow);
            int columns = rows * paddedWidth;
            int blocks = Math.ceilDiv(Math.ceilDiv(columns, L), COLUMNS / L);
            int first = dx0 + (phase.row() * inputWidth + phase.column()) * geometry.inChannels() + firstChannel;
            for (int block = 0; block < blocks && rows > 0; block++) {
                // Even parts: a block of one vector would have too few chains.
                int vectors = Math.ceilDiv(columns, L);
                int from = vectors * block / blocks * L;
                int wide = vectors * (block + 1) / blocks * L - from;
                products(phase, firstChannel, channels, from, wide, weights, scratch, scratch0, sums0);
                store(phase, channels, from, Math.min(from + wide, columns), wide, scratch, sums0, dx, first);
            }
        }
    }

    /** The sums of a block of columns, all kernel positions of the phase in ascending order. */
    private void products(
            InputGradientPhase phase,
            int firstChannel,
            int channels,
            int from,
            int wide,
            Tensor weights,
            float[] scratch,
            int gradient0,
            int sums0) {
        int outputs = geometry.outChannels();
        int steps = phase.steps().length;
        if (steps == 0) {
            Arrays.fill(scratch, sums0, sums0 + channels * wide, 0);
        }
        for (int step = 0; step < steps; step += outputs) {
            int shifted = gradient0 + from + phase.steps()[step] / outputs;
            int weight0 = weights.offset() + phase.weightRows()[step] + firstChannel * outputs;
            for (int row = 0; row < channels; row += ROWS) {
                int rows = Math.min(ROWS, channels - row);
                int weight = weight0 + row * outputs;
                int sum = sums0 + row * wide;
                position(rows, wide, weights.array(), weight, scratch, shifted, step > 0, sum);
            }
        }
    }

    /** What one kernel position adds to some rows. */
    private void position(
            int rows, int wide, float[] weights, int weight0, float[] scratch, int shifted, boolean add, int sums0) {
        int outputs = geometry.outChannels();
        for (int p = 0; p < outputs; p += DEPTH) {
            FloatTiles.strided(
                    rows,
                    wide,
                    Math.min(DEPTH, outputs - p),
                    weights,
                    weight0 + p,
                    outputs,
                    1,
                    scratch,
                    shifted + p * plane,
                    plane,
                    null,
                    0,
                    add || p > 0,
                    scratch,
                    sums0,
                    wide);
        }
    }

    /** Stores a block of columns as pixels, row after row. */
    private void store(
            InputGradientPhase phase,
            int channels,
            int from,
            int to,
            int wide,
            float[] sums,
            int sums0,
            float[] dx,
            int dx0) {
        int pixel = geometry.strideWidth() * geometry.inChannels();
        int row = geometry.strideHeight() * inputWidth * geometry.inChannels();
        for (int column = from; column < to; ) {
            int across = column % paddedWidth;
            int count = Math.min(to - column, paddedWidth - across);
            int valid = Math.min(count, phase.columns() - across);
            if (valid > 0) {
                int at = dx0 + column / paddedWidth * row + across * pixel;
                FloatTransposition.run(1, channels, valid, sums, sums0 + column - from, wide, dx, at, pixel);
            }
            column += count;
        }
    }
}
