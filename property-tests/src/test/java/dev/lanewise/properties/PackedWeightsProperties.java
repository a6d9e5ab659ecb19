package dev.lanewise.properties;

import static dev.lanewise.properties.ConvolutionChecks.checkBits;
import static dev.lanewise.properties.ConvolutionChecks.checkThreads;
import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PackedWeights;
import dev.lanewise.properties.ConvolutionCase.Call;
import dev.lanewise.properties.ConvolutionCase.Channels;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Convolutions with packed weights: the bits of the reference, as with the weights themselves. */
@Tag("widths")
class PackedWeightsProperties {
    /** Packs a copy of the weights, which is overwritten before it is used. */
    private static PackedWeights pack(Convolution convolution, Tensor weights) {
        Tensor copy = Tensor.zeros(weights.shape());
        copy.copyFrom(weights);
        PackedWeights packed = PackedWeights.of(convolution.geometry(), convolution.algorithm(), copy);
        copy.fill(Float.NaN);
        return packed;
    }

    private static void packed(Convolution convolution, Call call, Parallelism parallelism, Workspace workspace) {
        PackedWeights weights = pack(convolution, call.right());
        convolution.forward(
                call.left(), weights, call.bias(), call.activation(), call.result(), parallelism, workspace);
    }

    private static void packedWithResidual(
            Convolution convolution, Call call, Tensor residual, Parallelism parallelism) {
        convolution.forward(
                call.left(),
                pack(convolution, call.right()),
                call.bias(),
                residual,
                call.activation(),
                call.result(),
                parallelism,
                new Workspace());
    }

