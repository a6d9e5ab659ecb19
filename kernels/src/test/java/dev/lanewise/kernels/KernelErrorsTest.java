package dev.lanewise.kernels;

import static dev.lanewise.kernels.Refusals.assertRefused;
import static dev.lanewise.kernels.Refusals.assertShapes;
import static dev.lanewise.kernels.Refusals.filled;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    void normalizations() {
        assertShapes(
                "batch statistics: x is 5x4, statistics are 3x5; they must be 3 rows, as long as the last axis of x",
                result,
                () -> BatchNormalization.statistics(zeros(5, 4), zeros(3, 5), ONE, workspace));
        assertRefused(
                "batch statistics: x is 0x4; it must have at least one row",
                result,
                () -> BatchNormalization.statistics(zeros(0, 4), result, ONE, workspace));
        assertRefused(
                "running statistics: rows is 1, momentum is 0.1; there must be at least 2 rows, and momentum must be from 0 "
                        + "to 1",
                result,
                () -> BatchNormalization.follow(
                        zeros(3, 4), 1, 0.1, result.slice(0, 1).reshape(Shape.of(4)), zeros(4)));
        BatchNormalization batch = BatchNormalization.of(1e-5, Activation.RELU);
        assertShapes(
                "batch normalization: x is 3x4, weight is 3; weight must have one axis, as long as the last of x",
                result,
                () -> batch.forward(zeros(3, 4), zeros(3, 4), zeros(3), zeros(4), result, ONE, workspace));
        assertRefused(
                "batch normalization: y overlaps statistics; they must share no element",
                result,
                () -> batch.forward(zeros(3, 4), result, zeros(4), zeros(4), result, ONE, workspace));
        assertRefused(
                "batch normalization: epsilon is 0.0; it must be above 0 and finite",
                result,
                () -> BatchNormalization.of(0, Activation.RELU));
        assertShapes(
                "layer normalization: x is 3x4, statistics are 4x3; they must be 3 numbers for each of 3 rows",
                result,
                () -> LayerNormalization.centered(1)
                        .forward(zeros(3, 4), zeros(4), null, result, zeros(4, 3), ONE, workspace));
        assertShapes(
                "group normalization: x is 3x4; it must be [batch]x...x[channels], channels a multiple of 3 groups",
                result,
                () -> GroupNormalization.of(3, 1, Activation.IDENTITY)
                        .forward(zeros(3, 4), zeros(4), zeros(4), result, zeros(3, 3, 3), ONE, workspace));
        assertRefused(
                "group normalization gradient: dbias overlaps dy; they must share no element",
                result,
                () -> GroupNormalization.of(2, 1, Activation.IDENTITY)
                        .gradient(
                                zeros(3, 4),
                                zeros(3, 3, 2),
                                zeros(4),
                                zeros(4),
                                result,
                                zeros(3, 4),
                                zeros(4),
                                result.slice(0, 1).reshape(Shape.of(4)),
                                ONE,
                                workspace));
    }

    @Test
    void embeddings() {
        for (int index : new int[] {-1, 5, Integer.MAX_VALUE}) {
            assertRefused(
                    "embedding: index " + index
                            + " at position 1 must be at least 0 and below the number of entries, 5",
                    result,
                    () -> Embedding.forward(zeros(5, 4), new int[] {4, index, 0}, 3, result, ONE));
            assertRefused(
                    "embedding gradient: index " + index
                            + " at position 2 must be at least 0 and below the number of entries, 3",
                    result,
                    () -> Embedding.gradient(new int[] {2, 0, index}, 3, zeros(3, 4), result, ONE, workspace));
        }
        assertShapes(
                "embedding: table is 5x3, y is 3x4, indices are 3; table must be a matrix, y must have one row of its "
                        + "width for each index",
                result,
                () -> Embedding.forward(zeros(5, 3), new int[3], 3, result, ONE));
        assertShapes(
                "embedding gradient: gradient is 3x4, dy is 2x4, indices are 3; gradient must be a matrix, dy must have "
                        + "one row of its width for each index",
                result,
                () -> Embedding.gradient(new int[3], 3, zeros(2, 4), result, ONE, workspace));
        assertRefused(
                "embedding: count is 4; it must be from 0 to the number of indices, 3",
                result,
                () -> Embedding.forward(zeros(5, 4), new int[3], 4, result, ONE));
        assertRefused(
                "embedding gradient: dy overlaps gradient; they must share no element",
                result,
                () -> Embedding.gradient(new int[3], 3, result, result, ONE, workspace));
    }

    @Test
    void halfFloats() {
        assertEquals(
                "to float16: 3 elements of x from 2 must lie within its length, 4",
                assertThrows(
                                IndexOutOfBoundsException.class,
                                () -> HalfFloats.toFloat16(new float[4], 2, new short[9], 0, 3, ONE))
                        .getMessage());
        assertEquals(
                "from bfloat16: -1 elements of x from 0 must lie within its length, 4",
                assertThrows(
                                IndexOutOfBoundsException.class,
                                () -> HalfFloats.fromBfloat16(new short[4], 0, new float[4], 0, -1, ONE))
                        .getMessage());
        float[] y = new float[4];
        assertEquals(
                "from float16: 4 elements of y from 1 must lie within its length, 4",
                assertThrows(
                                IndexOutOfBoundsException.class,
                                () -> HalfFloats.fromFloat16(new short[] {1, 2, 3, 4}, 0, y, 1, 4, ONE))
                        .getMessage());
        assertArrayEquals(new float[4], y);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> HalfFloats.toBfloat16(new float[4], Integer.MAX_VALUE, new short[4], 0, 1, ONE));
    }

    @Test
    void clipping() {
        for (double limit : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefused(
                    "clipping: limit is " + limit + "; it must be at least 0 and finite",
                    result,
                    () -> Clipping.byValue(result, limit, ONE));
        }
    }

    @Test
    void adaptiveUpdates() {
        assertRefused(
                "adagrad: epsilon is -1.0; it must be at least 0 and finite",
                result,
                () -> AdaptiveUpdates.adagrad(result, zeros(3, 4), zeros(3, 4), 0.1, -1, ONE));
        assertRefused(
                "adadelta: decay is NaN; it must be from 0 to 1",
                result,
                () -> AdaptiveUpdates.adadelta(
                        result, zeros(3, 4), zeros(3, 4), zeros(3, 4), 1, Double.NaN, 1e-6, ONE));
        assertShapes(
                "amsgrad: w is 3x4, top is 4x3; the shapes must be equal",
                result,
                () -> AdaptiveUpdates.amsGrad(
                        result, zeros(3, 4), zeros(3, 4), zeros(3, 4), zeros(4, 3), 0.1, 0.9, 0.9, 1e-8, 1, ONE));
        Tensor state = zeros(3, 4);
        assertRefused(
                "amsgrad: top overlaps v; they must share no element",
                result,
                () -> AdaptiveUpdates.amsGrad(
                        result, zeros(3, 4), zeros(3, 4), state, state, 0.1, 0.9, 0.9, 1e-8, 1, ONE));
        assertRefused(
                "adamw: learning rate 0.5 times weight decay 3.0 is 1.5; it must be at most 1",
                result,
                () -> DecoupledUpdates.adamW(
                        result, zeros(3, 4), zeros(3, 4), zeros(3, 4), 0.5, 0.9, 0.9, 1e-8, 3, 1, ONE));
        assertRefused(
                "lion: beta2 is 1.0; it must be at least 0 and less than 1",
                result,
                () -> DecoupledUpdates.lion(result, zeros(3, 4), zeros(3, 4), 0.1, 0.9, 1, 0, ONE));
        assertRefused(
                "lion: weight decay is -1.0; it must be at least 0 and finite",
                result,
                () -> DecoupledUpdates.lion(result, zeros(3, 4), zeros(3, 4), 0.1, 0.9, 0.9, -1, ONE));
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
