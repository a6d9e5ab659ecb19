package dev.lanewise.kernels;

/**
 * The geometry of a 2-d convolution, as deep learning uses the word (a cross-correlation):
 *
 * <pre>
 *   y[n, oh, ow, co] = bias[co] + sum over kh, kw, ci of
 *                      x[n, oh strideHeight + kh dilationHeight - padTop, ow strideWidth + kw dilationWidth - padLeft, ci]
 *                      w[kh, kw, ci, co]
 * </pre>
 *
 * <p>where x is 0 outside the image. With groups, output channels are split into as many equal parts as input channels,
 * and each part sees only its own; weights then are {@code [kernelHeight, kernelWidth, inChannels / groups,
 * outChannels]}. With as many groups as input channels it is depthwise. The definition is that of PyTorch's {@code Conv2d} and ONNX's {@code Conv}, channels last.
 *
 * @param kernelHeight rows of the kernel, at least 1
 * @param kernelWidth columns of the kernel, at least 1
 * @param inChannels channels of the input, at least 1 and a multiple of groups
 * @param outChannels channels of the output, at least 1 and a multiple of groups
 * @param strideHeight rows from one output row to the next, at least 1
 * @param strideWidth columns from one output column to the next, at least 1
 * @param padTop rows of zeros above the image, at least 0
 * @param padLeft columns of zeros left of the image, at least 0
 * @param padBottom rows of zeros below the image, at least 0
 * @param padRight columns of zeros right of the image, at least 0
 * @param dilationHeight rows from one row of the kernel to the next, at least 1
 * @param dilationWidth columns from one column of the kernel to the next, at least 1
 * @param groups parts that channels are split into, at least 1
 */