    @Property(tries = 150)
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(PackedWeightsProperties::packed, images, Pass.FORWARD, Values::rarelySpecial, parallelism);
    }

    @Property(tries = 40)
    void givesTheBitsOfTheReferenceForDepthwiseKernels(
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(PackedWeightsProperties::packed, images, Pass.FORWARD, Values::normal, parallelism);
    }

    @Property(tries = 8)
    void givesTheBitsOfWinogradsAlgorithm(
            @ForAll(supplier = ConvolutionCase.Winograd.class) ConvolutionCase images,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        WinogradChecks.checkBits(PackedWeightsProperties::packed, images, Pass.FORWARD, Values::normal, parallelism);
    }

    /** Where Winograd's algorithm is allowed, but there are too few tiles for it or another kernel. */
    @Property(tries = 50)
    void givesTheBitsOfExactSumsWhereWinogradsAlgorithmDoesNotPay(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        Assume.that(!images.fast().usesWinograd(images.batch()));
        checkBits(
                (convolution, call, threads, workspace) -> packed(images.fast(), call, threads, workspace),
                images,
                Pass.FORWARD,
                Values::normal,
                parallelism);
    }

    @Example
    void aSmallImageIsLeftToExactSums() {
        WindowAxis axis = new WindowAxis(4, 3, 1, 1, 1, 1);
        ConvolutionCase small =
                new ConvolutionCase(axis, axis, new Channels(1, 16, 16), 1, Activation.RELU, true, 0, 3);
        Convolution fast = small.fast();
        assertFalse(fast.usesWinograd(1));
        assertTrue(fast.usesWinograd(32));
        checkBits(
                (convolution, call, threads, workspace) -> packed(fast, call, threads, workspace),
                small,
                Pass.FORWARD,
                Values::normal,
                Pools.ONE);
    }

    @Property(tries = 15)
    void givesTheSameBitsForAnyNumberOfThreads(@ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images) {
        checkThreads(PackedWeightsProperties::packed, images, Pass.FORWARD);
    }

    @Property(tries = 20)
    void addsTheResidualBeforeTheActivation(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        ConvolutionChecks.checkResidual(PackedWeightsProperties::packedWithResidual, images, parallelism);
    }

    /** Few pixels and many, more channels than a panel has steps and than a block has columns. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneBlock() {
        int[][] sideKernelStride = {{7, 1, 1}, {23, 1, 1}, {24, 1, 2}, {9, 3, 1}};
        for (int[] number : sideKernelStride) {
            int pad = number[1] / 2;
            WindowAxis axis = new WindowAxis(number[0], number[1], number[2], pad, pad, 1);
            ConvolutionCase large =
                    new ConvolutionCase(axis, axis, new Channels(1, 390, 147), 1, Activation.RELU, true, 1, 1);
            checkBits(PackedWeightsProperties::packed, large, Pass.FORWARD, Values::normal, Pools.TWO);
        }
    }

    @Example
    void theSameSuitImagesOfAnySize() {
        Random random = new Random(5);
        for (int kernel : new int[] {1, 3}) {
            ConvolutionGeometry geometry =
                    ConvolutionGeometry.of(kernel, kernel, 2, 37).same();
            Tensor weights = normal(random, kernel, kernel, 2, 37);
            PackedWeights packed = PackedWeights.of(geometry, weights);
            for (int side : new int[] {1, 3, 8, 23}) {
                Convolution convolution = Convolution.of(geometry, side, side);
                Tensor x = normal(random, 1, side, side, 2);
                Tensor expected = Tensor.zeros(1, side, side, 37);
                Tensor actual = Tensor.zeros(1, side, side, 37);
                convolution.forward(x, weights, null, Activation.TANH, expected, Pools.ONE, new Workspace());
                convolution.forward(x, packed, null, Activation.TANH, actual, Pools.ONE, new Workspace());
                Bits.assertSame(kernel + ", " + side, expected.toArray(), actual.toArray());
            }
        }
    }

    private static Tensor normal(Random random, int... extents) {
        Tensor tensor = Tensor.zeros(extents);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    @Example
    void theChecksCatchOtherWeights() {
        WindowAxis axis = new WindowAxis(5, 3, 1, 1, 1, 1);
        ConvolutionCase images =
                new ConvolutionCase(axis, axis, new Channels(1, 3, 33), 2, Activation.IDENTITY, false, 0, 1);
        assertCaught(() -> checkBits(
                (convolution, call, parallelism, workspace) -> {
                    Tensor other = Tensor.zeros(call.right().shape());
                    other.copyFrom(call.right());
                    other.array()[other.size() - 1]++;
                    packed(convolution, call.withRight(other), parallelism, workspace);
                },
                images,
                Pass.FORWARD,
                Values::normal,
                Pools.ONE));
    }

    @Example
    void whatDoesNotFitIsRefused() {
        ConvolutionGeometry geometry = ConvolutionGeometry.of(3, 3, 2, 4);
        Tensor y = Tensor.zeros(1, 3, 4, 4);
        y.fill(7);
        assertEquals(
                "pack weights: weights is 3x3x4x2; it must be 3x3x2x4",
                message(() -> PackedWeights.of(geometry, Tensor.zeros(3, 3, 4, 2))));
        PackedWeights packed = PackedWeights.of(geometry, Tensor.zeros(3, 3, 2, 4));
        assertEquals("packed weights, 3x3x2x4", packed.toString());
        assertEquals(
                "convolution forward: the input is 1x5x6x3; it must be [batch]x5x6x2",
                refused(Convolution.of(geometry, 5, 6), 3, packed, y));
        ConvolutionGeometry strided = geometry.withStride(2, 1);
        assertEquals(
                "convolution forward: weights were packed for " + geometry + ", EXACT; the convolution is " + strided
                        + ", EXACT",
                refused(Convolution.of(strided, 5, 6), 2, packed, y));
        assertEquals(
                "convolution forward: weights were packed for " + geometry + ", EXACT; the convolution is " + geometry
                        + ", FAST",
                refused(Convolution.of(geometry, 5, 6, ConvAlgorithm.FAST), 2, packed, y));
        assertEquals(7, y.get(0, 0, 0, 0));
    }

    private static String refused(Convolution convolution, int channels, PackedWeights weights, Tensor y) {
        Tensor x = Tensor.zeros(1, 5, 6, channels);
        return message(() ->
                convolution.forward(x, weights, null, Activation.IDENTITY, y, Parallelism.serial(), new Workspace()));
    }

    private static String message(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
