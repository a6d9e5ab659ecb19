package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * 2-d convolution for one geometry and one size of image: forward, input gradient and weight gradient.
 *
 * <p>Images are {@code [batch, height, width, channels]}, weights {@code [kernelHeight, kernelWidth, inChannels / groups,
 * outChannels]}; {@link ConvolutionGeometry} has the formula. An instance holds the tables of offsets by which the tile
 * finds its elements; make it once and use it for every batch. Immutable and thread-safe.
 *
 * <p>Depthwise convolutions, whose groups have one input channel each, have kernels of their own. Otherwise, all three
 * are matrix products over one map: an element of the input lies at {@code pixel[i] + patch[p]}, where
 * {@code i} counts output pixels and {@code p} positions of the kernel. The input is copied as columns only as far as they
 * stay in a cache; where there is padding, a strip of an image is copied with its border of zeros, so that the map holds
 * there too. The zeros take part: an infinite weight times padding is NaN.
 */
public final class Convolution {
    private final ConvolutionGeometry geometry;
    private final int inputHeight;
    private final int inputWidth;
    private final int outputHeight;
    private final int outputWidth;
    private final ConvolutionForward forward;
    private final ConvolutionWeightGradient weightGradient;
    private final ConvolutionInputGradient inputGradient;
    private final Depthwise depthwise;
    private final Pointwise pointwise;
    private final ConvAlgorithm algorithm;

    /** The kernels of Winograd's algorithm; null where it is not allowed or does not apply. */
    private final WinogradConvolution winograd;

    /** The kernels of a depthwise convolution, which take the place of the other three. */
    private record Depthwise(
            DepthwiseForward forward, DepthwiseWeightGradient weightGradient, DepthwiseInputGradient inputGradient) {}

    private Convolution(ConvolutionGeometry geometry, int inputHeight, int inputWidth, ConvAlgorithm algorithm) {
        this.algorithm = algorithm;
        this.geometry = geometry;
        this.inputHeight = inputHeight;
        this.inputWidth = inputWidth;
        this.outputHeight = geometry.outputHeight(inputHeight);
        this.outputWidth = geometry.outputWidth(inputWidth);
        // A group of one input channel is a product with one column, or a few: it would leave most of a tile's vectors
        // idle. Depthwise kernels take channels, all groups together, as the vector axis.
        if (DepthwiseForward.suits(geometry)) {
            this.depthwise = new Depthwise(
                    new DepthwiseForward(geometry, inputHeight, inputWidth),
                    new DepthwiseWeightGradient(geometry, inputHeight, inputWidth),
                    new DepthwiseInputGradient(geometry, inputHeight, inputWidth));
            this.pointwise = null;
            this.forward = null;
            this.weightGradient = null;
            this.inputGradient = null;
        } else {
            boolean product = Pointwise.suits(geometry);
            this.depthwise = null;
            this.pointwise = product ? new Pointwise(geometry, inputHeight, inputWidth) : null;
            this.forward = product ? null : new ConvolutionForward(geometry, inputHeight, inputWidth);
            this.inputGradient = product ? null : new ConvolutionInputGradient(geometry, inputHeight, inputWidth);
            this.weightGradient = new ConvolutionWeightGradient(geometry, inputHeight, inputWidth);
        }
        boolean fast = algorithm == ConvAlgorithm.FAST && WinogradConvolution.suits(geometry);
        this.winograd = fast ? new WinogradConvolution(geometry, inputHeight, inputWidth) : null;
    }

    /**
     * Prepares the convolution of images of one size, with {@link ConvAlgorithm#EXACT} sums.
     *
     * @param geometry kernel, stride, padding, dilation, groups
     * @param inputHeight rows of an image, at least 1
     * @param inputWidth columns of an image, at least 1
     * @return the convolution
     * @throws IllegalArgumentException if the kernel does not fit into the padded image
     */
    public static Convolution of(ConvolutionGeometry geometry, int inputHeight, int inputWidth) {
        return of(geometry, inputHeight, inputWidth, ConvAlgorithm.EXACT);
    }