public record ConvolutionGeometry(
        int kernelHeight,
        int kernelWidth,
        int inChannels,
        int outChannels,
        int strideHeight,
        int strideWidth,
        int padTop,
        int padLeft,
        int padBottom,
        int padRight,
        int dilationHeight,
        int dilationWidth,
        int groups) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range or groups do not divide the channels
     */
    public ConvolutionGeometry {
        require("kernel height", kernelHeight, 1);
        require("kernel width", kernelWidth, 1);
        require("input channels", inChannels, 1);
        require("output channels", outChannels, 1);
        require("stride height", strideHeight, 1);
        require("stride width", strideWidth, 1);
        require("padding at the top", padTop, 0);
        require("padding at the left", padLeft, 0);
        require("padding at the bottom", padBottom, 0);
        require("padding at the right", padRight, 0);
        require("dilation height", dilationHeight, 1);
        require("dilation width", dilationWidth, 1);
        require("groups", groups, 1);
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException("convolution: groups (" + groups + ") must divide input channels ("
                    + inChannels + ") and output channels (" + outChannels + ")");
        }
    }

    /**
     * Returns a geometry of stride 1, without padding, dilation or groups.
     *
     * @param kernelHeight rows of the kernel
     * @param kernelWidth columns of the kernel
     * @param inChannels channels of the input
     * @param outChannels channels of the output
     * @return the geometry
     */
    public static ConvolutionGeometry of(int kernelHeight, int kernelWidth, int inChannels, int outChannels) {
        return new ConvolutionGeometry(kernelHeight, kernelWidth, inChannels, outChannels, 1, 1, 0, 0, 0, 0, 1, 1, 1);
    }

    /**
     * Returns the geometry of a 1-d convolution, of stride 1, without padding, dilation or groups: a sequence is an image
     * of one row, {@code [batch, 1, length, channels]}, and what is said of columns holds for its steps. Nothing is lost
     * by it: a tensor {@code [batch, length, channels]} has the same elements in the same order.
     *
     * @param kernel steps of the kernel
     * @param inChannels channels of the input
     * @param outChannels channels of the output
     * @return the geometry
     */
    public static ConvolutionGeometry oneDimensional(int kernel, int inChannels, int outChannels) {
        return of(1, kernel, inChannels, outChannels);
    }

    /**
     * Returns this geometry with another stride.
     *
     * @param height rows from one output row to the next
     * @param width columns from one output column to the next
     * @return the geometry
     */
    public ConvolutionGeometry withStride(int height, int width) {
        return new ConvolutionGeometry(
                kernelHeight,
                kernelWidth,
                inChannels,
                outChannels,
                height,
                width,
                padTop,
                padLeft,
                padBottom,
                padRight,
                dilationHeight,
                dilationWidth,
                groups);
    }

    /**
     * Returns this geometry with another padding.
     *
     * @param top rows of zeros above
     * @param left columns of zeros at the left
     * @param bottom rows of zeros below
     * @param right columns of zeros at the right
     * @return the geometry
     */
    public ConvolutionGeometry withPadding(int top, int left, int bottom, int right) {
        return new ConvolutionGeometry(
                kernelHeight,
                kernelWidth,
                inChannels,
                outChannels,
                strideHeight,
                strideWidth,
                top,
                left,
                bottom,
                right,
                dilationHeight,
                dilationWidth,
                groups);
    }

    /**
     * Returns this geometry with another dilation.
     *
     * @param height rows from one row of the kernel to the next
     * @param width columns from one column of the kernel to the next
     * @return the geometry
     */
    public ConvolutionGeometry withDilation(int height, int width) {
        return new ConvolutionGeometry(
                kernelHeight,
                kernelWidth,
                inChannels,
                outChannels,
                strideHeight,
                strideWidth,
                padTop,
                padLeft,
                padBottom,
                padRight,
                height,
                width,
                groups);
    }

    /**
     * Returns this geometry with other groups.
     *
     * @param count parts that channels are split into; as many as channels is a depthwise convolution
     * @return the geometry
     */
    public ConvolutionGeometry withGroups(int count) {
        return new ConvolutionGeometry(
                kernelHeight,
                kernelWidth,
                inChannels,
                outChannels,
                strideHeight,
                strideWidth,
                padTop,
                padLeft,
                padBottom,
                padRight,
                dilationHeight,
                dilationWidth,
                count);
    }

    /**
     * Returns this geometry with the padding that, at stride 1, gives an output as large as the input: {@code (kernel -
     * 1) dilation} in all, the larger half at the bottom and the right.
     *
     * @return the geometry
     */
    public ConvolutionGeometry same() {
        int vertical = (kernelHeight - 1) * dilationHeight;
        int horizontal = (kernelWidth - 1) * dilationWidth;
        return withPadding(vertical / 2, horizontal / 2, vertical - vertical / 2, horizontal - horizontal / 2);
    }

    /**
     * Returns the height of the output: {@code (height + padTop + padBottom - (kernelHeight - 1) dilationHeight - 1) /
     * strideHeight + 1}.
     *
     * @param inputHeight rows of the input
     * @return rows of the output, at least 1
     * @throws IllegalArgumentException if the kernel does not fit into the padded input
     */
    public int outputHeight(int inputHeight) {
        return output("height", inputHeight, padTop, padBottom, kernelHeight, dilationHeight, strideHeight);
    }

    /**
     * Returns the width of the output, as {@link #outputHeight} does the height.
     *
     * @param inputWidth columns of the input
     * @return columns of the output, at least 1
     * @throws IllegalArgumentException if the kernel does not fit into the padded input
     */
    public int outputWidth(int inputWidth) {
        return output("width", inputWidth, padLeft, padRight, kernelWidth, dilationWidth, strideWidth);
    }

    private static int output(String side, int input, int before, int after, int kernel, int dilation, int stride) {
        long padded = (long) input + before + after;
        long extent = (kernel - 1L) * dilation + 1;
        if (input < 1 || padded < extent || padded > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("convolution: an input " + side + " of " + input + ", padded by "
                    + before
                    + " and " + after + ", has no room for a kernel of " + kernel + " with dilation " + dilation + " ("
                    + extent + ")");
        }
        return (int) ((padded - extent) / stride + 1);
    }

    private static void require(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "convolution: " + what + " is " + value + "; it must be at least " + least);
        }
    }
}
