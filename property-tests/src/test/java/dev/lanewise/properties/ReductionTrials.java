package dev.lanewise.properties;

import dev.lanewise.kernels.ReductionGradients;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Sizes;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ReductionGradientsReference;
import dev.lanewise.reference.ReductionsReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Reductions along the middle axis of {@code [outer, extent, inner]}, and their gradients.
 *
 * @param outer the axis before
 * @param extent the axis
 * @param inner the axis after
 * @param seed of the values
 */
record ReductionTrials(int outer, int extent, int inner, long seed) {
    /** Roundings of a sum: two of floats, that of the result, and some of double for each 2^29 elements. */
    private static final int ROUNDINGS = 4;

    /** The kernels. */
    enum Operation {
        SUM,
        SUM_OF_ALL,
        MEAN,
        MEAN_OF_ALL,
        NORM,
        NORM_OF_ALL,
        DOT,
        DOT_OF_ALL,
        MAX,
        MAX_OF_ALL,
        ARGMAX,
        ARGMAX_OF_ALL,
        SUM_GRADIENT,
        MEAN_GRADIENT,
        NORM_GRADIENT,
        NORM_GRADIENT_IN_PLACE,
        MAX_GRADIENT
    }

    /** A kernel that returns a number. */
    @FunctionalInterface
    private interface All {
        float of(Tensor[] tensors, Parallelism threads, Workspace workspace);
    }