    /**
     * Prepares the convolution of images of one size.
     *
     * @param geometry kernel, stride, padding, dilation, groups
     * @param inputHeight rows of an image, at least 1
     * @param inputWidth columns of an image, at least 1
     * @param algorithm which algorithms it may use
     * @return the convolution
     * @throws IllegalArgumentException if the kernel does not fit into the padded image
     */
    public static Convolution of(
            ConvolutionGeometry geometry, int inputHeight, int inputWidth, ConvAlgorithm algorithm) {
        return new Convolution(geometry, inputHeight, inputWidth, algorithm);
    }

    /**
     * Returns which algorithms the convolution may use.
     *
     * @return the algorithm it was made with
     */
    public ConvAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * Tells whether a batch is computed by Winograd's algorithm: if it is allowed, the kernel is 3x3 with stride and dilation
     * 1 and one group, there are at least 16 input and output channels, and the images together have at least
     * 32 tiles of 4x4 results. With fewer, the transform of the weights, which each call without {@link PackedWeights} repeats, takes
     * longer than what it saves; with them the limit is the same, so that the bits are.
     *
     * @param batch the number of images
     * @return whether Winograd's algorithm is used, for all three operations
     */
    public boolean usesWinograd(int batch) {
        return winograd != null && winograd.pays(batch);
    }

    /**
     * Returns the geometry.
     *
     * @return the geometry
     */
    public ConvolutionGeometry geometry() {
        return geometry;
    }

    /**
     * Returns the shape of a batch of inputs.
     *
     * @param batch the number of images
     * @return {@code [batch, height, width, inChannels]}
     */
    public Shape inputShape(int batch) {
        return Shape.of(batch, inputHeight, inputWidth, geometry.inChannels());
    }

    /**
     * Returns the shape of a batch of outputs.
     *
     * @param batch the number of images
     * @return {@code [batch, outputHeight, outputWidth, outChannels]}
     */
    public Shape outputShape(int batch) {
        return Shape.of(batch, outputHeight, outputWidth, geometry.outChannels());
    }

    /**
     * Returns the shape of the weights.
     *
     * @return {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     */
    public Shape weightShape() {
        return weightShape(geometry);
    }

    static Shape weightShape(ConvolutionGeometry geometry) {
        return Shape.of(
                geometry.kernelHeight(),
                geometry.kernelWidth(),
                geometry.inChannels() / geometry.groups(),
                geometry.outChannels());
    }

    /**
     * Computes {@code y = f(bias + conv(x, w))}. Each output is one chain of fused multiply-adds that begins with the
     * bias and takes kernel rows, kernel columns and channels in ascending order.
     *
     * @param x the images, {@link #inputShape}
     * @param weights the weights, {@link #weightShape}
     * @param bias one value for each output channel, or null for none
     * @param f applied to each output
     * @param y receives the output, {@link #outputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory: a strip of an image for each thread and packed weights, or pixels of a strided 1x1 kernel
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
        forward(x, weights, bias, null, f, y, parallelism, workspace);
    }

    /**
     * Computes {@code y = f(bias + conv(x, w) + residual)}, as a block of a residual network ends. The order of operations
     * is that of the sum without a residual, which is then added, one rounding more.
     *
     * @param x the images, {@link #inputShape}
     * @param weights the weights, {@link #weightShape}
     * @param bias one value for each output channel, or null for none
     * @param residual added to the outputs, {@link #outputShape}, or null for none
     * @param f applied to each sum
     * @param y receives the output, {@link #outputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory: a strip of an image for each thread and packed weights, or pixels of a strided 1x1 kernel
     * @throws ShapeMismatchException if a shape does not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps another argument
     */
    public void forward(
            Tensor x,
            Tensor weights,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        require("forward", "weights", weights, weightShape());
        refuseOverlap("forward", "weights", weights, "y", y);
        forward(x, weights, null, bias, residual, f, y, parallelism, workspace);
    }

