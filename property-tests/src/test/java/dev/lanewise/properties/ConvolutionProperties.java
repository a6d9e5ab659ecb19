package dev.lanewise.properties;

import static dev.lanewise.properties.ConvolutionChecks.checkAdjoint;
import static dev.lanewise.properties.ConvolutionChecks.checkBits;
import static dev.lanewise.properties.ConvolutionChecks.checkExact;
import static dev.lanewise.properties.ConvolutionChecks.checkResidual;
import static dev.lanewise.properties.ConvolutionChecks.checkThreads;
import static dev.lanewise.properties.ConvolutionChecks.checkTruth;

import dev.lanewise.kernels.Activation;
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
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The convolution and its gradients against their references. */
@Tag("widths")
class ConvolutionProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(ConvolutionChecks::real, images, pass, Values::normal, parallelism);
    }

    @Property
    void carriesSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(ConvolutionChecks::real, images, pass, Values::rarelySpecial, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images, @ForAll Pass pass) {
        checkTruth(ConvolutionChecks::real, images.with(Activation.IDENTITY), pass);
    }

    @Property
    void isExactOnSmallIntegers(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images, @ForAll Pass pass) {
        checkExact(ConvolutionChecks::real, images.with(Activation.IDENTITY), pass);
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images, @ForAll Pass pass) {
        checkThreads(ConvolutionChecks::real, images, pass);
    }

    @Property
    void gradientsAreAdjoint(@ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images) {
        checkAdjoint(ConvolutionChecks::real, images);
    }

    /** Images of several strips, the last one shorter, with a border and without; more channels than a tile has. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneStrip() {
        int[][] kernelStridePad = {{1, 1, 0}, {1, 2, 0}, {3, 1, 0}, {3, 2, 0}, {3, 1, 1}};
        for (int[] number : kernelStridePad) {
            ConvolutionCase large = new ConvolutionCase(
                    new WindowAxis(35, number[0], number[1], number[2], number[2], 1),
                    new WindowAxis(31, number[0], number[1], number[2], number[2], 1),
                    new Channels(1, 128, 1),
                    1,
                    Activation.RELU,
                    true,
                    0,
                    1);
            for (Pass pass : Pass.values()) {
                checkBits(ConvolutionChecks::real, large, pass, Values::normal, Pools.TWO);
            }
        }
    }

    /** Of a single small image weights are transposed where they are used, by bands of steps that begin within a kernel position. */
    @Example
    void givesTheBitsOfTheReferenceForTransposedWeights() {
        for (Channels channels : new Channels[] {new Channels(1, 270, 150), new Channels(2, 33, 150)}) {
            for (int stride = 1; stride <= 2; stride++) {
                WindowAxis axis = new WindowAxis(12, 3, stride, 1, 1, 1);
                ConvolutionCase image = new ConvolutionCase(axis, axis, channels, 1, Activation.IDENTITY, false, 1, 1);
                checkBits(ConvolutionChecks::real, image, Pass.INPUT_GRADIENT, Values::normal, Pools.ONE);
                checkBits(ConvolutionChecks::real, image, Pass.INPUT_GRADIENT, Values::normal, Pools.TWO);
            }
        }
    }

    /** The weight gradient copies images in strips of its own, of several panels' pixels each. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneStripOfTheWeightGradient() {
        for (int channels : new int[] {29, 64, 128}) {
            ConvolutionCase large = new ConvolutionCase(
                    new WindowAxis(35, 3, 1, 1, 1, 1),
                    new WindowAxis(31, 3, 2, 1, 0, 1),
                    new Channels(1, channels, 18),
                    2,
                    Activation.RELU,
                    true,
                    1,
                    1);
            checkBits(ConvolutionChecks::real, large, Pass.WEIGHT_GRADIENT, Values::normal, Pools.TWO);
        }
    }

    /** Of one image the threads share rows and columns of the weight gradient, in blocks. Few channels are read where they lie. */
    @Example
    void givesTheBitsOfTheReferenceForBlocksOfColumns() {
        for (Channels channels : new Channels[] {
            new Channels(1, 70, 150),
            new Channels(1, 20, 300),
            new Channels(2, 20, 150),
            new Channels(1, 130, 31),
            new Channels(1, 64, 64),
            new Channels(1, 64, 65),
            new Channels(1, 5, 3)
        }) {
            ConvolutionCase wide = new ConvolutionCase(
                    new WindowAxis(13, 1, 1, 0, 0, 1),
                    new WindowAxis(12, 1, 1, 0, 0, 1),
                    channels,
                    1,
                    Activation.RELU,
                    true,
                    1,
                    1);
            checkBits(ConvolutionChecks::real, wide, Pass.WEIGHT_GRADIENT, Values::normal, Pools.TWO);
        }
    }

    /** Blocks of columns are whole panels, so that the last one may be wider than the others. */
    @Example
    void givesTheBitsOfTheReferenceForAWideLastBlockOfColumns() {
        for (int kernel : new int[] {1, 3}) {
            ConvolutionCase wide = new ConvolutionCase(
                    new WindowAxis(13, kernel, 1, kernel / 2, kernel / 2, 1),
                    new WindowAxis(12, kernel, 1, kernel / 2, kernel / 2, 1),
                    new Channels(1, 19, 508),
                    5,
                    Activation.RELU,
                    true,
                    1,
                    1);
            checkBits(ConvolutionChecks::real, wide, Pass.WEIGHT_GRADIENT, Values::normal, Pools.TWO);
        }
    }

    /** More weights than one task computes of their gradient, and more images than chunks. */
    @Example
    void givesTheBitsOfTheReferenceForManyChannels() {
        for (Channels channels :
                new Channels[] {new Channels(1, 70, 131), new Channels(1, 128, 33), new Channels(3, 33, 97)}) {
            ConvolutionCase deep = new ConvolutionCase(
                    new WindowAxis(3, 3, 2, 1, 2, 1),
                    new WindowAxis(2, 3, 1, 1, 1, 1),
                    channels,
                    19,
                    Activation.TANH,
                    true,
                    1,
                    1);
            for (Pass pass : Pass.values()) {
                checkBits(ConvolutionChecks::real, deep, pass, Values::normal, Pools.TWO);
            }
        }
    }

    /** Small images, which are taken together: one group, several, and a last one that is not full. */
    @Example
    void givesTheBitsOfTheReferenceForManySmallImages() {
        for (int batch : new int[] {1, 2, 9, 70}) {
            for (int size = 1; size <= 5; size += 2) {
                for (int stride = 1; stride <= 2; stride++) {
                    ConvolutionCase small = new ConvolutionCase(
                            new WindowAxis(size, 3, stride, 1, 1, 1),
                            new WindowAxis(size + 1, 3, stride, 1, 1, 1),
                            new Channels(1, 40, 37),
                            batch,
                            Activation.RELU,
                            true,
                            1,
                            batch);
                    for (Pass pass : Pass.values()) {
                        checkBits(ConvolutionChecks::real, small, pass, Values::rarelySpecial, Pools.ONE);
                        checkBits(ConvolutionChecks::real, small, pass, Values::rarelySpecial, Pools.TWO);
                    }
                }
            }
        }
    }

    /** Enough pixels and channels for rows that are mirrored, with strides and dilations that divide each other and that do not. */
    @Example
    void givesTheBitsOfTheReferenceForMirroredRows() {
        for (int kernel = 2; kernel <= 5; kernel++) {
            for (int stride = 1; stride <= 4; stride++) {
                for (int dilation = 1; dilation <= 3; dilation++) {
                    ConvolutionCase mirrored = new ConvolutionCase(
                            new WindowAxis(13, 3, stride, 1, 2, 1),
                            new WindowAxis(14, kernel, stride, 2, 1, dilation),
                            new Channels(1, 19, 37),
                            3,
                            Activation.IDENTITY,
                            true,
                            1,
                            kernel);
                    checkBits(ConvolutionChecks::real, mirrored, Pass.INPUT_GRADIENT, Values::rarelySpecial, Pools.TWO);
                }
            }
        }
    }

    /**
     * Products with the zeros around an image are not taken one by one: at every side and corner, of one strip and several, of runs of
     * one position and of all in a row, where they leave zeros of both signs, and NaN.
     */
    @Example
    void givesTheBitsOfTheReferenceWhereZerosAreLeftOut() {
        WindowAxis[] axes = {
            new WindowAxis(7, 3, 1, 1, 1, 1),
            new WindowAxis(6, 5, 1, 2, 2, 1),
            new WindowAxis(9, 3, 2, 1, 1, 1),
            new WindowAxis(8, 3, 1, 2, 2, 2),
            new WindowAxis(5, 4, 1, 2, 1, 1),
            new WindowAxis(2, 5, 1, 4, 4, 1)
        };
        for (int i = 0; i < axes.length; i++) {
            for (int step = 0; step < 2; step++) {
                checkZerosLeftOut(axes[i], axes[(i + step) % axes.length], new Channels(1, 35, 66), 6);
                checkZerosLeftOut(axes[i], axes[(i + 3 * step) % axes.length], new Channels(1, 12, 33), 6);
            }
        }
        WindowAxis large = new WindowAxis(24, 3, 1, 1, 1, 1);
        checkZerosLeftOut(large, large, new Channels(1, 33, 34), 6);
        // Parts of a run that end within a position of the kernel.
        checkZerosLeftOut(axes[1], axes[1], new Channels(1, 90, 34), 3);
        // Images together, the last ones fewer.
        WindowAxis small = new WindowAxis(4, 3, 1, 1, 1, 1);
        checkZerosLeftOut(small, small, new Channels(1, 35, 36), 17);
    }

    private static void packed(Convolution convolution, Call call, Parallelism parallelism, Workspace workspace) {
        PackedWeights weights = PackedWeights.of(convolution.geometry(), call.right());
        convolution.forward(
                call.left(), weights, call.bias(), call.activation(), call.result(), parallelism, workspace);
    }

    private static void checkZerosLeftOut(WindowAxis rows, WindowAxis columns, Channels channels, int batch) {
        ConvolutionCase bordered =
                new ConvolutionCase(rows, columns, channels, batch, Activation.IDENTITY, true, 1, rows.input());
        for (Pass pass : new Pass[] {Pass.FORWARD, Pass.INPUT_GRADIENT}) {
            checkBits(ConvolutionChecks::real, bordered, pass, Values::tiny, Pools.ONE);
            checkBits(ConvolutionChecks::real, bordered, pass, Values::tiny, Pools.TWO);
        }
        checkBits(ConvolutionProperties::packed, bordered, Pass.FORWARD, Values::tiny, Pools.ONE);
    }

    /** Several strips, panels and parts of a sum; and few channels, whose input gradient goes along the pixels. */
    @Example
    void givesTheBitsOfTheReferenceForLongSums() {
        for (Channels channels : new Channels[] {new Channels(1, 44, 148), new Channels(1, 3, 70)}) {
            for (int stride = 1; stride <= 2; stride++) {
                ConvolutionCase long3x3 = new ConvolutionCase(
                        new WindowAxis(22, 3, stride, 1, 1, 1),
                        new WindowAxis(23, 3, stride, 1, 0, 1),
                        channels,
                        2,
                        Activation.RELU,
                        true,
                        1,
                        1);
                for (Pass pass : Pass.values()) {
                    checkBits(ConvolutionChecks::real, long3x3, pass, Values::normal, Pools.TWO);
                }
            }
        }
    }

    @Example
    void givesTheBitsOfTheReferenceWhereTheStridesProductOverflows() {
        ConvolutionCase sparse = new ConvolutionCase(
                new WindowAxis(5, 2, 1 << 16, 1, 1, 1),
                new WindowAxis(4, 2, 1 << 16, 0, 0, 1),
                new Channels(1, 3, 5),
                2,
                Activation.IDENTITY,
                true,
                1,
                1);
        for (Pass pass : Pass.values()) {
            checkBits(ConvolutionChecks::real, sparse, pass, Values::normal, Pools.ONE);
        }
    }

    /** A sequence is an image of one row. */
    @Example
    void aSequenceIsAnImageOfOneRow() {
        Convolution convolution = Convolution.of(
                ConvolutionGeometry.oneDimensional(3, 1, 1).withStride(1, 2).withPadding(0, 1, 0, 1), 1, 5);
        Tensor sequence = Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 5, 1);
        Tensor x = sequence.reshape(Shape.of(1, 1, 5, 1));
        Tensor y = Tensor.zeros(1, 1, 3, 1);
        Tensor w = Tensor.of(new float[] {1, 10, 100}, 1, 3, 1, 1);
        convolution.forward(x, w, null, Activation.IDENTITY, y, Pools.ONE, new Workspace());
        Bits.assertSame(new float[] {210, 432, 54}, y.toArray());
    }

    /** Dense and depthwise: the sum, then the residual, then the activation. */
    @Property(tries = 60)
    void addsTheResidualBeforeTheActivation(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase dense,
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase depthwise,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkResidual(ConvolutionChecks::withResidual, dense, parallelism);
        checkResidual(ConvolutionChecks::withResidual, depthwise, parallelism);
    }

    /** The zeros of the border take part, so an infinite weight makes NaNs there. */
    @Example
    void infinityTimesPaddingIsNaN() {
        Convolution same = Convolution.of(ConvolutionGeometry.of(1, 3, 1, 1).same(), 1, 4);
        Tensor x = Tensor.of(new float[] {1, 1, 1, 1}, 1, 1, 4, 1);
        Tensor w = Tensor.of(new float[] {Float.POSITIVE_INFINITY, 1, 1}, 1, 3, 1, 1);
        Tensor y = Tensor.zeros(1, 1, 4, 1);
        same.forward(x, w, null, Activation.IDENTITY, y, Pools.ONE, new Workspace());
        float infinity = Float.POSITIVE_INFINITY;
        Bits.assertSame(new float[] {Float.NaN, infinity, infinity, infinity}, y.toArray());
    }
}
