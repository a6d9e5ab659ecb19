package dev.lanewise.nn.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Buffer;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers on numbers that can be followed by hand; their shapes, names and errors. */
class LayersTest {
    private static Pass training(long step) {
        return Pass.training(1, step, Parallelism.serial(), new Workspace());
    }

    private static Pass inference() {
        return Pass.inference(Parallelism.serial(), new Workspace());
    }

    private static Forward run(Layer layer, Tensor input) {
        return layer.forward(input, training(0));
    }

    private static void assertElements(Tensor actual, float... expected) {
        assertArrayEquals(expected, actual.toArray());
    }

    private static void assertMismatch(String message, Layer layer, int... example) {
        assertEquals(
                message,
                assertThrows(ShapeMismatchException.class, () -> layer.outputShape(Shape.of(example)))
                        .getMessage());
    }

    @Test
    void linear() {
        Linear layer = new Linear(2, 3, Activation.RELU);
        Parameter weight = layer.parameters().get(0);
        Parameter bias = layer.parameters().get(1);
        weight.value().copyFrom(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        bias.value().copyFrom(Tensor.of(new float[] {0, -100, 1}, 3));
        Forward forward = run(layer, Tensor.of(new float[] {1, 10}, 1, 2));
        assertElements(forward.output(), 41, 0, 64);
        Tensor gradient = forward.backward().apply(Tensor.of(new float[] {1, 1, 2}, 1, 3), true);
        assertElements(gradient, 1 + 6, 4 + 12);
        assertElements(weight.gradient(), 1, 0, 2, 10, 0, 20);
        assertElements(bias.gradient(), 1, 0, 2);
        assertNull(run(layer, Tensor.zeros(4, 2)).backward().apply(Tensor.zeros(4, 3), false));
        assertTrue(weight.penalized() && !bias.penalized());
        assertEquals(
                List.of("weight", "bias"),
                layer.parameters().stream().map(Parameter::name).toList());
        assertMismatch("linear: an example is 3; it must have one axis of 2 features", layer, 3);
        assertMismatch("linear: an example is 1x2; it must have one axis of 2 features", layer, 1, 2);
        assertThrows(ShapeMismatchException.class, () -> run(layer, Tensor.zeros(2, 3)));
        assertEquals(
                "linear: inputs is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> new Linear(0, 3, Activation.RELU))
                        .getMessage());
        assertEquals(
                "linear: the gradient of GELU needs the inputs of the activation, which are not kept here; use IDENTITY and a "
                        + "layer of its own",
                assertThrows(IllegalArgumentException.class, () -> new Linear(2, 3, Activation.GELU))
                        .getMessage());
    }

    @Test
    void convolution() {
        Conv2d layer = new Conv2d(ConvolutionGeometry.of(2, 2, 1, 1), Activation.IDENTITY);
        layer.parameters().get(0).value().copyFrom(Tensor.of(new float[] {1, 10, 100, 1000}, 2, 2, 1, 1));
        layer.parameters().get(1).value().fill(0.5f);
        Forward forward = run(layer, Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3, 1));
        assertElements(forward.output(), 1 + 20 + 400 + 5000 + 0.5f, 2 + 30 + 500 + 6000 + 0.5f);
        Tensor gradient = forward.backward().apply(Tensor.of(new float[] {1, 2}, 1, 1, 2, 1), true);
        assertElements(gradient, 1, 12, 20, 100, 1200, 2000);
        assertElements(layer.parameters().get(0).gradient(), 1 + 4, 2 + 6, 4 + 10, 5 + 12);
        assertElements(layer.parameters().get(1).gradient(), 3);
        assertEquals(Shape.of(4, 7, 1), layer.outputShape(Shape.of(5, 8, 1)));
        assertMismatch("conv2d: an example is 5x8x2; it must be [height]x[width]x1, channels last", layer, 5, 8, 2);
        assertThrows(ShapeMismatchException.class, () -> layer.outputShape(Shape.of(1, 8, 1)));
    }