    /**
     * Computes {@code y = f(bias + conv(x, w))} with weights that were packed before: the same bits as with the weights
     * themselves.
     *
     * @param x the images, {@link #inputShape}
     * @param weights packed for the geometry and the algorithm of this convolution
     * @param bias one value for each output channel, or null for none
     * @param f applied to each output
     * @param y receives the output, {@link #outputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory: a strip of an image for each thread, or pixels of a strided 1x1 kernel
     * @throws ShapeMismatchException if a shape does not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps another argument, or the weights were packed for another geometry or
     *     algorithm
     */
    public void forward(
            Tensor x,
            PackedWeights weights,
            Tensor bias,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        forward(x, weights, bias, null, f, y, parallelism, workspace);
    }

    /**
     * Computes {@code y = f(bias + conv(x, w) + residual)} with weights that were packed before: the same bits as with the
     * weights themselves.
     *
     * @param x the images, {@link #inputShape}
     * @param weights packed for the geometry and the algorithm of this convolution
     * @param bias one value for each output channel, or null for none
     * @param residual added to the outputs, {@link #outputShape}, or null for none
     * @param f applied to each sum
     * @param y receives the output, {@link #outputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory: a strip of an image for each thread, or pixels of a strided 1x1 kernel
     * @throws ShapeMismatchException if a shape does not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps another argument, or the weights were packed for another geometry or
     *     algorithm
     */
    public void forward(
            Tensor x,
            PackedWeights weights,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        if (!weights.geometry().equals(geometry) || weights.algorithm() != algorithm) {
            throw new IllegalArgumentException("convolution forward: weights were packed for " + weights.geometry()
                    + ", " + weights.algorithm() + "; the convolution is " + geometry + ", " + algorithm);
        }
        forward(x, weights.plain(), weights, bias, residual, f, y, parallelism, workspace);
    }

    /** Computes the forward pass with weights as they are or packed; one of the two may be null. */
    private void forward(
            Tensor x,
            Tensor weights,
            PackedWeights packed,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int batch = batch("forward", x);
        require("forward", "y", y, outputShape(batch));
        if (bias != null) {
            require("forward", "bias", bias, Shape.of(geometry.outChannels()));
            refuseOverlap("forward", "bias", bias, "y", y);
        }
        if (residual != null) {
            require("forward", "residual", residual, outputShape(batch));
            refuseOverlap("forward", "residual", residual, "y", y);
        }
        refuseOverlap("forward", "x", x, "y", y);
        Workspace.Mark mark = workspace.mark();
        if (usesWinograd(batch)) {
            winograd.forward(x, weights, packed, bias, residual, f, y, parallelism, workspace);
        } else if (depthwise != null) {
            depthwise.forward.run(x, weights, bias, residual, f, y, parallelism, workspace);
        } else if (pointwise != null) {
            pointwise.forward(x, weights, packed, bias, residual, f, y, parallelism, workspace);
        } else {
            forward.run(x, weights, packed, bias, residual, f, y, parallelism, workspace);
        }
        workspace.release(mark);
    }

    /**
     * Computes the gradient of the input, {@code dx[n, ih, iw, ci] = sum of dy[n, oh, ow, co] w[kh, kw, ci, co]} over all
     * {@code kh, kw, co} whose {@code oh strideHeight + kh dilationHeight - padTop} is {@code ih}, likewise for the
     * columns: one chain in ascending order of {@code kh, kw, co}; where {@code oh, ow} lies outside the output, zeros
     * take part.
     *
     * @param dy the gradient of the output, {@link #outputShape}
     * @param weights the weights, {@link #weightShape}
     * @param dx receives the gradient, {@link #inputShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory: a strip of a gradient for each thread, and packed weights
     * @throws ShapeMismatchException if a shape does not fit; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps another argument
     */
    public void inputGradient(Tensor dy, Tensor weights, Tensor dx, Parallelism parallelism, Workspace workspace) {
        int batch = batch("input gradient", dx);
        require("input gradient", "weights", weights, weightShape());
        require("input gradient", "dy", dy, outputShape(batch));
        refuseOverlap("input gradient", "dy", dy, "dx", dx);
        refuseOverlap("input gradient", "weights", weights, "dx", dx);
        Workspace.Mark mark = workspace.mark();
        if (usesWinograd(batch)) {
            winograd.inputGradient(dy, weights, dx, parallelism, workspace);
        } else if (depthwise != null) {
            depthwise.inputGradient.run(dy, weights, dx, parallelism, workspace);
        } else if (pointwise != null) {
            pointwise.inputGradient(dy, weights, dx, parallelism, workspace);
        } else {
            inputGradient.run(dy, weights, dx, parallelism, workspace);
        }
        workspace.release(mark);
    }

