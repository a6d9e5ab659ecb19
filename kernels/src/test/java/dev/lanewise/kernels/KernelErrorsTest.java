package dev.lanewise.kernels;

import static dev.lanewise.kernels.Refusals.assertRefused;
import static dev.lanewise.kernels.Refusals.assertShapes;
import static dev.lanewise.kernels.Refusals.filled;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What kernels say of arguments that do not fit: operation, values and rule; and that they change nothing then. */
class KernelErrorsTest {
    private static final Parallelism ONE = Parallelism.serial();

    private final Workspace workspace = new Workspace();
    private final Tensor result = filled(3, 4);

    private static Tensor zeros(int... extents) {
        return Tensor.zeros(extents);
    }

    @Test
    void convolution() {
        Convolution convolution = Convolution.of(ConvolutionGeometry.of(3, 3, 2, 4), 5, 6);
        Tensor y = filled(1, 3, 4, 4);
        assertShapes(
                "convolution forward: the input is 1x5x6x3; it must be [batch]x5x6x2",
                y,
                () -> convolution.forward(
                        zeros(1, 5, 6, 3), zeros(3, 3, 2, 4), null, Activation.RELU, y, ONE, workspace));
        assertShapes(
                "convolution forward: weights is 3x3x4x2; it must be 3x3x2x4",
                y,
                () -> convolution.forward(
                        zeros(1, 5, 6, 2), zeros(3, 3, 4, 2), null, Activation.RELU, y, ONE, workspace));
        assertRefused(
                "convolution forward: y overlaps bias; the result needs elements of its own",
                y,
                () -> convolution.forward(
                        zeros(1, 5, 6, 2),
                        zeros(3, 3, 2, 4),
                        y.reshape(Shape.of(48)).slice(0, 4),
                        Activation.RELU,
                        y,
                        ONE,
                        workspace));
    }

    @Test
    void residuals() {
        Convolution depthwise =
                Convolution.of(ConvolutionGeometry.of(3, 3, 2, 2).withGroups(2), 5, 6);
        Tensor y = filled(1, 3, 4, 2);
        assertShapes(
                "convolution forward: residual is 1x3x4x1; it must be 1x3x4x2",
                y,
                () -> depthwise.forward(
                        zeros(1, 5, 6, 2),
                        zeros(3, 3, 1, 2),
                        null,
                        zeros(1, 3, 4, 1),
                        Activation.RELU,
                        y,
                        ONE,
                        workspace));
        assertRefused(
                "convolution forward: y overlaps residual; the result needs elements of its own",
                y,
                () -> depthwise.forward(
                        zeros(1, 5, 6, 2), zeros(3, 3, 1, 2), null, y, Activation.RELU, y, ONE, workspace));
    }

    @Test
    void transposedConvolution() {
        ConvolutionGeometry g = ConvolutionGeometry.of(2, 2, 3, 4).withStride(2, 2);
        TransposedConvolution transposed = TransposedConvolution.of(g, 2, 2);
        Tensor y = filled(1, 4, 4, 3);
        assertShapes(
                "transposed convolution forward: the input is 1x2x2x3; it must be [batch]x2x2x4",
                y,
                () -> transposed.forward(
                        zeros(1, 2, 2, 3), zeros(2, 2, 3, 4), null, Activation.RELU, y, ONE, workspace));
        assertShapes(
                "transposed convolution weight gradient: dw is 1x4x4x3; it must be 2x2x3x4",
                y,
                () -> transposed.weightGradient(zeros(1, 2, 2, 4), zeros(1, 4, 4, 3), y, ONE, workspace));
        assertRefused(
                "transposed convolution: output padding of the height is 2;"
                        + " it must be at least 0 and less than the stride (2)",
                y,
                () -> TransposedConvolution.of(g, 2, 2, 2, 0));
        assertRefused(
                "transposed convolution: an input height of 1 with stride 2, padding 4 in all, a kernel of 2"
                        + " and output padding 0 has an output of -2; it must be at least 1 and fit an int",
                y,
                () -> TransposedConvolution.of(g.withPadding(2, 0, 2, 0), 1, 2));
    }

    @Test
    void imagesOfOtherSizes() {
        Tensor y = filled(1, 4, 4, 3);
        String rule = "; both must be [batch]x[height]x[width]x[channels], of equal batch and channels,"
                + " with a pixel or more";
        assertShapes(
                "adaptive max pooling: x is 1x8x8x2, y is 1x4x4x3" + rule,
                y,
                () -> Pooling.adaptiveMaxForward(zeros(1, 8, 8, 2), y, ONE));
        assertShapes(
                "upsampling: x is 1x0x2x3, y is 1x4x4x3" + rule,
                y,
                () -> Upsampling.forward(Interpolation.NEAREST, zeros(1, 0, 2, 3), y, ONE));
        assertRefused(
                "upsampling gradient: dx overlaps dy; they must share no element",
                y,
                () -> Upsampling.gradient(Interpolation.BILINEAR, y, y, ONE));
    }

