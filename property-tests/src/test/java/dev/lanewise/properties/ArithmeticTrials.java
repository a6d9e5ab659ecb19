package dev.lanewise.properties;

import dev.lanewise.kernels.Arithmetic;
import dev.lanewise.kernels.ArithmeticGradients;
import dev.lanewise.kernels.BinaryOperation;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.ArithmeticGradientsReference;
import dev.lanewise.reference.ArithmeticReference;
import dev.lanewise.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * An operation on a large tensor {@code [outer, middle, inner]} and one that is spread over it.
 *
 * @param f the operation
 * @param outer the axis before
 * @param middle the size of the small tensor
 * @param inner the axis after
 * @param aIsSmall whether a or b is the small one
 * @param seed of the values
 */
record ArithmeticTrials(BinaryOperation f, int outer, int middle, int inner, boolean aIsSmall, long seed) {
    /** Any axes, short and long, and the same shape for both. */
    static final class Any implements ArbitrarySupplier<ArithmeticTrials> {
        @Override
        public Arbitrary<ArithmeticTrials> get() {
            Arbitrary<Integer> axes = Arbitraries.of(0, 1, 1, 2, 3, 15, 16, 17, 33, 70);
            return Combinators.combine(
                            Arbitraries.of(BinaryOperation.class),
                            Arbitraries.of(0, 1, 1, 2, 5, 9, 300),
                            axes,
                            axes,
                            Arbitraries.of(true, false),
                            Arbitraries.longs())
                    .as(ArithmeticTrials::new)
                    .withoutEdgeCases();
        }
    }

    private Shape large() {
        return Shape.of(outer, middle, inner);
    }

    /** Without the leading axis, or with one of 1. */
    private Shape small() {
        return seed % 2 == 0 ? Shape.of(middle, 1) : Shape.of(1, middle, 1);
    }

    private Argument argument(float[] values, boolean isSmall) {
        return Argument.in(values, (isSmall ? small() : large()).toArray());
    }

    private float[] first(Random random, BiFunction<Random, Integer, float[]> values) {
        return values.apply(random, aIsSmall ? middle : large().size());
    }

    private float[] second(Random random, BiFunction<Random, Integer, float[]> values) {
        return values.apply(random, aIsSmall ? large().size() : middle);
    }

    Trial forward(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] a = first(random, values);
        float[] b = second(random, values);
        ArithmeticReference reference = new ArithmeticReference(outer, middle, inner);
        return new Trial(
                f.name(),
                List.of(argument(a, aIsSmall), argument(b, !aIsSmall), Argument.out(large().toArray())),
                (t, p, w) -> Arithmetic.apply(f, t[0], t[1], t[2], p),
                before -> new float[][] {reference.apply(f, before[0], before[1])},
                before -> {
                    double[] y = reference.apply(f, before[0], before[1]);
                    return new Truth[] {new Truth(y, Rounding.bounds(magnitudes(y), 1))};
                });
    }

    /** The same with the larger tensor overwritten. */
    Trial inPlace(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] a = first(random, values);
        float[] b = second(random, values);
        ArithmeticReference reference = new ArithmeticReference(outer, middle, inner);
        int[] large = large().toArray();
        return new Trial(
                f + " in place",
                List.of(
                        aIsSmall ? argument(a, true) : Argument.inOut(a, large),
                        aIsSmall ? Argument.inOut(b, large) : argument(b, true)),
                (t, p, w) -> Arithmetic.apply(f, t[0], t[1], t[aIsSmall ? 1 : 0], p),
                before -> new float[][] {reference.apply(f, before[0], before[1])},
                before -> {
                    double[] y = reference.apply(f, before[0], before[1]);
                    return new Truth[] {new Truth(y, Rounding.bounds(magnitudes(y), 1))};
                });
    }

    Trial gradient(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] a = first(random, values);
        float[] b = second(random, values);
        float[] dy = values.apply(random, large().size());
        ArithmeticGradientsReference reference = new ArithmeticGradientsReference(outer, middle, inner);
        int[] shapeOfA = (aIsSmall ? small() : large()).toArray();
        int[] shapeOfB = (aIsSmall ? large() : small()).toArray();
        return new Trial(
                f + " gradient",
                List.of(
                        argument(a, aIsSmall),
                        argument(b, !aIsSmall),
                        Argument.in(dy, large().toArray()),
                        Argument.out(shapeOfA),
                        Argument.out(shapeOfB)),
                (t, p, w) -> ArithmeticGradients.apply(f, t[0], t[1], t[2], t[3], t[4], p, w),
                before -> new float[][] {
                    reference.ofA(f, before[0], before[1], before[2]), reference.ofB(f, before[0], before[1], before[2])
                },
                before -> new Truth[] {
                    new Truth(
                            reference.ofA(f, before[0], before[1], before[2]),
                            bounds(reference.ofA(f, positive(a), positive(b), positive(dy)), before, true)),
                    new Truth(
                            reference.ofB(f, before[0], before[1], before[2]),
                            bounds(reference.ofB(f, positive(a), positive(b), positive(dy)), before, false))
                });
    }

    /** Of each element at most four roundings, three of each of two sums. Of minima, what comes from dy alone. */
    private double[] bounds(double[] ofMagnitudes, double[][] before, boolean ofA) {
        double[] magnitudes = magnitudes(ofMagnitudes);
        if (f == BinaryOperation.MIN || f == BinaryOperation.MAX) {
            ArithmeticGradientsReference reference = new ArithmeticGradientsReference(outer, middle, inner);
            double[] dy = magnitudes(before[2]);
            magnitudes = ofA
                    ? reference.ofA(BinaryOperation.ADD, before[0], before[1], dy)
                    : reference.ofB(BinaryOperation.ADD, before[0], before[1], dy);
        }
        return Rounding.bounds(magnitudes, 4 + 3 + 3);
    }

    private static double[] positive(float[] values) {
        return Rounding.magnitudes(values);
    }

    private static double[] magnitudes(double[] values) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        return magnitudes;
    }
}
