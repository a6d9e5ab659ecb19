package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ParametricReluLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * ReLU with a learned slope below 0 for each channel (He et al., Delving deep into rectifiers, 2015), and its gradients.
 * Tensors are read as rows that run along their last axis, the channels. Slopes may have any value.
 */
public final class ParametricRelu {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    private ParametricRelu() {}

    /**
     * Computes {@code y[r, c] = x[r, c]} where that is positive, otherwise {@code slope[c] x[r, c]}.
     *
     * @param x the inputs, {@code [..., channels]}
     * @param slope {@code [channels]}
     * @param y receives the results, same shape as x; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps slope, or x without being the same elements
     */
    public static void forward(Tensor x, Tensor slope, Tensor y, Parallelism parallelism) {
        multiply("parametric ReLU", "y", x, x, slope, y, parallelism);
    }

    /**
     * Computes {@code dx[r, c] = dy[r, c]} where {@code x[r, c]} is positive, otherwise {@code slope[c] dy[r, c]}; NaN where
     * x is.
     *
     * @param x the inputs of the forward pass, {@code [..., channels]}
     * @param slope {@code [channels]}
     * @param dy the gradient of the results, same shape as x
     * @param dx receives the gradient of the inputs, same shape; may be x or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps slope, or x or dy without being the same elements
     */
    public static void inputGradient(Tensor x, Tensor slope, Tensor dy, Tensor dx, Parallelism parallelism) {
        Checks.sameShape("parametric ReLU gradient", "x", x, "dy", dy);
        Checks.sameOrApart("parametric ReLU gradient", "dy", dy, "dx", dx);
        multiply("parametric ReLU gradient", "dx", x, dy, slope, dx, parallelism);
    }

    /**
     * Adds the gradient of the slopes, {@code dslope[c] += sum over r of dy[r, c] min(x[r, c], 0)}.
     *
     * <p>The order of operations: the rows are cut into chunks of 256; each chunk's sum begins with +0 and takes its rows in
     * ascending order, each product fused with its addition, rows where x is positive left out; the chunks are added in
     * pairs, 0 + 1, 2 + 3, then 01 + 23, and so on, one without a partner carried up; the total is added to dslope. Without
     * rows, dslope is untouched.
     *
     * @param x the inputs of the forward pass, {@code [..., channels]}
     * @param dy the gradient of the results, same shape as x
     * @param dslope added to, {@code [channels]}; shares no element with x or dy
     * @param parallelism the threads
     * @param workspace scratch memory: one row for each chunk
     * @throws ShapeMismatchException if the shapes do not fit; dslope is untouched then
     * @throws IllegalArgumentException if dslope overlaps x or dy
     */
    public static void slopeGradient(Tensor x, Tensor dy, Tensor dslope, Parallelism parallelism, Workspace workspace) {
        int channels = Checks.channels("parametric ReLU slope gradient", "x", x, "dslope", dslope);
        Checks.sameShape("parametric ReLU slope gradient", "x", x, "dy", dy);
        Checks.apart("parametric ReLU slope gradient", "x", x, "dslope", dslope);
        Checks.apart("parametric ReLU slope gradient", "dy", dy, "dslope", dslope);
        if (x.size() == 0) {
            return;
        }
        PairwiseSum.addRows(
                dslope,
                x.shape().rows(),
                (from, rows, sum, sum0) -> ParametricReluLoops.sum(
                        x.array(),
                        x.offset() + from * channels,
                        dy.array(),
                        dy.offset() + from * channels,
                        rows,
                        channels,
                        sum,
                        sum0),
                parallelism,
                workspace);
    }

    private static void multiply(
            String operation,
            String resultName,
            Tensor x,
            Tensor factor,
            Tensor slope,
            Tensor result,
            Parallelism parallelism) {
        int channels = Checks.channels(operation, "x", x, "slope", slope);
        Checks.sameShape(operation, "x", x, resultName, result);
        Checks.sameOrApart(operation, "x", x, resultName, result);
        Checks.apart(operation, "slope", slope, resultName, result);
        if (x.size() == 0) {
            return;
        }
        parallelism.forRange(
                x.shape().rows(),
                Math.max(1, GRAIN / channels),
                (from, to) -> ParametricReluLoops.multiply(
                        x.array(),
                        x.offset() + from * channels,
                        factor.array(),
                        factor.offset() + from * channels,
                        slope.array(),
                        slope.offset(),
                        result.array(),
                        result.offset() + from * channels,
                        to - from,
                        channels));
    }
}
