package dev.lanewise.properties;

import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.Upsampling;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.UpsamplingReference;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * Up-sampling to try.
 *
 * @param images mode and sizes
 * @param seed of the values
 */
record UpsamplingTrials(UpsamplingReference images, long seed) {
    /** Any sizes to any sizes, larger, equal and smaller. */
    static final class Any implements ArbitrarySupplier<UpsamplingTrials> {
        @Override
        public Arbitrary<UpsamplingTrials> get() {
            Arbitrary<Integer> extent = Arbitraries.of(1, 2, 3, 4, 5, 7, 10);
            Arbitrary<UpsamplingReference> images = Combinators.combine(
                            Arbitraries.of(Interpolation.class),
                            Arbitraries.of(0, 1, 2, 3),
                            extent,
                            extent,
                            extent,
                            extent,
                            Arbitraries.of(0, 1, 3, 4, 8, 15, 16, 17, 33, 64))
                    .as(UpsamplingReference::new);
            return Combinators.combine(images, Arbitraries.longs())
                    .as(UpsamplingTrials::new)
                    .withoutEdgeCases();
        }
    }

    private int[] input() {
        return new int[] {images.batch(), images.height(), images.width(), images.channels()};
    }

    private int[] output() {
        return new int[] {images.batch(), images.outputHeight(), images.outputWidth(), images.channels()};
    }

    Trial forward(BiFunction<Random, Integer, float[]> values) {
        float[] x = values.apply(new Random(seed), images.inputSize());
        return new Trial(
                "upsampling",
                List.of(Argument.in(x, input()), Argument.out(output())),
                (t, threads, workspace) -> Upsampling.forward(images.mode(), t[0], t[1], threads),
                before -> new float[][] {images.forward(before[0])},
                // Two weights, their product, and four steps of the sum.
                before -> new Truth[] {
                    new Truth(images.forward(before[0]), Rounding.bounds(images.forward(Rounding.magnitudes(x)), 7))
                });
    }

    Trial gradient(BiFunction<Random, Integer, float[]> values) {
        float[] dy = values.apply(new Random(seed), images.outputSize());
        int terms = terms(images.height(), images.outputHeight()) * terms(images.width(), images.outputWidth());
        return new Trial(
                "upsampling gradient",
                List.of(Argument.in(dy, output()), Argument.out(input())),
                (t, threads, workspace) -> Upsampling.gradient(images.mode(), t[0], t[1], threads),
                before -> new float[][] {images.gradient(before[0])},
                before -> new Truth[] {
                    new Truth(
                            images.gradient(before[0]),
                            Rounding.bounds(images.gradient(Rounding.magnitudes(dy)), 3 + terms))
                });
    }

    /** How many terms one input has in an axis, at most: outputs less than one input away from it, twice at the border. */
    private static int terms(int inputs, int outputs) {
        return Math.min(2 * outputs, 4 * (Math.ceilDiv(outputs, inputs) + 1));
    }
}
