package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The weights of a convolution in the layouts that its forward pass reads: packed once, used many times, for images of any
 * size. What {@link Convolution#forward(Tensor, PackedWeights, Tensor, Activation, Tensor, Parallelism, Workspace)} computes
 * with them is what it computes with the weights themselves, to the bit; what is saved is the packing, or, with {@link
 * ConvAlgorithm#FAST}, their transform. That counts where images have few pixels and weights are many, as in the last layers of
 * a network at batch 1. Weights in inference are what it is made for.
 *
 * <p>Immutable, so that threads can share it: it holds a copy, whose rows of each group are filled up to whole vectors, for a kernel of 1x1 two,
 * for Winograd's algorithm another of four times the size. The layout depends on the vector width of this machine, so it is not for
 * storing. Packing is done by the thread that asks for it.
 */
public final class PackedWeights {
    private final ConvolutionGeometry geometry;
    private final ConvAlgorithm algorithm;

    /** A copy as they were, for depthwise convolutions and kernels of 1x1; else null. */
    private final Tensor plain;

    /** Of a kernel of 1x1; else null. */
    private final PackedMatrix matrix;

    /** Of other kernels, what {@link ConvolutionForward#pack} gives; else null. */
    private final Tensor panels;

    /** Beside the panels, what zeros add under each position of the kernel; null where none is met. */
    private final Tensor zeroSums;

    /** Transformed by Winograd's algorithm; null where it is not allowed or does not apply. */
    private final Tensor transformed;

    private PackedWeights(ConvolutionGeometry geometry, ConvAlgorithm algorithm, Tensor weights) {
        boolean depthwise = DepthwiseForward.suits(geometry);
        boolean pointwise = !depthwise && Pointwise.suits(geometry);
        boolean winograd = algorithm == ConvAlgorithm.FAST && WinogradConvolution.suits(geometry);
        this.geometry = geometry;
        this.algorithm = algorithm;
        this.plain = depthwise || pointwise ? Tensor.wrap(weights.toArray(), 0, weights.shape()) : null;
        this.matrix = pointwise ? PackedMatrix.of(weights.reshape(matrixShape(geometry))) : null;
        this.panels = depthwise || pointwise ? null : ConvolutionForward.pack(geometry, weights);
        boolean padded = geometry.padTop() + geometry.padBottom() + geometry.padLeft() + geometry.padRight() > 0;
        boolean meetsZeros = panels != null && padded && geometry.groups() == 1;
        this.zeroSums = meetsZeros ? ConvolutionForward.zeroSums(geometry, weights) : null;
        this.transformed = winograd ? WinogradConvolution.transform(geometry, weights) : null;
    }

    /**
     * Packs the weights of a convolution with {@link ConvAlgorithm#EXACT} sums.
     *
     * @param geometry kernel, channels, groups; stride, padding and dilation as the convolution has them
     * @param weights {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     * @return the packed weights
     * @throws ShapeMismatchException if the weights do not fit the geometry
     * @throws IllegalArgumentException if the packed weights, whose rows end with a whole vector, do not fit an array
     */
    public static PackedWeights of(ConvolutionGeometry geometry, Tensor weights) {
        return of(geometry, ConvAlgorithm.EXACT, weights);
    }

    /**
     * Packs the weights of a convolution.
     *
     * @param geometry kernel, channels, groups; stride, padding and dilation as the convolution has them
     * @param algorithm which algorithms the convolution may use
     * @param weights {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     * @return the packed weights
     * @throws ShapeMismatchException if the weights do not fit the geometry
     * @throws IllegalArgumentException if the packed weights, whose rows end with a whole vector, do not fit an array
     */
    public static PackedWeights of(ConvolutionGeometry geometry, ConvAlgorithm algorithm, Tensor weights) {
        Shape expected = Convolution.weightShape(geometry);
        if (!weights.shape().equals(expected)) {
            throw new ShapeMismatchException(
                    "pack weights: weights is " + weights.shape() + "; it must be " + expected);
        }
        return new PackedWeights(geometry, algorithm, weights);
    }

    private static Shape matrixShape(ConvolutionGeometry geometry) {
        return Shape.of(geometry.inChannels(), geometry.outChannels());
    }

    /**
     * Returns the geometry that they were packed for.
     *
     * @return the geometry
     */
    public ConvolutionGeometry geometry() {
        return geometry;
    }

    /**
     * Returns the algorithms that they were packed for.
     *
     * @return the algorithm
     */
    public ConvAlgorithm algorithm() {
        return algorithm;
    }

    /** Returns what it is and the shape of the weights, such as {@code packed weights, 3x3x64x128}. */
    @Override
    public String toString() {
        return "packed weights, " + Convolution.weightShape(geometry);
    }

    Tensor plain() {
        return plain;
    }

    PackedMatrix matrix() {
        return matrix;
    }

    Tensor panels() {
        return panels;
    }

    Tensor zeroSums() {
        return zeroSums;
    }

    Tensor transformed() {
        return transformed;
    }
}