    /**
     * Adds the gradient of the weights: {@code dw[kh, kw, ci, co] += sum over n, oh, ow of x[n, ih, iw, ci] dy[n, oh, ow,
     * co]}.
     *
     * <p>Images are split into chunks, how many depends on the shapes alone ({@link #weightGradientChunks}). Within a
     * chunk the sum is one chain that takes images, rows and columns in ascending order and begins with what {@code dw}
     * holds in the first chunk, with 0 in the others; the chunks are added in pairs (0 + 1, 2 + 3, then 01 + 23, ...).
     *
     * @param x the images, {@link #inputShape}
     * @param dy the gradient of the output, {@link #outputShape}
     * @param dw added to, {@link #weightShape}; must not overlap another argument
     * @param parallelism the threads
     * @param workspace scratch memory: a strip of an image for each thread, and a copy of dw for each chunk but the first
     * @throws ShapeMismatchException if a shape does not fit; dw is untouched then
     * @throws IllegalArgumentException if dw overlaps another argument
     */
    public void weightGradient(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        int batch = batch("weight gradient", x);
        require("weight gradient", "dy", dy, outputShape(batch));
        require("weight gradient", "dw", dw, weightShape());
        refuseOverlap("weight gradient", "x", x, "dw", dw);
        refuseOverlap("weight gradient", "dy", dy, "dw", dw);
        Workspace.Mark mark = workspace.mark();
        if (usesWinograd(batch)) {
            winograd.weightGradient(x, dy, dw, parallelism, workspace);
        } else if (depthwise != null) {
            depthwise.weightGradient.run(x, dy, dw, parallelism, workspace);
        } else {
            weightGradient.run(x, dy, dw, parallelism, workspace);
        }
        workspace.release(mark);
    }

    /**
     * Returns into how many chunks the weight gradient splits a batch. Chunk {@code i} of {@code n} holds the images from
     * {@code i batch / n} to below {@code (i + 1) batch / n}, rounded down.
     *
     * @param batch the number of images
     * @return the number of chunks, at most the number of images
     */
    public int weightGradientChunks(int batch) {
        return depthwise != null ? depthwise.weightGradient.chunks(batch) : weightGradient.chunks(batch);
    }

    private int batch(String operation, Tensor x) {
        if (x.shape().rank() != 4) {
            throw new ShapeMismatchException(
                    "convolution " + operation + ": the input is " + x.shape() + "; it must be " + pattern());
        }
        int batch = x.shape().extent(0);
        if (!x.shape().equals(inputShape(batch))) {
            throw new ShapeMismatchException(
                    "convolution " + operation + ": the input is " + x.shape() + "; it must be " + pattern());
        }
        return batch;
    }

    private String pattern() {
        return "[batch]x" + inputHeight + "x" + inputWidth + "x" + geometry.inChannels();
    }

    private static void require(String operation, String name, Tensor tensor, Shape shape) {
        if (!tensor.shape().equals(shape)) {
            throw new ShapeMismatchException(
                    "convolution " + operation + ": " + name + " is " + tensor.shape() + "; it must be " + shape);
        }
    }

    private static void refuseOverlap(String operation, String name, Tensor tensor, String resultName, Tensor result) {
        if (tensor.overlaps(result)) {
            throw new IllegalArgumentException("convolution " + operation + ": " + resultName + " overlaps " + name
                    + "; the result needs elements of its own");
        }
    }
}
