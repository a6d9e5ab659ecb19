package dev.lanewise.properties;

import static dev.lanewise.properties.WinogradChecks.checkBits;
import static dev.lanewise.properties.WinogradChecks.checkBounds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.properties.ConvolutionCase.Channels;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Convolutions by Winograd's algorithm, and where it is used. */
@Tag("widths")
class WinogradProperties {
    private static final ConvolutionGeometry SUITED = ConvolutionGeometry.of(3, 3, 16, 16);

    @Property(tries = 40)
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ConvolutionCase.Winograd.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(ConvolutionChecks::real, images, pass, Values::normal, parallelism);
    }

    @Property(tries = 40)
    void carriesSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = ConvolutionCase.Winograd.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        checkBits(ConvolutionChecks::real, images, pass, Values::rarelySpecial, parallelism);
    }

    @Property(tries = 40)
    void staysWithinTheBound(
            @ForAll(supplier = ConvolutionCase.Winograd.class) ConvolutionCase images, @ForAll Pass pass) {
        checkBounds(ConvolutionChecks::real, images, pass, Values::normal);
        checkBounds(ConvolutionChecks::real, images, pass, Values::integers);
    }

    @Property(tries = 20)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = ConvolutionCase.Winograd.class) ConvolutionCase images, @ForAll Pass pass) {
        ConvolutionChecks.checkThreads(ConvolutionChecks::real, images, images.fast(), pass);
    }

    @Property(tries = 20)
    void addsTheResidualBeforeTheActivation(
            @ForAll(supplier = ConvolutionCase.Winograd.class) ConvolutionCase images,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        ConvolutionChecks.checkResidual(ConvolutionChecks::withResidual, images, images.fast(), parallelism);
    }

    /** Several strips, more channels than a panel has steps and than a tile has columns. */
    @Example
    void givesTheBitsOfTheReferenceBeyondOneStrip() {
        ConvolutionCase large = new ConvolutionCase(
                new WindowAxis(27, 3, 1, 1, 1, 1),
                new WindowAxis(26, 3, 1, 1, 1, 1),
                new Channels(1, 300, 150),
                2,
                Activation.RELU,
                true,
                1,
                1);
        for (Pass pass : Pass.values()) {
            checkBits(ConvolutionChecks::real, large, pass, Values::normal, Pools.TWO);
        }
    }

    @Example
    void isUsedWhereTheGeometryAllowsIt() {
        assertTrue(fast(SUITED).usesWinograd(2));
        assertTrue(fast(SUITED.withPadding(0, 5, 3, 1)).usesWinograd(2));
        assertFalse(Convolution.of(SUITED, 18, 18).usesWinograd(2));
        assertFalse(fast(SUITED).usesWinograd(1));
        assertFalse(fast(SUITED.withStride(1, 2)).usesWinograd(9));
        assertFalse(fast(SUITED.withDilation(2, 1)).usesWinograd(9));
        assertFalse(fast(SUITED.withGroups(2)).usesWinograd(9));
        assertFalse(fast(SUITED.withGroups(16)).usesWinograd(9));
        assertFalse(fast(ConvolutionGeometry.of(3, 3, 15, 16)).usesWinograd(9));
        assertFalse(fast(ConvolutionGeometry.of(3, 3, 16, 15)).usesWinograd(9));
        assertFalse(fast(ConvolutionGeometry.of(3, 1, 16, 16)).usesWinograd(9));
        assertFalse(fast(ConvolutionGeometry.of(5, 3, 16, 16)).usesWinograd(9));
        assertEquals(ConvAlgorithm.FAST, fast(SUITED).algorithm());
        assertEquals(ConvAlgorithm.EXACT, Convolution.of(SUITED, 18, 18).algorithm());
    }

    /** Elsewhere the sums are exact ones. */
    @Property(tries = 60)
    void fallsBackToExactSums(@ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images, @ForAll Pass pass) {
        Convolution fast = images.fast();
        assertFalse(fast.usesWinograd(images.batch()));
        float[] exact = images.call(pass, Values::normal).run(ConvolutionChecks::real, images.convolution(), Pools.ONE);
        Bits.assertSame(exact, images.call(pass, Values::normal).run(ConvolutionChecks::real, fast, Pools.ONE));
    }

    private static Convolution fast(ConvolutionGeometry geometry) {
        return Convolution.of(geometry, 18, 18, ConvAlgorithm.FAST);
    }
}
