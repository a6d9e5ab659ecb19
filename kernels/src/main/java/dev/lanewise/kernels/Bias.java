package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.BiasLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Adds one value for each channel to every row, and the gradient of that. Tensors are read as rows that run along their
 * last axis, the channels.
 */
public final class Bias {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private Bias() {}

    /**
     * Computes {@code y[r, c] = x[r, c] + bias[c]}.
     *
     * @param x the rows, {@code [..., channels]}
     * @param bias {@code [channels]}
     * @param y receives the sums, same shape as x; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps bias, or x without being the same elements
     */
    public static void add(Tensor x, Tensor bias, Tensor y, Parallelism parallelism) {
        int channels = Checks.channels("bias", "x", x, "bias", bias);
        Checks.sameShape("bias", "x", x, "y", y);
        Checks.sameOrApart("bias", "x", x, "y", y);
        Checks.apart("bias", "bias", bias, "y", y);
        if (x.size() == 0) {
            return;
        }
        parallelism.forRange(
                x.shape().rows(),
                Math.max(1, GRAIN / channels),
                (from, to) -> BiasLoops.add(
                        x.array(),
                        x.offset() + from * channels,
                        bias.array(),
                        bias.offset(),
                        y.array(),
                        y.offset() + from * channels,
                        to - from,
                        channels));
    }

    /**
     * Adds the gradient of the bias, {@code dbias[c] += sum over r of dy[r, c]}.
     *
     * <p>The order of operations: the rows are cut into chunks of 256; each chunk's sum begins with +0 and takes its rows
     * in ascending order; the chunks are added in pairs, 0 + 1, 2 + 3, then 01 + 23, and so on, one without a partner
     * carried up; the total is added to dbias. Without rows, dbias is untouched.
     *
     * @param dy the gradient of the sums, {@code [..., channels]}
     * @param dbias added to, {@code [channels]}; shares no element with dy
     * @param parallelism the threads
     * @param workspace scratch memory: one row for each chunk
     * @throws ShapeMismatchException if the shapes do not fit; dbias is untouched then
     * @throws IllegalArgumentException if dbias overlaps dy
     */
    public static void gradient(Tensor dy, Tensor dbias, Parallelism parallelism, Workspace workspace) {
        int channels = Checks.channels("bias gradient", "dy", dy, "dbias", dbias);
        Checks.apart("bias gradient", "dy", dy, "dbias", dbias);
        if (dy.size() == 0) {
            return;
        }
        PairwiseSum.addRows(
                dbias,
                dy.shape().rows(),
                (from, rows, sum, sum0) ->
                        BiasLoops.sum(dy.array(), dy.offset() + from * channels, rows, channels, sum, sum0),
                parallelism,
                workspace);
    }
}
