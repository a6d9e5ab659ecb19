package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.AveragePoolingLoops;
import dev.lanewise.kernels.micro.MaxPoolingGradientLoops;
import dev.lanewise.kernels.micro.MaxPoolingLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Maximum and average over the windows of an image, forward and backward. Images are {@code [batch, height, width,
 * channels]}; each channel is pooled on its own.
 *
 * <p>Window order is rows first: {@code (0, 0), (0, 1), ...}. Padding has no value: it is never a maximum, and unless told
 * so it is not counted in an average (PyTorch's {@code count_include_pad=False}, ONNX's {@code count_include_pad=0}), so
 * that the average of a constant image is that constant at the border too.
 *
 * <p>Adaptive pooling has windows that follow from the two shapes: output row {@code i} of {@code n} covers input rows
 * {@code floor(i height / n)} to below {@code ceil((i + 1) height / n)}, likewise the columns (PyTorch's
 * {@code AdaptiveMaxPool2d}, {@code AdaptiveAvgPool2d}). With an output of one pixel it is global pooling.
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
        maxForward("max pooling", x, y, geometry, parallelism);
    }

    /**
     * Computes the maximum of each window of adaptive pooling, by the rules of {@link #maxForward}.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y receives the maxima, {@code [batch, outputHeight, outputWidth, channels]}, of any height and width from 1;
     *     shares no element with x
     * @param parallelism the threads
     * @throws ShapeMismatchException if batch or channels differ, or an image has no pixel; y is untouched then
     * @throws IllegalArgumentException if y overlaps x
     */
    public static void adaptiveMaxForward(Tensor x, Tensor y, Parallelism parallelism) {
        maxForward("adaptive max pooling", x, y, null, parallelism);
    }

    private static void maxForward(
            String operation, Tensor x, Tensor y, PoolingGeometry geometry, Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of(operation, "x", x, "y", y, geometry);
        Checks.apart(operation, "x", x, "y", y);
        int rowFloats = walk.rowFloats();
        int channels = walk.channels();
        walk.forEachRow(
                parallelism,
                (input0, rows, columns, step, output0, windows) -> MaxPoolingLoops.max(
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
        maxGradient("max pooling gradient", x, y, dy, dx, geometry, parallelism);
    }

    /**
     * Computes the gradient of the input of {@link #adaptiveMaxForward}, by the rules and in the order of {@link
     * #maxGradient}.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y the maxima, as {@link #adaptiveMaxForward} computed them from x
     * @param dy the gradient of the maxima, same shape as y
     * @param dx receives the gradient of the images, same shape as x; shares no element with the others
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps another argument
     */
    public static void adaptiveMaxGradient(Tensor x, Tensor y, Tensor dy, Tensor dx, Parallelism parallelism) {
        maxGradient("adaptive max pooling gradient", x, y, dy, dx, null, parallelism);
    }

    private static void maxGradient(
            String operation,
            Tensor x,
            Tensor y,
            Tensor dy,
            Tensor dx,
            PoolingGeometry geometry,
            Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of(operation, "x", x, "y", y, geometry);
        Checks.sameShape(operation, "y", y, "dy", dy);
        Checks.sameShape(operation, "x", x, "dx", dx);
        Checks.apart(operation, "x", x, "dx", dx);
        Checks.apart(operation, "y", y, "dx", dx);
        Checks.apart(operation, "dy", dy, "dx", dx);
        int rowFloats = walk.rowFloats();
        int channels = walk.channels();
        boolean tiles = walk.tiles();
        walk.forEachGradient(
                dx,
                parallelism,
                (input0, rows, columns, step, output0, windows) -> MaxPoolingGradientLoops.maxGradient(
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
                        !tiles));
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
        averageForward(x, y, geometry, false, parallelism);
    }

    /**
     * Computes the average of each window, with padding counted or not: the sum of the pixels that it covers, divided by
     * their number, or by the size of the window (PyTorch's {@code count_include_pad=True}).
     *
     * <p>The order of operations: a sum begins with +0 and takes the pixels in window order; then one division.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y receives the averages, {@code [batch, outputHeight, outputWidth, channels]}; shares no element with x
     * @param geometry window, stride and padding
     * @param countPadding whether padding counts, as zeros do
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit the geometry; y is untouched then
     * @throws IllegalArgumentException if the window does not fit into the image, or y overlaps x
     */
    public static void averageForward(
            Tensor x, Tensor y, PoolingGeometry geometry, boolean countPadding, Parallelism parallelism) {
        averageForward("average pooling", x, y, geometry, countPadding, parallelism);
    }

    /**
     * Computes the average of each window of adaptive pooling, in the order of {@link #averageForward}.
     *
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y receives the averages, {@code [batch, outputHeight, outputWidth, channels]}, of any height and width from
     *     1; shares no element with x
     * @param parallelism the threads
     * @throws ShapeMismatchException if batch or channels differ, or an image has no pixel; y is untouched then
     * @throws IllegalArgumentException if y overlaps x
     */
    public static void adaptiveAverageForward(Tensor x, Tensor y, Parallelism parallelism) {
        averageForward("adaptive average pooling", x, y, null, false, parallelism);
    }

    private static void averageForward(
            String operation,
            Tensor x,
            Tensor y,
            PoolingGeometry geometry,
            boolean countPadding,
            Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of(operation, "x", x, "y", y, geometry);
        Checks.apart(operation, "x", x, "y", y);
        int rowFloats = walk.rowFloats();
        int channels = walk.channels();
        walk.forEachRow(
                parallelism,
                (input0, rows, columns, step, output0, windows) -> AveragePoolingLoops.average(
                        x.array(),
                        x.offset() + input0,
                        rows,
                        columns,
                        rowFloats,
                        step,
                        channels,
                        y.array(),
                        y.offset() + output0,
                        windows,
                        divisor(geometry, countPadding, rows, columns)));
    }

    private static float divisor(PoolingGeometry geometry, boolean countPadding, int rows, int columns) {
        return countPadding ? (float) geometry.kernelHeight() * geometry.kernelWidth() : (float) rows * columns;
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
        averageGradient(dy, dx, geometry, false, parallelism);
    }

    /**
     * Computes the gradient of the input of {@link #averageForward(Tensor, Tensor, PoolingGeometry, boolean,
     * Parallelism)}, its adjoint: each window gives {@code dy}, divided by what the forward pass divides by, to all pixels
     * that it covers.
     *
     * <p>The order of operations: an element of dx begins with +0 and adds the quotients of its windows in ascending
     * order.
     *
     * @param dy the gradient of the averages, {@code [batch, outputHeight, outputWidth, channels]}
     * @param dx receives the gradient of the images, {@code [batch, height, width, channels]}; shares no element with dy
     * @param geometry window, stride and padding
     * @param countPadding whether padding counts, as zeros do
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes do not fit the geometry; dx is untouched then
     * @throws IllegalArgumentException if the window does not fit into the image, or dx overlaps dy
     */
    public static void averageGradient(
            Tensor dy, Tensor dx, PoolingGeometry geometry, boolean countPadding, Parallelism parallelism) {
        averageGradient("average pooling gradient", dy, dx, geometry, countPadding, parallelism);
    }

    /**
     * Computes the gradient of the input of {@link #adaptiveAverageForward}, its adjoint, in the order of {@link
     * #averageGradient}.
     *
     * @param dy the gradient of the averages, {@code [batch, outputHeight, outputWidth, channels]}
     * @param dx receives the gradient of the images, {@code [batch, height, width, channels]}; shares no element with dy
     * @param parallelism the threads
     * @throws ShapeMismatchException if batch or channels differ, or an image has no pixel; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps dy
     */
    public static void adaptiveAverageGradient(Tensor dy, Tensor dx, Parallelism parallelism) {
        averageGradient("adaptive average pooling gradient", dy, dx, null, false, parallelism);
    }

    private static void averageGradient(
            String operation,
            Tensor dy,
            Tensor dx,
            PoolingGeometry geometry,
            boolean countPadding,
            Parallelism parallelism) {
        PoolingWalk walk = PoolingWalk.of(operation, "dx", dx, "dy", dy, geometry);
        Checks.apart(operation, "dy", dy, "dx", dx);
        int rowFloats = walk.rowFloats();
        int channels = walk.channels();
        boolean tiles = walk.tiles();
        walk.forEachGradient(
                dx,
                parallelism,
                (input0, rows, columns, step, output0, windows) -> AveragePoolingLoops.averageGradient(
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
                        divisor(geometry, countPadding, rows, columns),
                        !tiles));
    }
}
