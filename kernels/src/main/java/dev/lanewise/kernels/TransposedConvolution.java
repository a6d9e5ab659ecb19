package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The transpose of a 2-d convolution, for one geometry and one size of image: what a convolution's input gradient
 * computes, as a forward pass. It makes images larger by the stride.
 *
 * <p>The geometry is that of the convolution which is transposed, and which leads back from this one's output to its
 * input: its {@code inChannels} are this one's output channels, its {@code outChannels} this one's input channels, and
 * weights are {@code [kernelHeight, kernelWidth, outputs / groups, inputs]}. The output has
 *
 * <pre>
 *   (height - 1) strideHeight - padTop - padBottom + (kernelHeight - 1) dilationHeight + 1 + outputPadding
 * </pre>
 *
 * <p>rows, likewise columns: several sizes are led back to the same one, and the output padding, less than the stride,
 * chooses among them. The definition is that of PyTorch's {@code ConvTranspose2d} and ONNX's {@code ConvTranspose},
 * channels last.
 *
 * <p>The three kernels are those of {@link Convolution}, exchanged, and have their orders of operations. Immutable and
 * thread-safe.
 */
public final class TransposedConvolution {
    private final Convolution convolution;
    private final int inputHeight;
    private final int inputWidth;

    private TransposedConvolution(Convolution convolution, int inputHeight, int inputWidth) {
        this.convolution = convolution;
        this.inputHeight = inputHeight;
        this.inputWidth = inputWidth;
    }

    /**
     * Prepares the transposed convolution of images of one size, without output padding.
     *
     * @param transposed the geometry of the convolution that is transposed
     * @param inputHeight rows of an image, at least 1
     * @param inputWidth columns of an image, at least 1
     * @return the transposed convolution
     * @throws IllegalArgumentException if padding leaves nothing of the output, or a size overflows
     */
    public static TransposedConvolution of(ConvolutionGeometry transposed, int inputHeight, int inputWidth) {
        return of(transposed, inputHeight, inputWidth, 0, 0);
    }

    /**
     * Prepares the transposed convolution of images of one size.
     *
     * @param transposed the geometry of the convolution that is transposed
     * @param inputHeight rows of an image, at least 1
     * @param inputWidth columns of an image, at least 1
     * @param outputPaddingHeight more rows of the output, at least 0 and less than the stride
     * @param outputPaddingWidth more columns of the output, at least 0 and less than the stride
     * @return the transposed convolution
     * @throws IllegalArgumentException if output padding is out of range, padding leaves nothing of the output, or a size
     *     overflows
     */
    public static TransposedConvolution of(
            ConvolutionGeometry transposed,
            int inputHeight,
            int inputWidth,
            int outputPaddingHeight,
            int outputPaddingWidth) {
        ConvolutionGeometry g = transposed;
        int height = outputExtent(
                "height",
                inputHeight,
                g.strideHeight(),
                (long) g.padTop() + g.padBottom(),
                (g.kernelHeight() - 1L) * g.dilationHeight() + 1,
                outputPaddingHeight);
        int width = outputExtent(
                "width",
                inputWidth,
                g.strideWidth(),
                (long) g.padLeft() + g.padRight(),
                (g.kernelWidth() - 1L) * g.dilationWidth() + 1,
                outputPaddingWidth);
        return new TransposedConvolution(Convolution.of(g, height, width), inputHeight, inputWidth);
    }

    private static int outputExtent(String side, int input, int stride, long padding, long kernel, int outputPadding) {
        if (input < 1) {
            throw new IllegalArgumentException(
                    "transposed convolution: the input " + side + " is " + input + "; it must be at least 1");
        }
        if (outputPadding < 0 || outputPadding >= stride) {
            throw new IllegalArgumentException("transposed convolution: output padding of the " + side + " is "
                    + outputPadding + "; it must be at least 0 and less than the stride (" + stride + ")");
        }
        long output = (input - 1L) * stride - padding + kernel + outputPadding;
        if (output < 1 || output > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("transposed convolution: an input " + side + " of " + input
                    + " with stride " + stride + ", padding " + padding + " in all, a kernel of " + kernel
                    + " and output padding " + outputPadding + " has an output of " + output
                    + "; it must be at least 1 and fit an int");
        }
        return (int) output;
    }

    /**
     * Returns the shape of a batch of inputs.
     *
     * @param batch the number of images
     * @return {@code [batch, height, width, inputs]}
     */
    public Shape inputShape(int batch) {
        return convolution.outputShape(batch);
    }

