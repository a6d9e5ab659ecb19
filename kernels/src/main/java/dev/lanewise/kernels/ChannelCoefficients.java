package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ChannelGradientLoops;
import dev.lanewise.kernels.micro.ChannelLoops;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * What {@link ChannelLoops} multiply by and add: for each part of the rows five rows of channels, center, scale, offset, and
 * for the gradient slope and level. Parts are as in {@link ChannelSums}.
 */
final class ChannelCoefficients {
    /** The rows for each part. */
    static final int KINDS = 5;

    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private final ChannelSums sums;
    private final boolean rectified;
    private final Tensor values;

    /**
     * Takes memory for coefficients.
     *
     * @param sums the parts, rows and channels
     * @param rectified whether ReLU follows
     * @param workspace the memory
     */
    ChannelCoefficients(ChannelSums sums, boolean rectified, Workspace workspace) {
        this.sums = sums;
        this.rectified = rectified;
        // The loops read whole vectors, past the last channel too.
        this.values = workspace.tensor(sums.parts() * KINDS * sums.channels() + Lanes.FLOATS.length());
    }

    /**
     * Sets center, scale and offset of a channel: {@code mean}, {@code weight / root} and {@code bias - rest scale}, in
     * double, rounded once.
     *
     * @param part the part
     * @param c the channel
     * @param mean the mean, rounded to float
     * @param rest what the rounding took
     * @param root what deviations are divided by
     * @param weight what they are multiplied by then
     * @param bias what is added
     */
    void set(int part, int c, float mean, float rest, double root, float weight, float bias) {
        int at = at(part, c);
        int channels = sums.channels();
        float[] k = values.array();
        k[at] = mean;
        k[at + channels] = (float) (weight / root);
        k[at + 2 * channels] = (float) (bias - (double) rest * k[at + channels]);
    }

    /**
     * Returns the scale of a channel.
     *
     * @param part the part
     * @param c the channel
     * @return weight / root
     */
    float scale(int part, int c) {
        return values.array()[at(part, c) + sums.channels()];
    }

    /**
     * Sets slope and level of a channel, so that {@code dx = scale g + slope (d - rest) + level}.
     *
     * @param part the part
     * @param c the channel
     * @param slope of the deviation
     * @param level of all
     * @param rest what the rounding of the mean took
     */
    void setGradient(int part, int c, double slope, double level, float rest) {
        int at = at(part, c);
        int channels = sums.channels();
        float[] k = values.array();
        k[at + 3 * channels] = (float) slope;
        k[at + 4 * channels] = (float) (level - (double) k[at + 3 * channels] * rest);
    }

    private int at(int part, int c) {
        return values.offset() + part * KINDS * sums.channels() + c;
    }

    /**
     * Computes {@code y = fma(x - center, scale, offset)}, rectified if that is wanted.
     *
     * @param x the rows
     * @param y receives the results
     * @param parallelism the threads
     */
    void apply(Tensor x, Tensor y, Parallelism parallelism) {
        int channels = sums.channels();
        forRows(parallelism, (part, row, rows) -> {
            int at = (part * sums.rows() + row) * channels;
            ChannelLoops.apply(
                    x.array(),
                    x.offset() + at,
                    rows,
                    channels,
                    values.array(),
                    at(part, 0),
                    channels,
                    rectified,
                    y.array(),
                    y.offset() + at);
        });
    }

    /**
     * Computes the sums that slope and level depend on: those of g and of g times the deviations.
     *
     * @param x the rows
     * @param dy the gradients of the results
     * @param gradients receives the sum for each channel of each part
     * @param products receives the sums of products
     * @param parallelism the threads
     * @param workspace scratch memory: two rows for each chunk
     */
    void gradientSums(
            Tensor x, Tensor dy, double[] gradients, double[] products, Parallelism parallelism, Workspace workspace) {
        sums.gradients(x, dy, values, rectified, gradients, products, parallelism, workspace);
    }

    /**
     * Computes {@code dx = fma(g, scale, fma(x - center, slope, level))}.
     *
     * @param x the rows
     * @param dy the gradients of the results
     * @param dx receives the gradients of the inputs
     * @param parallelism the threads
     */
    void applyGradient(Tensor x, Tensor dy, Tensor dx, Parallelism parallelism) {
        int channels = sums.channels();
        forRows(parallelism, (part, row, rows) -> {
            int at = (part * sums.rows() + row) * channels;
            ChannelGradientLoops.gradient(
                    x.array(),
                    x.offset() + at,
                    dy.array(),
                    dy.offset() + at,
                    rows,
                    channels,
                    values.array(),
                    at(part, 0),
                    channels,
                    rectified,
                    dx.array(),
                    dx.offset() + at);
        });
    }

    /** Some rows of a part. */
    @FunctionalInterface
    private interface Rows {
        void run(int part, int row, int rows);
    }

    private void forRows(Parallelism parallelism, Rows some) {
        int grain = Math.clamp(GRAIN / sums.channels(), 1, sums.rows());
        int pieces = (sums.rows() - 1) / grain + 1;
        int perTask = Math.max(1, GRAIN / (grain * sums.channels()));
        int all = sums.parts() * pieces;
        parallelism.forEach((all - 1) / perTask + 1, (task, worker) -> {
            for (int i = task * perTask; i < Math.min(all, (task + 1) * perTask); i++) {
                int row = i % pieces * grain;
                some.run(i / pieces, row, Math.min(grain, sums.rows() - row));
            }
        });
    }
}
