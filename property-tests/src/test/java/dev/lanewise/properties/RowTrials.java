package dev.lanewise.properties;

import dev.lanewise.kernels.Bias;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Sizes;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.BiasReference;
import dev.lanewise.reference.SoftmaxReference;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * Kernels that run along rows: softmax with its losses, and the bias.
 *
 * @param rows the number of rows
 * @param columns their length
 * @param seed of the values
 */
record RowTrials(int rows, int columns, long seed) {
    /** The kernels. */
    enum Operation {
        SOFTMAX,
        SOFTMAX_IN_PLACE,
        SOFTMAX_GRADIENT,
        CROSS_ENTROPY,
        BIAS,
        BIAS_IN_PLACE,
        BIAS_GRADIENT
    }

    /** Any rows, so many that tasks and chunks have neighbours. */
    static final class Any implements ArbitrarySupplier<RowTrials> {
        @Override
        public Arbitrary<RowTrials> get() {
            return Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3, 5, 17, 64, 255, 256, 257, 600),
                            new Sizes().get(),
                            Arbitraries.longs())
                    .as(RowTrials::new)
                    .withoutEdgeCases();
        }
    }

    Trial trial(Operation operation, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] x = values.apply(random, rows * columns);
        float[] other = values.apply(random, rows * columns);
        float[] row = values.apply(random, columns);
        return switch (operation) {
            case SOFTMAX -> softmax(x, false);
            case SOFTMAX_IN_PLACE -> softmax(x, true);
            case SOFTMAX_GRADIENT -> softmaxGradient(reference().forward(x), other);
            case CROSS_ENTROPY -> crossEntropy(random, values);
            case BIAS -> bias(x, row, false);
            case BIAS_IN_PLACE -> bias(x, row, true);
            case BIAS_GRADIENT -> biasGradient(x, row);
        };
    }

    private SoftmaxReference reference() {
        return new SoftmaxReference(rows, columns);
    }

    private Trial softmax(float[] x, boolean inPlace) {
        Argument in = inPlace ? Argument.inOut(x, rows, columns) : Argument.in(x, rows, columns);
        return new Trial(
                "softmax",
                inPlace ? List.of(in) : List.of(in, Argument.out(rows, columns)),
                (tensors, threads, workspace) -> Softmax.forward(tensors[0], tensors[tensors.length - 1], threads),
                before -> new float[][] {reference().forward(before[0])},
                before -> {
                    double[] y = reference().forward(before[0]);
                    double[] bounds = new double[y.length];
                    Arrays.setAll(bounds, i -> Rounding.bound(y[i], 2 * exponentialRoundings(x) + 2));
                    return new Truth[] {new Truth(y, bounds)};
                });
    }

    /** Roundings of an exponential and of a sum of them: the error of the exponent, that of exp, additions. */
    private int exponentialRoundings(float[] x) {
        float range = 0;
        for (float value : x) {
            range = Math.max(range, 2 * Math.abs(value));
        }
        return (int) Math.ceil(range) + 3 + columns / 16 + 1 + 4;
    }

    private Trial softmaxGradient(float[] y, float[] dy) {
        return new Trial(
                "softmax gradient",
                List.of(Argument.in(y, rows, columns), Argument.in(dy, rows, columns), Argument.out(rows, columns)),
                (tensors, threads, workspace) -> Softmax.gradient(tensors[0], tensors[1], tensors[2], threads),
                before -> new float[][] {reference().gradient(before[0], before[1])},
                before -> {
                    double[] dx = reference().gradient(before[0], before[1]);
                    double[] bounds = new double[dx.length];
                    for (int row = 0; row < rows; row++) {
                        double dot = 0;
                        for (int i = row * columns; i < (row + 1) * columns; i++) {
                            dot += Math.abs(before[0][i] * before[1][i]);
                        }
                        for (int i = row * columns; i < (row + 1) * columns; i++) {
                            double magnitude = before[0][i] * (Math.abs(before[1][i]) + dot);
                            bounds[i] = Rounding.bound(magnitude, columns / 16 + 1 + 4 + 2);
                        }
                    }
                    return new Truth[] {new Truth(dx, bounds)};
                });
    }

    /** At least one row and one class; the mean is taken for one more argument that is written. */
    private Trial crossEntropy(Random random, BiFunction<Random, Integer, float[]> values) {
        RowTrials some = new RowTrials(Math.max(1, rows), Math.max(1, columns), seed);
        int[] labels = random.ints(some.rows, 0, some.columns).toArray();
        return some.crossEntropy(values.apply(random, some.rows * some.columns), labels);
    }

    Trial crossEntropy(float[] x, int[] labels) {
        return new Trial(
                "cross-entropy",
                List.of(Argument.in(x, rows, columns), Argument.out(rows, columns), Argument.out(1)),
                (tensors, threads, workspace) ->
                        tensors[2].fill(Softmax.crossEntropy(tensors[0], labels, tensors[1], threads, workspace)),
                before -> new float[][] {
                    reference().crossEntropyGradient(before[0], labels),
                    {reference().crossEntropy(before[0], labels)}
                },
                before -> {
                    double[] gradient = reference().crossEntropyGradient(before[0], labels);
                    double[] probabilities = reference().forward(before[0]);
                    double[] bounds = new double[gradient.length];
                    for (int i = 0; i < bounds.length; i++) {
                        boolean right = i % columns == labels[i / columns];
                        bounds[i] = Rounding.bound(probabilities[i] / rows, 2 * exponentialRoundings(x) + 3)
                                + (right ? Rounding.bound(1.0 / rows, 2) : 0);
                    }
                    double loss = reference().crossEntropy(before[0], labels);
                    // The logarithm's error is the relative error of its argument; a loss is rounded, then the mean.
                    double bound = Rounding.bound(1, exponentialRoundings(x)) + Rounding.bound(loss, 3);
                    return new Truth[] {
                        new Truth(gradient, bounds), new Truth(new double[] {loss}, new double[] {bound})
                    };
                });
    }

    private Trial bias(float[] x, float[] bias, boolean inPlace) {
        Argument in = inPlace ? Argument.inOut(x, rows, columns) : Argument.in(x, rows, columns);
        Argument added = Argument.in(bias, columns);
        return new Trial(
                "bias",
                inPlace ? List.of(in, added) : List.of(in, added, Argument.out(rows, columns)),
                (tensors, threads, workspace) -> Bias.add(tensors[0], tensors[1], tensors[inPlace ? 0 : 2], threads),
                before -> new float[][] {BiasReference.add(before[0], before[1])},
                before -> new Truth[] {
                    new Truth(
                            BiasReference.add(before[0], before[1]),
                            Rounding.bounds(BiasReference.add(Rounding.magnitudes(x), Rounding.magnitudes(bias)), 1))
                });
    }

    private Trial biasGradient(float[] dy, float[] start) {
        return new Trial(
                "bias gradient",
                List.of(Argument.in(dy, rows, columns), Argument.inOut(start, columns)),
                (tensors, threads, workspace) -> Bias.gradient(tensors[0], tensors[1], threads, workspace),
                before -> new float[][] {BiasReference.gradient(before[0], before[1])},
                before -> new Truth[] {
                    new Truth(
                            BiasReference.gradient(before[0], before[1]),
                            Rounding.bounds(
                                    BiasReference.gradient(Rounding.magnitudes(dy), Rounding.magnitudes(start)),
                                    256 + 2 + 1))
                });
    }
}