    /**
     * Returns the shape of a batch of outputs.
     *
     * @param batch the number of images
     * @return {@code [batch, outputHeight, outputWidth, outputs]}
     */
    public Shape outputShape(int batch) {
        return convolution.inputShape(batch);
    }

    /**
     * Returns the shape of the weights.
     *
     * @return {@code [kernelHeight, kernelWidth, outputs / groups, inputs]}
     */
    public Shape weightShape() {
        return convolution.weightShape();
    }

    /**
     * Computes {@code y = f(bias + transposed(x, w))}: {@link Convolution#inputGradient} of x, then the bias is added, one
     * rounding, then f.
     *
     * @param x the images, {@link #inputShape}
     * @param weights the weights, {@link #weightShape}
     * @param bias one value for each output channel, or null for none
     * @param f applied to each output
     * @param y receives the output, {@link #outputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory, as the input gradient takes
     * @throws ShapeMismatchException if a shape does not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps another argument
     */
    public void forward(
            Tensor x,
            Tensor weights,
            Tensor bias,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        String operation = "transposed convolution forward";
        int batch = batch(operation, x);
        require(operation, "weights", weights, weightShape());
        require(operation, "y", y, outputShape(batch));
        if (bias != null) {
            require(operation, "bias", bias, Shape.of(outputShape(batch).extent(3)));
            Checks.apart(operation, "bias", bias, "y", y);
        }
        Checks.apart(operation, "x", x, "y", y);
        Checks.apart(operation, "weights", weights, "y", y);
        convolution.inputGradient(x, weights, y, parallelism, workspace);
        if (bias != null) {
            Bias.add(y, bias, y, parallelism);
        }
        Activations.forward(f, y, y, parallelism);
    }

    /**
     * Computes the gradient of the input: {@link Convolution#forward} of dy, without bias.
     *
     * @param dy the gradient of the output, {@link #outputShape}
     * @param weights the weights, {@link #weightShape}
     * @param dx receives the gradient, {@link #inputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory, as the convolution takes
     * @throws ShapeMismatchException if a shape does not fit; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps another argument
     */
    public void inputGradient(Tensor dy, Tensor weights, Tensor dx, Parallelism parallelism, Workspace workspace) {
        String operation = "transposed convolution input gradient";
        int batch = batch(operation, dx);
        require(operation, "weights", weights, weightShape());
        require(operation, "dy", dy, outputShape(batch));
        Checks.apart(operation, "dy", dy, "dx", dx);
        Checks.apart(operation, "weights", weights, "dx", dx);
        convolution.forward(dy, weights, null, Activation.IDENTITY, dx, parallelism, workspace);
    }

    /**
     * Adds the gradient of the weights: {@link Convolution#weightGradient} with x and dy exchanged.
     *
     * @param x the images, {@link #inputShape}
     * @param dy the gradient of the output, {@link #outputShape}
     * @param dw added to, {@link #weightShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory, as the weight gradient takes
     * @throws ShapeMismatchException if a shape does not fit; dw is untouched then
     * @throws IllegalArgumentException if dw overlaps another argument
     */
    public void weightGradient(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        String operation = "transposed convolution weight gradient";
        int batch = batch(operation, x);
        require(operation, "dy", dy, outputShape(batch));
        require(operation, "dw", dw, weightShape());
        Checks.apart(operation, "x", x, "dw", dw);
        Checks.apart(operation, "dy", dy, "dw", dw);
        convolution.weightGradient(dy, x, dw, parallelism, workspace);
    }

    /**
     * Returns into how many chunks the weight gradient splits a batch, as {@link Convolution#weightGradientChunks} says.
     *
     * @param batch the number of images
     * @return the number of chunks, at most the number of images
     */
    public int weightGradientChunks(int batch) {
        return convolution.weightGradientChunks(batch);
    }

    private int batch(String operation, Tensor x) {
        boolean fits =
                x.shape().rank() == 4 && x.shape().equals(inputShape(x.shape().extent(0)));
        if (!fits) {
            throw new ShapeMismatchException(operation + ": the input is " + x.shape() + "; it must be [batch]x"
                    + inputHeight + "x" + inputWidth + "x" + inputShape(1).extent(3));
        }
        return x.shape().extent(0);
    }

    private static void require(String operation, String name, Tensor tensor, Shape shape) {
        if (!tensor.shape().equals(shape)) {
            throw new ShapeMismatchException(
                    operation + ": " + name + " is " + tensor.shape() + "; it must be " + shape);
        }
    }
}
