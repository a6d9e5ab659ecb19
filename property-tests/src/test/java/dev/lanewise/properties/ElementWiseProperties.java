package dev.lanewise.properties;

import dev.lanewise.properties.support.Lengths;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Activations, losses, dropout, penalties and updates against their references. */
@Tag("widths")
class ElementWiseProperties {
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ElementWise.Any.class) ElementWise kernel,
            @ForAll(supplier = Lengths.class) int size,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism,
            @ForAll long seed) {
        kernel.trial(size, seed, Values::normal).checkBits(offset, parallelism);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = ElementWise.Any.class) ElementWise kernel,
            @ForAll(supplier = Lengths.class) int size,
            @ForAll(supplier = Pools.class) Parallelism parallelism,
            @ForAll long seed) {
        kernel.trial(size, seed, Values::mixed).checkBits(0, parallelism);
        kernel.trial(size, seed, Values::rarelySpecial).checkBits(0, parallelism);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = ElementWise.Any.class) ElementWise kernel,
            @ForAll(supplier = Lengths.class) int size,
            @ForAll long seed) {
        kernel.trial(size, seed, Values::normal).checkTruth();
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = ElementWise.Any.class) ElementWise kernel,
            @ForAll(supplier = Lengths.class) int size,
            @ForAll long seed) {
        kernel.trial(size, seed, Values::normal).checkThreads();
    }
}
