package dev.lanewise.properties;

import dev.lanewise.properties.LayerNormalizationTrials.Operation;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Normalisation along rows against its references. */
@Tag("widths")
class LayerNormalizationProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = LayerNormalizationTrials.Any.class) LayerNormalizationTrials matrix,
            @ForAll Operation operation,
            @ForAll boolean centered,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        matrix.trial(operation, centered, Values::normal).checkBits(offset, parallelism);
    }

    @Property
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = LayerNormalizationTrials.Any.class) LayerNormalizationTrials matrix,
            @ForAll Operation operation,
            @ForAll boolean centered,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        matrix.trial(operation, centered, Values::mixed).checkBits(0, parallelism);
        matrix.trial(operation, centered, Values::rarelySpecial).checkBits(0, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = LayerNormalizationTrials.Any.class) LayerNormalizationTrials matrix,
            @ForAll Operation operation,
            @ForAll boolean centered) {
        matrix.trial(operation, centered, Values::normal).checkTruth();
    }

    @Property(tries = 50)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = LayerNormalizationTrials.Any.class) LayerNormalizationTrials matrix,
            @ForAll Operation operation,
            @ForAll boolean centered) {
        matrix.trial(operation, centered, Values::normal).checkThreads();
    }
}
