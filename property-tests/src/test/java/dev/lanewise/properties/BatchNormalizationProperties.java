package dev.lanewise.properties;

import dev.lanewise.properties.BatchNormalizationTrials.Operation;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Batch normalisation against its references. */
@Tag("widths")
class BatchNormalizationProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = BatchNormalizationTrials.Any.class) BatchNormalizationTrials matrix,
            @ForAll Operation operation,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        matrix.trial(operation, Values::normal).checkBits(offset, parallelism);
    }

    @Property
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = BatchNormalizationTrials.Any.class) BatchNormalizationTrials matrix,
            @ForAll Operation operation,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        matrix.trial(operation, Values::mixed).checkBits(0, parallelism);
        matrix.trial(operation, Values::rarelySpecial).checkBits(0, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = BatchNormalizationTrials.Any.class) BatchNormalizationTrials matrix,
            @ForAll Operation operation) {
        matrix.trial(operation, Values::normal).checkTruth();
    }

    @Property(tries = 50)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = BatchNormalizationTrials.Any.class) BatchNormalizationTrials matrix,
            @ForAll Operation operation) {
        matrix.trial(operation, Values::normal).checkThreads();
    }
}
