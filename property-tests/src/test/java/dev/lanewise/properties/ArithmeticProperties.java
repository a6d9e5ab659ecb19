package dev.lanewise.properties;

import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Parallelism;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Arithmetic that spreads one tensor over another, and its gradients, against their references. */
@Tag("widths")
class ArithmeticProperties {
    private static List<Trial> trials(ArithmeticTrials operation, BiFunction<Random, Integer, float[]> values) {
        return List.of(operation.forward(values), operation.inPlace(values), operation.gradient(values));
    }

    @Property
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ArithmeticTrials.Any.class) ArithmeticTrials operation,
            @ForAll(supplier = Offsets.class) int offset,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        trials(operation, Values::normal).forEach(trial -> trial.checkBits(offset, parallelism));
    }

    @Property
    void treatsSpecialValuesAsTheReferenceDoes(
            @ForAll(supplier = ArithmeticTrials.Any.class) ArithmeticTrials operation,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        trials(operation, Values::mixed).forEach(trial -> trial.checkBits(0, parallelism));
        trials(operation, Values::rarelySpecial).forEach(trial -> trial.checkBits(0, parallelism));
    }

    @Property
    void staysWithinTheRoundingOfTheTruth(@ForAll(supplier = ArithmeticTrials.Any.class) ArithmeticTrials operation) {
        trials(operation, Values::normal).forEach(Trial::checkTruth);
    }

    @Property(tries = 50)
    void givesTheSameBitsForAnyNumberOfThreads(
            @ForAll(supplier = ArithmeticTrials.Any.class) ArithmeticTrials operation) {
        trials(operation, Values::normal).forEach(Trial::checkThreads);
    }
}
