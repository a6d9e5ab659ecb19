package dev.lanewise.properties;

import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Attention and its gradients against their references. */
@Tag("widths")
class AttentionProperties {
    @Property(tries = 100)
    void givesTheBitsOfTheReference(
            @ForAll(supplier = AttentionTrials.Any.class) AttentionTrials attention,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        attention.forward(Values::normal).checkBits(offset, parallelism);
        attention.gradient(Values::normal).checkBits(offset, parallelism);
    }

    @Property(tries = 100)
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = AttentionTrials.Any.class) AttentionTrials attention,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        attention.forward(Values::mixed).checkBits(0, parallelism);
        attention.forward(Values::rarelySpecial).checkBits(0, parallelism);
        attention.gradient(Values::rarelySpecial).checkBits(0, parallelism);
    }

    @Property(tries = 100)
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = AttentionTrials.Any.class) AttentionTrials attention) {
        attention.forward(Values::normal).checkTruth();
        attention.gradient(Values::normal).checkTruth();
    }

    @Property(tries = 30)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = AttentionTrials.Any.class) AttentionTrials attention) {
        attention.forward(Values::normal).checkThreads();
        attention.gradient(Values::normal).checkThreads();
    }
}
