package dev.lanewise.kernels;

/**
 * The geometry of 2-d pooling: a window slides over the image, and each place of it gives one output pixel. Output pixel
 * {@code (oh, ow)} covers the input pixels {@code (oh strideHeight + kh - padTop, ow strideWidth + kw - padLeft)} with
 * {@code 0 <= kh < kernelHeight} and {@code 0 <= kw < kernelWidth} that lie in the image.
 *
 * <p>The definition is that of PyTorch's {@code MaxPool2d} with {@code ceil_mode=False} and of ONNX's {@code MaxPool},
 * but that each side may have its own padding.
 *
 * @param kernelHeight rows of the window, at least 1
 * @param kernelWidth columns of the window, at least 1
 * @param strideHeight rows from one window to the next, at least 1
 * @param strideWidth columns from one window to the next, at least 1
 * @param padTop rows that windows may reach above the image, at least 0 and less than kernelHeight
 * @param padLeft columns that windows may reach left of the image, at least 0 and less than kernelWidth
 * @param padBottom rows that windows may reach below the image, at least 0 and less than kernelHeight
 * @param padRight columns that windows may reach right of the image, at least 0 and less than kernelWidth
 */
public record PoolingGeometry(
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int padTop,
        int padLeft,
        int padBottom,
        int padRight) {
    /**
     * Checks the ranges. As padding is less than the window, every window covers at least one pixel of the image.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public PoolingGeometry {
        requirePositive("window height", kernelHeight);
        requirePositive("window width", kernelWidth);
        requirePositive("stride height", strideHeight);
        requirePositive("stride width", strideWidth);
        requirePadding("top", padTop, "height", kernelHeight);
        requirePadding("left", padLeft, "width", kernelWidth);
        requirePadding("bottom", padBottom, "height", kernelHeight);
        requirePadding("right", padRight, "width", kernelWidth);
    }

    /**
     * Returns the geometry of square windows side by side, without padding: window and stride are equal.
     *
     * @param size rows and columns of the window, at least 1
     * @return the geometry
     */
    public static PoolingGeometry of(int size) {
        return of(size, size);
    }

    /**
     * Returns the geometry of windows side by side, without padding: window and stride are equal.
     *
     * @param kernelHeight rows of the window, at least 1
     * @param kernelWidth columns of the window, at least 1
     * @return the geometry
     */
    public static PoolingGeometry of(int kernelHeight, int kernelWidth) {
        return new PoolingGeometry(kernelHeight, kernelWidth, kernelHeight, kernelWidth, 0, 0, 0, 0);
    }

    /**
     * Returns this geometry with another stride.
     *
     * @param height rows from one window to the next
     * @param width columns from one window to the next
     * @return the geometry
     */
    public PoolingGeometry withStride(int height, int width) {
        return new PoolingGeometry(kernelHeight, kernelWidth, height, width, padTop, padLeft, padBottom, padRight);
    }

    /**
     * Returns this geometry with another padding.
     *
     * @param top rows that windows may reach above the image
     * @param left columns that windows may reach left of the image
     * @param bottom rows that windows may reach below the image
     * @param right columns that windows may reach right of the image
     * @return the geometry
     */
    public PoolingGeometry withPadding(int top, int left, int bottom, int right) {
        return new PoolingGeometry(kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, bottom, right);
    }

    /**
     * Returns the height of the output: {@code (height + padTop + padBottom - kernelHeight) / strideHeight + 1}, rounded
     * down. Rows at the bottom that fill no window have no part in the output.
     *
     * @param inputHeight rows of the input
     * @return rows of the output, at least 1
     * @throws IllegalArgumentException if the window does not fit into the padded input
     */
    public int outputHeight(int inputHeight) {
        return output("height", inputHeight, padTop, padBottom, kernelHeight, strideHeight);
    }

    /**
     * Returns the width of the output, as {@link #outputHeight} does the height.
     *
     * @param inputWidth columns of the input
     * @return columns of the output, at least 1
     * @throws IllegalArgumentException if the window does not fit into the padded input
     */
    public int outputWidth(int inputWidth) {
        return output("width", inputWidth, padLeft, padRight, kernelWidth, strideWidth);
    }

    private static int output(String side, int input, int before, int after, int kernel, int stride) {
        long padded = (long) input + before + after;
        if (input < 1 || padded < kernel || padded > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pooling: an input " + side + " of " + input + ", padded by " + before
                    + " and " + after + ", has no room for a window of " + kernel);
        }
        return (int) ((padded - kernel) / stride + 1);
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("pooling: " + what + " is " + value + "; it must be at least 1");
        }
    }

    private static void requirePadding(String side, int padding, String axis, int kernel) {
        if (padding < 0 || padding >= kernel) {
            throw new IllegalArgumentException("pooling: padding at the " + side + " is " + padding
                    + "; it must be at least 0 and less than the window's " + axis + " (" + kernel + ")");
        }
    }
}