    @Test
    void oneConvolutionServesImagesOfAnySize() {
        Conv2d layer = new Conv2d(ConvolutionGeometry.of(3, 3, 1, 4).withPadding(1, 1, 1, 1), Activation.RELU);
        for (int side : new int[] {3, 9, 3, 5}) {
            assertEquals(
                    Shape.of(2, side, side, 4),
                    run(layer, Tensor.zeros(2, side, side, 1)).output().shape());
        }
    }

    @Test
    void batchNormalization() {
        BatchNorm2d layer = new BatchNorm2d(2, 0x1p-20, 0.25, Activation.IDENTITY);
        layer.parameters().get(0).value().copyFrom(Tensor.of(new float[] {1, 10}, 2));
        layer.parameters().get(1).value().copyFrom(Tensor.of(new float[] {0, 1}, 2));
        Tensor images = Tensor.of(new float[] {1, 5, 3, 5, 1, 7, 3, 7}, 2, 1, 2, 2);
        Forward forward = run(layer, images);
        float one = (float) (1 / Math.sqrt(1 + 0x1p-20));
        float ten = (float) (10 / Math.sqrt(1 + 0x1p-20));
        assertElements(forward.output(), -one, 1 - ten, one, 1 - ten, -one, 1 + ten, one, 1 + ten);
        // The variance of 1 is 4/3 where 3 values are free.
        assertElements(layer.buffers().get(0).value(), 0.25f * 2, 0.25f * 6);
        assertElements(layer.buffers().get(1).value(), 0.75f + 0.25f * 4 / 3, 0.75f + 0.25f * 4 / 3);
        // A gradient that is the same for all is lost in the mean.
        Tensor gradient = forward.backward().apply(Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 2, 1, 2, 2), true);
        assertElements(gradient, 0, 0, 0, 0, 0, 0, 0, 0);
        assertElements(layer.parameters().get(0).gradient(), 0, 0);
        assertElements(layer.parameters().get(1).gradient(), 4, 4);
        assertMismatch(
                "batchnorm2d: an example is 4x4x3; it must be [height]x[width]x2, channels last", layer, 4, 4, 3);
        assertEquals(
                "batchnorm2d: a batch of 1x1x1x2 has one value for each channel; in training there must be at least 2, "
                        + "for a variance",
                assertThrows(IllegalArgumentException.class, () -> run(layer, Tensor.zeros(1, 1, 1, 2)))
                        .getMessage());
        assertEquals(
                "batch normalization: activation is TANH; it must be IDENTITY or RELU",
                assertThrows(IllegalArgumentException.class, () -> new BatchNorm2d(3, Activation.TANH))
                        .getMessage());
        assertEquals(
                "batchnorm1d: momentum is -1.0; it must be from 0 to 1",
                assertThrows(IllegalArgumentException.class, () -> new BatchNorm1d(3, 1e-5, -1, Activation.IDENTITY))
                        .getMessage());
    }

    @Test
    void batchNormalizationOutsideTraining() {
        BatchNorm1d layer = new BatchNorm1d(2, 0.25, 0.1, Activation.RELU);
        layer.buffers().get(0).value().copyFrom(Tensor.of(new float[] {1, -2}, 2));
        layer.buffers().get(1).value().copyFrom(Tensor.of(new float[] {3.75f, 0}, 2));
        Forward forward = layer.forward(Tensor.of(new float[] {3, -3}, 1, 2), inference());
        assertElements(forward.output(), 1, 0);
        Tensor gradient = forward.backward().apply(Tensor.of(new float[] {8, 8}, 1, 2), true);
        assertElements(gradient, 4, 0);
        assertElements(layer.parameters().get(0).gradient(), 8, 0);
        assertElements(layer.parameters().get(1).gradient(), 8, 0);
        // Nothing is learnt of it, and nothing of a batch of nothing.
        run(layer, Tensor.zeros(0, 2));
        assertElements(layer.buffers().get(0).value(), 1, -2);
        assertElements(layer.buffers().get(1).value(), 3.75f, 0);
        assertEquals(Shape.of(7, 2), layer.outputShape(Shape.of(7, 2)));
        assertMismatch(
                "batchnorm1d: an example is 3; it must be [channels] or [length]x[channels] with channels 2", layer, 3);
        assertEquals(
                List.of("0.runningMean", "0.runningVariance"),
                Sequential.of(layer).buffers().stream().map(Buffer::name).toList());
        Initializer.HE_NORMAL.fill(layer, 1);
        assertElements(layer.parameters().get(0).value(), 1, 1);
    }

    @Test
    void normalizationOfRows() {
        LayerNorm layer = new LayerNorm(2, 0.25);
        layer.parameters().get(0).value().copyFrom(Tensor.of(new float[] {4, 8}, 2));
        layer.parameters().get(1).value().copyFrom(Tensor.of(new float[] {0, 1}, 2));
        float root = (float) (1 / Math.sqrt(1.25));
        assertElements(run(layer, Tensor.of(new float[] {9, 7}, 1, 2)).output(), 4 * root, Math.fma(-root, 8, 1));
        assertMismatch("layernorm: an example is 3x4; its last axis must be 2 features", layer, 3, 4);
        RmsNorm rms = new RmsNorm(2, 1.5);
        Forward forward = run(rms, Tensor.of(new float[] {3, 2}, 1, 2));
        float third = (float) (1 / Math.sqrt(8));
        assertElements(forward.output(), 3 * third, 2 * third);
        forward.backward().apply(Tensor.of(new float[] {1, 2}, 1, 2), true);
        assertElements(rms.parameters().get(0).gradient(), 3 * third, 4 * third);
        assertEquals(1, rms.parameters().size());
        assertEquals(
                "layer normalization: epsilon is 0.0; it must be above 0 and finite",
                assertThrows(IllegalArgumentException.class, () -> new LayerNorm(3, 0))
                        .getMessage());
    }

    @Test
    void normalizationOfGroups() {
        GroupNorm layer = new GroupNorm(2, 4, 1.25, Activation.RELU);
        Forward forward = run(layer, Tensor.of(new float[] {1, 2, 5, 5, 3, 4, 5, 5}, 1, 1, 2, 4));
        float root = (float) (1 / Math.sqrt(2.5));
        assertElements(forward.output(), 0, 0, 0, 0, 0.5f * root, 1.5f * root, 0, 0);
        InstanceNorm2d instance = new InstanceNorm2d(2, 3, Activation.IDENTITY);
        assertElements(
                run(instance, Tensor.of(new float[] {1, 6, 3, 6}, 1, 2, 1, 2)).output(), -0.5f, 0, 0.5f, 0);
        assertMismatch(
                "groupnorm: an example is 1x2; its last axis must be 4 channels, with at least 2 values in each of 2 groups",
                layer,
                1,
                2);
        assertMismatch(
                "instancenorm2d: an example is 1x1x2; it must be [height]x[width]x2, channels last, of at least 2 pixels",
                instance,
                1,
                1,
                2);
        assertEquals(
                "groupnorm: channels is 5, groups is 2; channels must be a multiple of groups",
                assertThrows(IllegalArgumentException.class, () -> new GroupNorm(2, 5, Activation.IDENTITY))
                        .getMessage());
    }

    @Test
    void pooling() {
        Tensor image = Tensor.of(new float[] {1, 5, 3, 2}, 1, 2, 2, 1);
        Forward max = run(new MaxPool2d(PoolingGeometry.of(2)), image);
        assertElements(max.output(), 5);
        assertElements(max.backward().apply(Tensor.of(new float[] {7}, 1, 1, 1, 1), true), 0, 7, 0, 0);
        Forward average = run(new AvgPool2d(PoolingGeometry.of(2)), image);
        assertElements(average.output(), 2.75f);
        assertElements(average.backward().apply(Tensor.of(new float[] {8}, 1, 1, 1, 1), true), 2, 2, 2, 2);
        assertMismatch(
                "maxpool2d: an example is 4; it must be [height]x[width]x[channels]",
                new MaxPool2d(PoolingGeometry.of(2)),
                4);
    }

    @Test
    void poolingOfAnySize() {
        Tensor image = Tensor.of(new float[] {1, 5, 3, 2, 4, 6}, 1, 2, 3, 1);
        assertElements(run(new AdaptiveMaxPool2d(1, 2), image).output(), 5, 6);
        Forward average = run(new AdaptiveAvgPool2d(1, 2), image);
        assertElements(average.output(), 3, 4.5f);
        assertElements(average.backward().apply(Tensor.of(new float[] {4, 8}, 1, 1, 2, 1), true), 1, 3, 2, 1, 3, 2);
        Forward global = run(new GlobalAvgPool2d(), image);
        assertEquals(Shape.of(1, 1), global.output().shape());
        assertElements(global.output(), 3.5f);
        assertElements(global.backward().apply(Tensor.of(new float[] {6}, 1, 1), true), 1, 1, 1, 1, 1, 1);
        assertMismatch(
                "globalavgpool2d: an example is 4x0x2; it must be [height]x[width]x[channels], with a pixel or more",
                new GlobalAvgPool2d(),
                4,
                0,
                2);
    }

    @Test
    void upsampling() {
        Tensor image = Tensor.of(new float[] {1, 5}, 1, 1, 2, 1);
        assertElements(run(new Upsample2d(2, 2, Interpolation.NEAREST), image).output(), 1, 1, 5, 5, 1, 1, 5, 5);
        assertElements(run(new Upsample2d(1, 2, Interpolation.BILINEAR), image).output(), 1, 2, 4, 5);
        Forward aligned =
                run(new Upsample2d(1, 2, Interpolation.BILINEAR_ALIGNED), Tensor.of(new float[] {0, 3}, 1, 1, 2, 1));
        assertElements(aligned.output(), 0, 1, 2, 3);
        Forward nearest = run(new Upsample2d(1, 2, Interpolation.NEAREST), image);
        assertElements(nearest.backward().apply(Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4, 1), true), 3, 7);
        assertMismatch(
                "upsample2d: an example is 4; it must be [height]x[width]x[channels], with a pixel or more",
                new Upsample2d(2, 2, Interpolation.NEAREST),
                4);
    }

    @Test
    void transposedConvolution() {
        // One row: each input adds its multiple of (1, 10, 100) at twice its place; one more column at the right.
        ConvolutionGeometry geometry =
                ConvolutionGeometry.oneDimensional(3, 1, 1).withStride(1, 2);
        ConvTranspose2d layer = new ConvTranspose2d(geometry, 0, 1, Activation.IDENTITY);
        layer.parameters().get(0).value().copyFrom(Tensor.of(new float[] {1, 10, 100}, 1, 3, 1, 1));
        layer.parameters().get(1).value().fill(0.5f);
        Forward forward = run(layer, Tensor.of(new float[] {1, 2}, 1, 1, 2, 1));
        assertElements(forward.output(), 1.5f, 10.5f, 102.5f, 20.5f, 200.5f, 0.5f);
        Tensor gradient = forward.backward().apply(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 6, 1), true);
        assertElements(gradient, 321, 543);
        assertElements(layer.parameters().get(0).gradient(), 1 + 6, 2 + 8, 3 + 10);
        assertElements(layer.parameters().get(1).gradient(), 21);
        assertMismatch(
                "convtranspose2d: an example is 1x2x3; it must be [height]x[width]x1, channels last", layer, 1, 2, 3);
        assertMismatch(
                "convtranspose2d: an example is 1x2x1; transposed convolution: output padding of the width is 2;"
                        + " it must be at least 0 and less than the stride (2)",
                new ConvTranspose2d(geometry, 0, 2, Activation.IDENTITY),
                1,
                2,
                1);
    }

    @Test
    void residual() {
        Linear body = new Linear(2, 2, Activation.IDENTITY);
        body.parameters().get(0).value().copyFrom(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
        Residual layer = new Residual(Sequential.of(body), Sequential.of(), Activation.RELU);
        Tensor input = Tensor.of(new float[] {1, -2}, 1, 2);
        Forward forward = run(layer, input);
        assertElements(forward.output(), 0, 0);
        body.parameters().get(1).value().copyFrom(Tensor.of(new float[] {10, 1}, 2));
        forward = run(layer, input);
        assertElements(forward.output(), 1 - 6 + 10 + 1, 0);
        assertElements(forward.backward().apply(Tensor.of(new float[] {5, 7}, 1, 2), true), 5 + 5, 15);
        assertElements(body.parameters().get(0).gradient(), 5, 0, -10, 0);
        assertElements(input, 1, -2);
        assertNull(run(layer, input).backward().apply(Tensor.zeros(1, 2), false));
        assertEquals(
                List.of("body.0.weight", "body.0.bias", "shortcut.0.weight", "shortcut.0.bias"),
                new Residual(Sequential.of(body), Sequential.of(new Linear(2, 2, Activation.RELU)), Activation.IDENTITY)
                        .parameters().stream().map(Parameter::name).toList());
        assertMismatch(
                "residual: of an example of 3 the body makes 2, the shortcut 3; they must be equal",
                new Residual(Sequential.of(new Linear(3, 2, Activation.RELU)), Sequential.of(), Activation.RELU),
                3);
    }

    @Test
    void convolutionWithoutBias() {
        Conv2d layer = Conv2d.withoutBias(ConvolutionGeometry.of(1, 1, 1, 1), Activation.IDENTITY, ConvAlgorithm.EXACT);
        layer.parameters().get(0).value().fill(3);
        Forward forward = run(layer, Tensor.of(new float[] {1, 2}, 1, 1, 2, 1));
        assertElements(forward.output(), 3, 6);
        assertElements(forward.backward().apply(Tensor.of(new float[] {1, 2}, 1, 1, 2, 1), true), 3, 6);
        assertElements(layer.parameters().get(0).gradient(), 1 + 4);
        assertEquals(1, layer.parameters().size());
    }

    @Test
    void activations() {
        Tensor x = Tensor.of(new float[] {-1, 0, 2}, 1, 3);
        assertElements(run(new Relu(), x).output(), 0, 0, 2);
        assertElements(run(new Sigmoid(), Tensor.zeros(1, 2)).output(), 0.5f, 0.5f);
        assertElements(run(new Tanh(), Tensor.zeros(1, 2)).output(), 0, 0);
        assertElements(run(new Relu(), x).backward().apply(Tensor.of(new float[] {5, 6, 7}, 1, 3), true), 0, 0, 7);
    }

    @Test
    void flattenKeepsTheOrder() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 1, 2);
        Forward forward = run(new Flatten(), x);
        assertEquals(Shape.of(2, 4), forward.output().shape());
        assertElements(forward.output(), 1, 2, 3, 4, 5, 6, 7, 8);
        assertEquals(
                x.shape(), forward.backward().apply(Tensor.zeros(2, 4), true).shape());
    }

    @Test
    void dropoutDropsInTrainingOnly() {
        Dropout layer = new Dropout(0.25f);
        Tensor ones = Tensor.zeros(1, 100_000);
        ones.fill(1);
        assertSame(ones, layer.forward(ones, inference()).output());
        float[] first = run(layer, ones).output().toArray();
        int dropped = 0;
        for (float value : first) {
            assertTrue(value == 0 || value == 1f / 0.75f);
            dropped += value == 0 ? 1 : 0;
        }
        // Within five standard deviations, sqrt(n p q) = 137, of a quarter.
        assertEquals(25_000, dropped, 5 * 137);
        assertArrayEquals(first, run(layer, ones).output().toArray());
        float[] next = layer.forward(ones, training(1)).output().toArray();
        int same = 0;
        for (int i = 0; i < next.length; i++) {
            same += next[i] == first[i] ? 1 : 0;
        }
        assertEquals(100_000 * (0.75 * 0.75 + 0.25 * 0.25), same, 5 * 155);
        assertThrows(IllegalArgumentException.class, () -> new Dropout(1));
        assertThrows(IllegalArgumentException.class, () -> new Dropout(Float.NaN));
    }

    @Test
    void multiHeadAttention() {
        MultiHeadAttention layer = new MultiHeadAttention(4, 2, true);
        assertEquals(
                List.of(
                        "query.weight",
                        "query.bias",
                        "key.weight",
                        "value.weight",
                        "value.bias",
                        "output.weight",
                        "output.bias"),
                layer.parameters().stream().map(Parameter::name).toList());
        Initializer.GLOROT_NORMAL.fill(layer, 3);
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, -1, 0, 2, 5, 3, 3, -2, 1}, 1, 3, 4);
        float[] before = run(layer, x).output().toArray();
        x.set(9, 0, 2, 1);
        float[] after = run(layer, x).output().toArray();
        // What comes later is not seen.
        assertArrayEquals(Arrays.copyOf(before, 8), Arrays.copyOf(after, 8));
        assertNotEquals(before[8], after[8]);
        assertNull(run(layer, x).backward().apply(Tensor.zeros(1, 3, 4), false));
        assertMismatch("multi-head attention: an example is 3x5; it must be [positions]x4", layer, 3, 5);
        assertEquals(
                "multi-head attention: features is 4, heads is 3; features must be a multiple of heads",
                assertThrows(IllegalArgumentException.class, () -> new MultiHeadAttention(4, 3, true))
                        .getMessage());
    }

    @Test
    void aSequenceNamesItsParametersAndTheLayerThatFails() {
        Sequential inner = Sequential.of(new Relu(), new Linear(4, 2, Activation.IDENTITY));
        Sequential network = Sequential.of(new Linear(3, 4, Activation.IDENTITY), inner);
        assertEquals(
                List.of("0.weight", "0.bias", "1.1.weight", "1.1.bias"),
                network.parameters().stream().map(Parameter::name).toList());
        assertSame(
                inner.parameters().get(0).value(), network.parameters().get(2).value());
        assertEquals(Shape.of(2), network.outputShape(Shape.of(3)));
        Sequential broken = Sequential.of(new Linear(3, 5, Activation.IDENTITY), inner);
        assertMismatch("layer 1: layer 1: linear: an example is 5; it must have one axis of 4 features", broken, 3);
        assertThrows(ShapeMismatchException.class, () -> run(broken, Tensor.zeros(1, 3)));
        Tensor input = Tensor.zeros(1, 3);
        assertSame(input, run(Sequential.of(), input).output());
    }

    @Test
    void initializersHaveTheirVariance() {
        double n = 500;
        double[] variances = {2 / n, 2 / n, 2 / (n + 300), 2 / (n + 300)};
        for (Initializer initializer : Initializer.values()) {
            Tensor weight = Tensor.zeros(500, 300);
            initializer.fill(weight, 8);
            double mean = 0;
            double square = 0;
            double most = 0;
            for (float value : weight.toArray()) {
                mean += value / 150_000.0;
                square += (double) value * value / 150_000.0;
                most = Math.max(most, Math.abs(value));
            }
            double variance = variances[initializer.ordinal()];
            // Five standard deviations of the mean, and of the square of normal values, the wider of the two.
            assertEquals(0, mean, 5 * Math.sqrt(variance / 150_000), initializer.name());
            assertEquals(variance, square, 5 * variance * Math.sqrt(2.0 / 150_000), initializer.name());
            if (initializer.name().endsWith("UNIFORM")) {
                assertTrue(most <= Math.sqrt(3 * variance) && most > 0.99 * Math.sqrt(3 * variance));
            } else {
                assertTrue(most > 3.5 * Math.sqrt(variance), "no tails");
            }
            Tensor again = Tensor.zeros(500, 300);
            initializer.fill(again, 8);
            assertArrayEquals(weight.toArray(), again.toArray());
        }
    }

    @Test
    void aKernelCountsInTheFanOfAConvolution() {
        Tensor weight = Tensor.zeros(5, 5, 32, 64);
        Initializer.HE_NORMAL.fill(weight, 1);
        double square = 0;
        for (float value : weight.toArray()) {
            square += (double) value * value / weight.size();
        }
        assertEquals(2.0 / (25 * 32), square, 0.05 * 2 / (25 * 32));
    }
}
