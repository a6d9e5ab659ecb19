package dev.lanewise.properties;

import dev.lanewise.properties.ReductionTrials.Operation;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Reductions and their gradients against their references. */
@Tag("widths")
class ReductionProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ReductionTrials.Any.class) ReductionTrials axes,
            @ForAll Operation operation,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        axes.trial(operation, Values::normal).checkBits(offset, parallelism);
    }

    @Property
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = ReductionTrials.Any.class) ReductionTrials axes,
            @ForAll Operation operation,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        axes.trial(operation, Values::mixed).checkBits(0, parallelism);
        axes.trial(operation, Values::rarelySpecial).checkBits(0, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = ReductionTrials.Any.class) ReductionTrials axes, @ForAll Operation operation) {
        axes.trial(operation, Values::normal).checkTruth();
    }

    @Property(tries = 50)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = ReductionTrials.Any.class) ReductionTrials axes, @ForAll Operation operation) {
        axes.trial(operation, Values::normal).checkThreads();
    }
}