    @Test
    void activations() {
        Tensor y = filled(2, 3);
        assertShapes(
                "activation: x is 3x2, y is 2x3; the shapes must be equal",
                y,
                () -> Activations.forward(Activation.GELU, zeros(3, 2), y, ONE));
        assertShapes(
                "activation gradient: x is 2x3, dy is 3x2; the shapes must be equal",
                y,
                () -> Activations.gradient(Activation.GELU, zeros(2, 3), zeros(3, 2), y, ONE));
        assertRefused(
                "leaky ReLU: slope is -0.5; it must be at least 0 and finite",
                y,
                () -> Activations.leakyRelu(zeros(2, 3), -0.5f, y, ONE));
        assertRefused(
                "ELU gradient: alpha is NaN; it must be at least 0 and finite",
                y,
                () -> Activations.eluGradient(zeros(2, 3), Float.NaN, zeros(2, 3), y, ONE));
        assertShapes(
                "parametric ReLU: x is 2x3, slope is 2; slope must have one axis, as long as the last of x",
                y,
                () -> ParametricRelu.forward(zeros(2, 3), zeros(2), y, ONE));
        Tensor slope = filled(3);
        assertShapes(
                "parametric ReLU slope gradient: x is 2x3, dy is 3x2; the shapes must be equal",
                slope,
                () -> ParametricRelu.slopeGradient(zeros(2, 3), zeros(3, 2), slope, ONE, workspace));
        assertRefused(
                "parametric ReLU: y overlaps slope; they must share no element",
                y,
                () -> ParametricRelu.forward(zeros(2, 3), y.reshape(Shape.of(6)).slice(0, 3), y, ONE));
    }

    @Test
    void rowsAndElements() {
        assertShapes(
                "bias: x is 3x4, bias is 3; bias must have one axis, as long as the last of x",
                result,
                () -> Bias.add(zeros(3, 4), zeros(3), result, ONE));
        assertShapes(
                "softmax: x is 3x5, y is 3x4; the shapes must be equal",
                result,
                () -> Softmax.forward(zeros(3, 5), result, ONE));
        assertRefused(
                "cross-entropy: label 4 at position 1 must be at least 0 and below the number of classes, 4",
                result,
                () -> Softmax.crossEntropy(zeros(3, 4), new int[] {0, 4, 0}, result, ONE, workspace));
        assertRefused(
                "mean squared error: prediction is 0x4; the mean needs at least one element",
                result,
                () -> Losses.meanSquaredError(zeros(0, 4), zeros(0, 4), zeros(0, 4), ONE, workspace));
        assertRefused(
                "dropout: rate is 1.0; it must be at least 0 and less than 1",
                result,
                () -> Dropout.apply(zeros(3, 4), result, 1, 0, ONE));
        assertRefused(
                "dropout: rate is NaN; it must be at least 0 and less than 1",
                result,
                () -> Dropout.apply(zeros(3, 4), result, Float.NaN, 0, ONE));
    }

    @Test
    void updatesAndPenalties() {
        assertRefused(
                "adam: beta1 is 1.0; it must be at least 0 and less than 1",
                result,
                () -> Updates.adam(result, zeros(3, 4), zeros(3, 4), zeros(3, 4), 0.1, 1, 0.9, 1e-8, 1, ONE));
        assertRefused(
                "adam: step is 0; the first is 1",
                result,
                () -> Updates.adam(result, zeros(3, 4), zeros(3, 4), zeros(3, 4), 0.1, 0.9, 0.9, 1e-8, 0, ONE));
        assertRefused(
                "sgd: velocity is missing; it may be null only if momentum (0.9) is 0",
                result,
                () -> Updates.sgd(result, zeros(3, 4), null, 0.1, 0.9, ONE));
        assertRefused(
                "rmsprop: decay is 1.5; it must be from 0 to 1",
                result,
                () -> Updates.rmsProp(result, zeros(3, 4), zeros(3, 4), 0.1, 1.5, 1e-8, ONE));
        for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefused(
                    "sgd: learning rate is " + rate + "; it must be at least 0 and finite",
                    result,
                    () -> Updates.sgd(result, zeros(3, 4), null, rate, 0, ONE));
        }
        assertShapes(
                "l2 penalty: w is 4x3, g is 3x4; the shapes must be equal",
                result,
                () -> Penalties.l2(zeros(4, 3), result, 0.1, ONE));
    }

    @Test
    void geometries() {
        Tensor none = zeros(1);
        assertRefused(
                "pooling: padding at the top is 2; it must be at least 0 and less than the window's height (2)",
                none,
                () -> PoolingGeometry.of(2).withPadding(2, 0, 0, 0));
        assertRefused(
                "pooling: an input height of 1, padded by 0 and 0, has no room for a window of 2",
                none,
                () -> PoolingGeometry.of(2).outputHeight(1));
        assertRefused(
                "pooling: stride height is 0; it must be at least 1",
                none,
                () -> PoolingGeometry.of(2).withStride(0, 1));
    }
}
