package dev.lanewise.properties;

import static dev.lanewise.properties.support.Rounding.bound;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.BatchNormalization;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Sizes;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.BatchNormalizationReference;
import dev.lanewise.reference.NormalizationGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Batch normalisation and its parts.
 *
 * @param rows the number of rows
 * @param channels their length
 * @param seed of the values
 */
record BatchNormalizationTrials(int rows, int channels, long seed) {
    private static final double EPSILON = 1e-5;

    /** Rows that are summed in float. */
    private static final int CHUNK = 64;

    /** The kernels. */
    enum Operation {
        STATISTICS,
        FOLLOW,
        FORWARD,
        FORWARD_IN_PLACE,
        FORWARD_RELU,
        GRADIENT,
        GRADIENT_IN_PLACE,
        GRADIENT_RELU,
        GRADIENT_OF_FIXED
    }

    /** Any rows, so many that tasks and chunks have neighbours. */
    static final class Any implements ArbitrarySupplier<BatchNormalizationTrials> {
        @Override
        public Arbitrary<BatchNormalizationTrials> get() {
            return Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3, 5, 17, 63, 64, 65, 128, 200, 600),
                            Arbitraries.frequencyOf(
                                    Tuple.of(40, new Sizes().get()), Tuple.of(1, Arbitraries.of(512, 513, 1030))),
                            Arbitraries.longs())
                    .as(BatchNormalizationTrials::new)
                    .withoutEdgeCases();
        }
    }

    Trial trial(Operation operation, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] x = values.apply(random, rows * channels);
        float[] dy = values.apply(random, rows * channels);
        float[] weight = values.apply(random, channels);
        float[] bias = values.apply(random, channels);
        float[] statistics = statistics(random, values);
        return switch (operation) {
            case STATISTICS -> statistics(values);
            case FOLLOW -> follow(statistics, weight, bias);
            case FORWARD -> forward(x, statistics, weight, bias, Activation.IDENTITY, false);
            case FORWARD_IN_PLACE -> forward(x, statistics, weight, bias, Activation.IDENTITY, true);
            case FORWARD_RELU -> forward(x, statistics, weight, bias, Activation.RELU, false);
            case GRADIENT -> gradient(x, statistics, weight, bias, dy, Activation.IDENTITY, true, false);
            case GRADIENT_IN_PLACE -> gradient(x, statistics, weight, bias, dy, Activation.IDENTITY, true, true);
            case GRADIENT_RELU -> gradient(x, statistics, weight, bias, dy, Activation.RELU, true, false);
            case GRADIENT_OF_FIXED -> gradient(x, statistics, weight, bias, dy, Activation.IDENTITY, false, false);
        };
    }

    /** Means and variances as they may be, those of x or of others. */
    private float[] statistics(Random random, BiFunction<Random, Integer, float[]> values) {
        float[] statistics = values.apply(random, 3 * channels);
        for (int c = 0; c < channels; c++) {
            statistics[channels + c] *= 0x1p-25f;
            statistics[2 * channels + c] = Math.abs(statistics[2 * channels + c]) + 0.25f;
        }
        return statistics;
    }

    private BatchNormalizationReference reference(Activation activation) {
        return new BatchNormalizationReference(channels, EPSILON, activation == Activation.RELU);
    }

    private Trial statistics(BiFunction<Random, Integer, float[]> values) {
        BatchNormalizationTrials some = new BatchNormalizationTrials(Math.max(1, rows), Math.max(1, channels), seed);
        return some.statistics(values.apply(new Random(seed), some.rows * some.channels));
    }

    Trial statistics(float[] x) {
        BatchNormalizationReference reference = reference(Activation.IDENTITY);
        return new Trial(
                "batch statistics",
                List.of(Argument.in(x, rows, channels), Argument.out(3, channels)),
                (t, threads, workspace) -> BatchNormalization.statistics(t[0], t[1], threads, workspace),
                before -> new float[][] {reference.statistics(before[0])},
                before -> new Truth[] {
                    new Truth(
                            reference.statistics(before[0]),
                            statisticsBounds(before[0], reference.statistics(before[0])))
                });
    }

    /**
     * The errors of means and variances. With d the deviations from the shifts, and e those of the shifts from the mean:
     * the sum of d has 64 roundings and that of d itself, the sum of d² two more; double adds nothing of note.
     */
    private double[] statisticsBounds(double[] x, double[] truth) {
        double[] bounds = new double[3 * channels];
        for (int c = 0; c < channels; c++) {
            double deviations = 0;
            double squares = 0;
            double farthest = 0;
            for (int from = 0; from < rows; from += CHUNK) {
                int to = Math.min(rows, from + CHUNK);
                double mean = 0;
                double magnitude = 0;
                for (int row = from; row < to; row++) {
                    mean += x[row * channels + c] / (to - from);
                    magnitude += Math.abs(x[row * channels + c]) / (to - from);
                }
                double shift = bound(magnitude, CHUNK + 2);
                farthest = Math.max(farthest, Math.abs(mean - truth[c]) + shift);
                for (int row = from; row < to; row++) {
                    double d = Math.abs(x[row * channels + c] - mean) + shift;
                    deviations += d / rows;
                    squares += d * d / rows;
                }
            }
            double mean = bound(deviations, CHUNK + 1) + 0x1p-48 * Math.abs(truth[c]);
            bounds[c] = mean + bound(Math.abs(truth[c]), 1);
            bounds[channels + c] = bounds[c];
            bounds[2 * channels + c] =
                    bound(squares, CHUNK + 4) + 2 * farthest * mean + mean * mean + bound(truth[2 * channels + c], 1);
        }
        return bounds;
    }

    private Trial follow(float[] statistics, float[] mean, float[] variance) {
        BatchNormalizationReference reference = reference(Activation.IDENTITY);
        int count = Math.max(2, rows);
        return new Trial(
                "running statistics",
                List.of(
                        Argument.in(statistics, 3, channels),
                        Argument.inOut(mean, channels),
                        Argument.inOut(variance, channels)),
                (t, threads, workspace) -> BatchNormalization.follow(t[0], count, 0.1, t[1], t[2]),
                before -> {
                    double[] running = reference.follow(
                            Values.widen(before[0]), count, 0.1, Values.widen(before[1]), Values.widen(before[2]));
                    return new float[][] {narrow(running, 0), narrow(running, channels)};
                },
                before -> {
                    double[] running = reference.follow(before[0], count, 0.1, before[1], before[2]);
                    double[] means = Arrays.copyOfRange(running, 0, channels);
                    double[] variances = Arrays.copyOfRange(running, channels, 2 * channels);
                    return new Truth[] {
                        new Truth(means, Rounding.bounds(magnitudes(means), 1)),
                        new Truth(variances, Rounding.bounds(magnitudes(variances), 1))
                    };
                });
    }

    private static double[] magnitudes(double[] values) {
        return Arrays.stream(values).map(Math::abs).toArray();
    }

    private float[] narrow(double[] values, int from) {
        float[] narrow = new float[channels];
        for (int c = 0; c < channels; c++) {
            narrow[c] = (float) values[from + c];
        }
        return narrow;
    }

    private Trial forward(
            float[] x, float[] statistics, float[] weight, float[] bias, Activation activation, boolean inPlace) {
        BatchNormalization kernel = BatchNormalization.of(EPSILON, activation);
        BatchNormalizationReference reference = reference(activation);
        Argument in = inPlace ? Argument.inOut(x, rows, channels) : Argument.in(x, rows, channels);
        List<Argument> arguments = new ArrayList<>(List.of(
                in, Argument.in(statistics, 3, channels), Argument.in(weight, channels), Argument.in(bias, channels)));
        if (!inPlace) {
            arguments.add(Argument.out(rows, channels));
        }
        return new Trial(
                "batch normalization",
                arguments,
                (t, threads, workspace) ->
                        kernel.forward(t[0], t[1], t[2], t[3], t[inPlace ? 0 : 4], threads, workspace),
                before -> new float[][] {reference.forward(before[0], before[1], before[2], before[3])},
                before -> {
                    double[] y = reference.forward(before[0], before[1], before[2], before[3]);
                    double[] bounds = new double[y.length];
                    for (int i = 0; i < y.length; i++) {
                        int c = i % channels;
                        double d = Math.abs(before[0][i] - before[1][c]) + Math.abs(before[1][channels + c]);
                        double scale = Math.abs(before[2][c]) / Math.sqrt(before[1][2 * channels + c] + EPSILON);
                        bounds[i] = bound(d * scale + Math.abs(before[3][c]), 3);
                    }
                    return new Truth[] {new Truth(y, bounds)};
                });
    }

    /** Behind a ReLU, dy is 0 where the result is so near 0 that rounding decides whether it is positive. */
    private Trial gradient(
            float[] x,
            float[] statistics,
            float[] weight,
            float[] bias,
            float[] dy,
            Activation activation,
            boolean own,
            boolean inPlace) {
        BatchNormalization kernel = BatchNormalization.of(EPSILON, activation);
        BatchNormalizationReference reference = reference(activation);
        if (activation == Activation.RELU) {
            double[] z = reference(Activation.IDENTITY)
                    .forward(Values.widen(x), Values.widen(statistics), Values.widen(weight), Values.widen(bias));
            for (int i = 0; i < z.length; i++) {
                dy[i] = Math.abs(z[i]) < 1e-4 ? 0 : dy[i];
            }
        }
        Random random = new Random(seed + 1);
        float[] startWeight = Values.normal(random, channels);
        float[] startBias = Values.normal(random, channels);
        Argument gradients = inPlace ? Argument.inOut(dy, rows, channels) : Argument.in(dy, rows, channels);
        List<Argument> arguments = new ArrayList<>(List.of(
                Argument.in(x, rows, channels),
                Argument.in(statistics, 3, channels),
                Argument.in(weight, channels),
                Argument.in(bias, channels),
                gradients));
        if (!inPlace) {
            arguments.add(Argument.out(rows, channels));
        }
        arguments.add(Argument.inOut(startWeight, channels));
        arguments.add(Argument.inOut(startBias, channels));
        int dx = inPlace ? 4 : 5;
        return new Trial(
                "batch normalization gradient",
                arguments,
                (t, threads, workspace) -> {
                    if (own) {
                        kernel.gradient(t[0], t[1], t[2], t[3], t[4], t[dx], t[dx + 1], t[dx + 2], threads, workspace);
                    } else {
                        kernel.gradientOfFixed(
                                t[0], t[1], t[2], t[3], t[4], t[dx], t[dx + 1], t[dx + 2], threads, workspace);
                    }
                },
                before -> {
                    NormalizationGradients.Floats all = reference.gradient(
                            before[0], before[1], before[2], before[3], own, before[4], before[dx + 1], before[dx + 2]);
                    return new float[][] {all.dx(), all.dweight(), all.dbias()};
                },
                before -> gradientTruth(before, dx, own, reference));
    }

    private Truth[] gradientTruth(double[][] before, int dx, boolean own, BatchNormalizationReference reference) {
        double[] x = before[0];
        double[] s = before[1];
        double[] dy = before[4];
        NormalizationGradients all =
                reference.gradient(x, s, before[2], before[3], own, dy, before[dx + 1], before[dx + 2]);
        double[] sums = new double[channels];
        double[] products = new double[channels];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            sums[c] += Math.abs(dy[i]);
            products[c] += Math.abs(dy[i]) * (Math.abs(x[i] - s[c]) + Math.abs(s[channels + c]));
        }
        double[] dxBounds = new double[x.length];
        double[] dweightBounds = new double[channels];
        double[] dbiasBounds = new double[channels];
        for (int c = 0; c < channels; c++) {
            double r = 1 / Math.sqrt(s[2 * channels + c] + EPSILON);
            dweightBounds[c] = bound(r * products[c] + Math.abs(before[dx + 1][c]), CHUNK + 3);
            dbiasBounds[c] = bound(sums[c] + Math.abs(before[dx + 2][c]), CHUNK + 1);
        }
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double r = 1 / Math.sqrt(s[2 * channels + c] + EPSILON);
            double d = Math.abs(x[i] - s[c]) + Math.abs(s[channels + c]);
            double followed = own ? (sums[c] + d * r * r * products[c]) / rows : 0;
            dxBounds[i] = bound(Math.abs(before[2][c]) * r * (Math.abs(dy[i]) + followed), CHUNK + 8);
        }
        return new Truth[] {
            new Truth(all.dx(), dxBounds), new Truth(all.dweight(), dweightBounds), new Truth(all.dbias(), dbiasBounds)
        };
    }
}
