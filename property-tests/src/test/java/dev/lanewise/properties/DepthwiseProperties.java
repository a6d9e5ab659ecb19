package dev.lanewise.properties;

import static dev.lanewise.properties.ConvolutionChecks.checkAdjoint;
import static dev.lanewise.properties.ConvolutionChecks.checkBits;
import static dev.lanewise.properties.ConvolutionChecks.checkExact;
import static dev.lanewise.properties.ConvolutionChecks.checkThreads;
import static dev.lanewise.properties.ConvolutionChecks.checkTruth;

import dev.lanewise.kernels.Activation;
import dev.lanewise.properties.ConvolutionCase.Channels;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The convolution of groups with one input channel each, and its gradients, against their references. */
@Tag("widths")
class DepthwiseProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(ConvolutionChecks::real, images, pass, Values::normal, parallelism);
    }

    @Property
    void carriesSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(ConvolutionChecks::real, images, pass, Values::rarelySpecial, parallelism);
    }

    @Property(tries = 100)
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images, @ForAll Pass pass) {
        checkTruth(ConvolutionChecks::real, images.with(Activation.IDENTITY), pass);
    }

    @Property(tries = 100)
    void isExactOnSmallIntegers(
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images, @ForAll Pass pass) {
        checkExact(ConvolutionChecks::real, images.with(Activation.IDENTITY), pass);
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images, @ForAll Pass pass) {
        checkThreads(ConvolutionChecks::real, images, pass);
    }

    @Property(tries = 100)
    void gradientsAreAdjoint(@ForAll(supplier = ConvolutionCase.Depthwise.class) ConvolutionCase images) {
        checkAdjoint(ConvolutionChecks::real, images);
    }

    /** Every tile: each width of kernel, with and without a stride and a border, in more than one strip and block. */
    @Example
    void everyTileGivesTheBitsOfTheReference() {
        for (int kernel = 1; kernel <= 7; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                for (int pad = 0; pad <= kernel / 2; pad += Math.max(1, kernel / 2)) {
                    ConvolutionCase images = new ConvolutionCase(
                            new WindowAxis(9, kernel, stride, pad, pad, 1),
                            new WindowAxis(37, kernel, stride, pad, pad, 1),
                            new Channels(263, 1, 1),
                            2,
                            Activation.RELU,
                            true,
                            1,
                            kernel);
                    for (Pass pass : Pass.values()) {
                        checkBits(ConvolutionChecks::real, images, pass, Values::normal, Pools.TWO);
                    }
                }
            }
        }
    }

    /** Every border of a window of 3x3: with a row or column of zeros at each side or not, of one pair of rows, several, or an odd one. */
    @Example
    void everyWindowGivesTheBitsOfTheReference() {
        for (int borders = 0; borders < 16; borders++) {
            for (int stride = 1; stride <= 2; stride++) {
                for (int height = 2; height <= 7; height++) {
                    for (int width : new int[] {2, 3, 29, 30}) {
                        checkWindow(borders, stride, height, width);
                    }
                }
            }
        }
    }

    private static void checkWindow(int borders, int stride, int height, int width) {
        int top = borders & 1;
        int bottom = borders >> 1 & 1;
        int left = borders >> 2 & 1;
        int right = borders >> 3;
        if (height + top + bottom < 3 || width + left + right < 3) {
            return;
        }
        ConvolutionCase images = new ConvolutionCase(
                new WindowAxis(height, 3, stride, top, bottom, 1),
                new WindowAxis(width, 3, stride, left, right, 1),
                new Channels(33, 1, 1),
                1,
                Activation.RELU,
                true,
                1,
                borders);
        for (Pass pass : Pass.values()) {
            checkBits(ConvolutionChecks::real, images, pass, Values::rarelySpecial, Pools.ONE);
        }
    }

    @Example
    void givesTheBitsOfTheReferenceWhereTheStridesProductOverflows() {
        ConvolutionCase sparse = new ConvolutionCase(
                new WindowAxis(5, 2, 1 << 16, 1, 1, 1),
                new WindowAxis(4, 2, 1 << 16, 0, 0, 1),
                new Channels(19, 1, 2),
                2,
                Activation.IDENTITY,
                true,
                1,
                1);
        for (Pass pass : Pass.values()) {
            checkBits(ConvolutionChecks::real, sparse, pass, Values::normal, Pools.ONE);
        }
    }
}
