package dev.lanewise.properties;

import dev.lanewise.properties.support.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/**
 * A kernel that runs over elements, whatever their shape.
 *
 * @param name the kernel
 * @param factory makes a call of it
 */
record ElementWise(String name, Factory factory) {
    /** Makes a call of a kernel. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes a call.
         *
         * @param size the number of elements
         * @param random source of the values
         * @param values makes them
         * @return the call
         */
        Trial trial(int size, Random random, BiFunction<Random, Integer, float[]> values);
    }

    /** All of them. */
    static List<ElementWise> all() {
        List<ElementWise> all = new ArrayList<>();
        all.addAll(ActivationTrials.all());
        all.addAll(LossTrials.all());
        all.addAll(DropoutTrials.all());
        all.addAll(PenaltyTrials.all());
        all.addAll(ClippingTrials.all());
        all.addAll(UpdateTrials.all());
        all.addAll(AdaptiveUpdateTrials.all());
        all.addAll(ArithmeticElementTrials.all());
        return all;
    }

    /** One of them. */
    static final class Any implements ArbitrarySupplier<ElementWise> {
        @Override
        public Arbitrary<ElementWise> get() {
            return Arbitraries.of(all());
        }
    }

    Trial trial(int size, long seed, BiFunction<Random, Integer, float[]> values) {
        return factory.trial(size, new Random(seed), values);
    }

    @Override
    public String toString() {
        return name;
    }
}