    /** Any shape; axes that are longer than a chunk. */
    static final class Any implements ArbitrarySupplier<ReductionTrials> {
        @Override
        public Arbitrary<ReductionTrials> get() {
            Arbitrary<int[]> small = Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3, 17), new Sizes().get(), Arbitraries.of(1, 1, 2, 5, 16, 33, 100))
                    .as((outer, extent, inner) -> new int[] {outer, extent, inner});
            Arbitrary<int[]> large = Arbitraries.of(
                    new int[] {1, 16_383, 1},
                    new int[] {2, 16_385, 1},
                    new int[] {3, 50_003, 1},
                    new int[] {1, 1023, 3},
                    new int[] {2, 1026, 17},
                    new int[] {2, 3, 2500},
                    new int[] {1, 5000, 20});
            return Combinators.combine(
                            Arbitraries.frequencyOf(Tuple.of(4, small), Tuple.of(1, large)), Arbitraries.longs())
                    .as((axes, seed) -> new ReductionTrials(axes[0], axes[1], axes[2], seed))
                    .withoutEdgeCases();
        }
    }

    private ReductionTrials withSome() {
        return new ReductionTrials(Math.max(1, outer), Math.max(1, extent), inner, seed);
    }

    private ReductionsReference reference() {
        return new ReductionsReference(outer, extent, inner);
    }

    private ReductionGradientsReference gradients() {
        return new ReductionGradientsReference(outer, extent, inner);
    }

    Trial trial(Operation operation, BiFunction<Random, Integer, float[]> values) {
        return switch (operation) {
            case SUM, SUM_OF_ALL, NORM, NORM_OF_ALL, DOT, DOT_OF_ALL, SUM_GRADIENT -> make(operation, values);
            default -> withSome().make(operation, values);
        };
    }

    private Trial make(Operation operation, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        int size = outer * extent * inner;
        float[] x = values.apply(random, size);
        float[] other = values.apply(random, size);
        float[] dy = values.apply(random, outer * inner);
        ReductionsReference all = new ReductionsReference(1, size, 1);
        return switch (operation) {
            case SUM ->
                along((t, p, w) -> Reductions.sum(t[0], 1, t[1], p, w), x, reference()::sum, reference()::sum, 1);
            case SUM_OF_ALL -> ofAll((t, p, w) -> Reductions.sum(t[0], p, w), x, all::sum, all::sum, 1);
            case MEAN ->
                along(
                        (t, p, w) -> Reductions.mean(t[0], 1, t[1], p, w),
                        x,
                        reference()::mean,
                        reference()::sum,
                        extent);
            case MEAN_OF_ALL -> ofAll((t, p, w) -> Reductions.mean(t[0], p, w), x, all::mean, all::sum, size);
            case NORM ->
                along(
                        (t, p, w) -> Reductions.norm(t[0], 1, t[1], p, w),
                        x,
                        reference()::norm,
                        before -> roots(reference().dot(before, before)),
                        1);
            case NORM_OF_ALL ->
                ofAll(
                        (t, p, w) -> Reductions.norm(t[0], p, w),
                        x,
                        all::norm,
                        before -> roots(all.dot(before, before)),
                        1);
            case DOT -> dot(x, other);
            case DOT_OF_ALL -> dotOfAll(x, other, all);
            case MAX ->
                exact(
                        (t, p, w) -> Reductions.max(t[0], 1, t[1], p),
                        Argument.out(outer, inner),
                        before -> reference().max(before),
                        x);
            case MAX_OF_ALL -> exact((t, p, w) -> t[1].fill(Reductions.max(t[0], p, w)), Argument.out(1), all::max, x);
            case ARGMAX ->
                exact(
                        (t, p, w) -> {
                            int[] places = new int[outer * inner];
                            Reductions.argmax(t[0], 1, places, p, w);
                            t[1].copyFrom(Tensor.of(floats(places), outer, inner));
                        },
                        Argument.out(outer, inner),
                        before -> floats(reference().argmax(before)),
                        x);
            case ARGMAX_OF_ALL ->
                exact(
                        (t, p, w) -> t[1].fill(Reductions.argmax(t[0], p, w)),
                        Argument.out(1),
                        before -> floats(all.argmax(before)),
                        x);
            case SUM_GRADIENT -> spread((t, p, w) -> ReductionGradients.sum(t[0], 1, t[1], p), dy, gradients()::sum, 1);
            case MEAN_GRADIENT ->
                spread((t, p, w) -> ReductionGradients.mean(t[0], 1, t[1], p), dy, gradients()::mean, extent);
            case NORM_GRADIENT -> normGradient(x, dy, false);
            case NORM_GRADIENT_IN_PLACE -> normGradient(x, dy, true);
            case MAX_GRADIENT -> maxGradient(x, dy);
        };
    }

    private static double[] roots(double[] squares) {
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }

    private static float[] floats(int[] places) {
        float[] floats = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            floats[i] = places[i];
        }
        return floats;
    }

    private static double[] divided(double[] values, double by) {
        return Arrays.stream(values).map(value -> value / by).toArray();
    }

    /** A kernel that takes something of each element; the truth of magnitudes bounds its error. */
    private Trial along(
            Trial.Kernel kernel,
            float[] x,
            Function<float[], float[]> bits,
            Function<double[], double[]> truth,
            double divisor) {
        return new Trial(
                "reduction",
                List.of(Argument.in(x, outer, extent, inner), Argument.out(outer, inner)),
                kernel,
                before -> new float[][] {bits.apply(before[0])},
                before -> new Truth[] {
                    new Truth(
                            divided(truth.apply(before[0]), divisor),
                            Rounding.bounds(divided(truth.apply(Rounding.magnitudes(x)), divisor), ROUNDINGS))
                });
    }

    private Trial ofAll(
            All kernel,
            float[] x,
            Function<float[], float[]> bits,
            Function<double[], double[]> truth,
            double divisor) {
        Trial trial = along((t, p, w) -> t[1].fill(kernel.of(t, p, w)), x, bits, truth, divisor);
        return new Trial(
                trial.name(),
                List.of(trial.arguments().get(0), Argument.out(1)),
                trial.kernel(),
                trial.bits(),
                trial.truth());
    }

    private Trial dot(float[] a, float[] b) {
        return products(
                Argument.out(outer, inner), (t, p, w) -> Reductions.dot(t[0], t[1], 1, t[2], p, w), a, b, reference());
    }

    private Trial dotOfAll(float[] a, float[] b, ReductionsReference all) {
        return products(Argument.out(1), (t, p, w) -> t[2].fill(Reductions.dot(t[0], t[1], p, w)), a, b, all);
    }

    private Trial products(Argument result, Trial.Kernel kernel, float[] a, float[] b, ReductionsReference reference) {
        return new Trial(
                "dot",
                List.of(Argument.in(a, outer, extent, inner), Argument.in(b, outer, extent, inner), result),
                kernel,
                before -> new float[][] {reference.dot(before[0], before[1])},
                before -> new Truth[] {
                    new Truth(
                            reference.dot(before[0], before[1]),
                            Rounding.bounds(reference.dot(Rounding.magnitudes(a), Rounding.magnitudes(b)), 1))
                });
    }

    /** A kernel whose float twin is the truth. */
    private Trial exact(Trial.Kernel kernel, Argument result, Function<float[], float[]> bits, float[] x) {
        return new Trial(
                "reduction",
                List.of(Argument.in(x, outer, extent, inner), result),
                kernel,
                before -> new float[][] {bits.apply(before[0])},
                before -> {
                    double[] y = Values.widen(bits.apply(x));
                    return new Truth[] {new Truth(y, new double[y.length])};
                });
    }

    private Trial spread(Trial.Kernel kernel, float[] dy, Function<float[], float[]> bits, double divisor) {
        return new Trial(
                "reduction gradient",
                List.of(Argument.in(dy, outer, inner), Argument.out(outer, extent, inner)),
                kernel,
                before -> new float[][] {bits.apply(before[0])},
                before -> {
                    double[] dx = divided(gradients().sum(before[0]), divisor);
                    return new Truth[] {
                        new Truth(
                                dx,
                                Rounding.bounds(Arrays.stream(dx).map(Math::abs).toArray(), 2))
                    };
                });
    }

    private Trial normGradient(float[] x, float[] dy, boolean inPlace) {
        float[] y = reference().norm(x);
        int[] shape = {outer, extent, inner};
        Argument first = inPlace ? Argument.inOut(x, shape) : Argument.in(x, shape);
        List<Argument> small = List.of(first, Argument.in(y, outer, inner), Argument.in(dy, outer, inner));
        return new Trial(
                "norm gradient",
                inPlace ? small : List.of(small.get(0), small.get(1), small.get(2), Argument.out(shape)),
                (t, p, w) -> ReductionGradients.norm(t[0], t[1], t[2], 1, t[inPlace ? 0 : 3], p, w),
                before -> new float[][] {gradients().norm(before[0], before[1], before[2])},
                before -> {
                    double[] dx = gradients().norm(before[0], before[1], before[2]);
                    return new Truth[] {
                        new Truth(
                                dx,
                                Rounding.bounds(Arrays.stream(dx).map(Math::abs).toArray(), 2))
                    };
                });
    }

    private Trial maxGradient(float[] x, float[] dy) {
        int[] places = reference().argmax(x);
        return new Trial(
                "max gradient",
                List.of(Argument.in(dy, outer, inner), Argument.out(outer, extent, inner)),
                (t, p, w) -> ReductionGradients.max(places, t[0], 1, t[1], p),
                before -> new float[][] {gradients().max(places, before[0])},
                before -> {
                    double[] dx = Values.widen(gradients().max(places, dy));
                    return new Truth[] {new Truth(dx, new double[dx.length])};
                });
    }
}
