package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.PoolingLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Maximum and average over the windows of an image, forward and backward. Images are {@code [batch, height, width,
 * channels]}; each channel is pooled on its own.
 *
 * <p>Window order is rows first: {@code (0, 0), (0, 1), ...}. Padding has no value: it is never a maximum, and it is not
 * counted in an average (PyTorch's {@code count_include_pad=False}, ONNX's {@code count_include_pad=0}), so that the
 * average of a constant image is that constant at the border too.
 */
public final class Pooling {
    private Pooling() {}

    /**
     * Computes the maximum of each window.
     *
     * <p>Taken in window order, a value replaces the maximum so far if it is greater or NaN: NaN wins, and of equal values
     * (+0 and -0 are equal) the first. The result is exact.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y receives the maxima, {@code [batch, outputHeight, outputWidth, channels]}; shares no element with x
     * @param geometry window, stride and padding
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit the geometry; y is untouched then
     * @throws IllegalArgumentException if the window does not fit into the image, or y overlaps x
     */
    public static void maxForward(Tensor x, Tensor y, PoolingGeometry geometry, Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of("max pooling", "x", x, "y", y, geometry);
        Checks.apart("max pooling", "x", x, "y", y);
        int rowFloats = walk.rowFloats();
        int step = walk.windowFloats();
        int channels = walk.channels();
        walk.forEachRow(
                parallelism,
                (input0, rows, columns, output0, windows) -> PoolingLoops.max(
                        x.array(),
                        x.offset() + input0,
                        rows,
                        columns,
                        rowFloats,
                        step,
                        channels,
                        y.array(),
                        y.offset() + output0,
                        windows));
    }

    /**
     * Computes the gradient of the input of {@link #maxForward}: each window's {@code dy} goes to the first of its pixels,
     * in window order, that equals the maximum or is NaN.
     *
     * <p>The order of operations: an element of dx begins with +0 and adds its windows in ascending order, each with its
     * {@code dy} or, if another pixel is its maximum, +0.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y the maxima, as {@link #maxForward} computed them from x: {@code [batch, outputHeight, outputWidth,
     *     channels]}
     * @param dy the gradient of the maxima, same shape as y
     * @param dx receives the gradient of the images, same shape as x; shares no element with the others
     * @param geometry window, stride and padding
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit the geometry; dx is untouched then
     * @throws IllegalArgumentException if the window does not fit into the image, or dx overlaps another argument
     */
    public static void maxGradient(
            Tensor x, Tensor y, Tensor dy, Tensor dx, PoolingGeometry geometry, Parallelism parallelism) {
        String operation = "max pooling gradient";
        PoolingWalk walk = PoolingWalk.of(operation, "x", x, "y", y, geometry);
        Checks.sameShape(operation, "y", y, "dy", dy);
        Checks.sameShape(operation, "x", x, "dx", dx);
        Checks.apart(operation, "x", x, "dx", dx);
        Checks.apart(operation, "y", y, "dx", dx);
        Checks.apart(operation, "dy", dy, "dx", dx);
        int rowFloats = walk.rowFloats();
        int step = walk.windowFloats();
        int channels = walk.channels();
        boolean tiles = walk.tiles();
        PoolingWalk.Run run = (input0, rows, columns, output0, windows) -> PoolingLoops.maxGradient(
                x.array(),
                x.offset() + input0,
                rows,
                columns,
                rowFloats,
                step,
                channels,
                y.array(),
                y.offset() + output0,
                dy.array(),
                dy.offset() + output0,
                dx.array(),
                dx.offset() + input0,
                windows,
                !tiles);
        if (tiles) {
            walk.forEachRow(parallelism, run);
        } else {
            walk.forEachImage(dx, parallelism, run);
        }
    }

    /**
     * Computes the average of each window: the sum of the pixels that it covers, divided by their number. Padding is not
     * counted.
     *
     * <p>The order of operations: a sum begins with +0 and takes the pixels in window order; then one division.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y receives the averages, {@code [batch, outputHeight, outputWidth, channels]}; shares no element with x
     * @param geometry window, stride and padding
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit the geometry; y is untouched then
     * @throws IllegalArgumentException if the window does not fit into the image, or y overlaps x
     */
    public static void averageForward(Tensor x, Tensor y, PoolingGeometry geometry, Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of("average pooling", "x", x, "y", y, geometry);
        Checks.apart("average pooling", "x", x, "y", y);
        int rowFloats = walk.rowFloats();
        int step = walk.windowFloats();
        int channels = walk.channels();
        walk.forEachRow(
                parallelism,
                (input0, rows, columns, output0, windows) -> PoolingLoops.average(
                        x.array(),
                        x.offset() + input0,
                        rows,
                        columns,
                        rowFloats,
                        step,
                        channels,
                        y.array(),
                        y.offset() + output0,
                        windows));
    }

    /**
     * Computes the gradient of the input of {@link #averageForward}, its adjoint: each window gives {@code dy}, divided by
     * the number of pixels that it covers, to all of them.
     *
     * <p>The order of operations: an element of dx begins with +0 and adds the quotients of its windows in ascending
     * order.
     *
     * @param dy the gradient of the averages, {@code [batch, outputHeight, outputWidth, channels]}
     * @param dx receives the gradient of the images, {@code [batch, height, width, channels]}; shares no element with dy
     * @param geometry window, stride and padding
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit the geometry; dx is untouched then
     * @throws IllegalArgumentException if the window does not fit into the image, or dx overlaps dy
     */
    public static void averageGradient(Tensor dy, Tensor dx, PoolingGeometry geometry, Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of("average pooling gradient", "dx", dx, "dy", dy, geometry);
        Checks.apart("average pooling gradient", "dy", dy, "dx", dx);
        int rowFloats = walk.rowFloats();
        int step = walk.windowFloats();
        int channels = walk.channels();
        boolean tiles = walk.tiles();
        PoolingWalk.Run run = (input0, rows, columns, output0, windows) -> PoolingLoops.averageGradient(
                dy.array(),
                dy.offset() + output0,
                rows,
                columns,
                rowFloats,
                step,
                channels,
                dx.array(),
                dx.offset() + input0,
                windows,
                !tiles);
        if (tiles) {
            walk.forEachRow(parallelism, run);
        } else {
            walk.forEachImage(dx, parallelism, run);
        }
    }
}
