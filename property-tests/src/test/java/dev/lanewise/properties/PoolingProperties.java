package dev.lanewise.properties;

import dev.lanewise.properties.PoolingTrials.Operation;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Pooling against its references. */
@Tag("widths")
class PoolingProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = PoolingTrials.Any.class) PoolingTrials images,
            @ForAll Operation operation,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        images.trial(operation, Values::normal).checkBits(offset, parallelism);
    }

    @Property
    void treatsTiesAndSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = PoolingTrials.Any.class) PoolingTrials images,
            @ForAll Operation operation,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        images.trial(operation, Values::integers).checkBits(0, parallelism);
        images.trial(operation, Values::mixed).checkBits(0, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = PoolingTrials.Any.class) PoolingTrials images, @ForAll Operation operation) {
        images.trial(operation, Values::normal).checkTruth();
    }

    @Property(tries = 40)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = PoolingTrials.Any.class) PoolingTrials images, @ForAll Operation operation) {
        images.trial(operation, Values::normal).checkThreads();
    }
}
