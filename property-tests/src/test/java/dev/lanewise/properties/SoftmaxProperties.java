package dev.lanewise.properties;

import dev.lanewise.properties.SoftmaxTrials.Operation;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Masked softmax, log-softmax and log-sum-exp against their references. */
@Tag("widths")
class SoftmaxProperties {
    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = SoftmaxTrials.Any.class) SoftmaxTrials rows,
            @ForAll Operation operation,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        rows.trial(operation, Values::normal).checkBits(offset, parallelism);
    }

    @Property
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = SoftmaxTrials.Any.class) SoftmaxTrials rows,
            @ForAll Operation operation,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        rows.trial(operation, Values::mixed).checkBits(0, parallelism);
        rows.trial(operation, Values::rarelySpecial).checkBits(0, parallelism);
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = SoftmaxTrials.Any.class) SoftmaxTrials rows, @ForAll Operation operation) {
        rows.trial(operation, Values::normal).checkTruth();
    }

    @Property(tries = 50)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = SoftmaxTrials.Any.class) SoftmaxTrials rows, @ForAll Operation operation) {
        rows.trial(operation, Values::normal).checkThreads();
    }
}
