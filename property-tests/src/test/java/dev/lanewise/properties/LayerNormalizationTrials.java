package dev.lanewise.properties;

import static dev.lanewise.properties.support.Rounding.bound;

import dev.lanewise.kernels.LayerNormalization;
import dev.lanewise.properties.support.Sizes;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.LayerNormalizationReference;
import dev.lanewise.reference.NormalizationGradients;
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
 * Normalisation along rows.
 *
 * @param rows the number of rows
 * @param columns their length
 * @param seed of the values
 */
record LayerNormalizationTrials(int rows, int columns, long seed) {
    private static final double EPSILON = 1e-5;

    /** Roundings of a sum over 4096 elements in 64 lanes, or 1023 in 16: 64 additions in a lane, 6 that join lanes. */
    private static final int SUM = 64 + 6;

    /** Rows whose part of the weights' gradient is summed in float. */
    private static final int CHUNK = 32;

    /** The kernels. */
    enum Operation {
        FORWARD,
        FORWARD_WITHOUT_BIAS,
        FORWARD_IN_PLACE,
        GRADIENT,
        GRADIENT_IN_PLACE,
        GRADIENT_WITHOUT_BIAS
    }

    /** Any rows, so many that tasks and chunks have neighbours, and rows of several pieces. */
    static final class Any implements ArbitrarySupplier<LayerNormalizationTrials> {
        @Override
        public Arbitrary<LayerNormalizationTrials> get() {
            Arbitrary<LayerNormalizationTrials> usual = Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3, 17, 31, 32, 33, 64, 200),
                            new Sizes().get().filter(size -> size > 0),
                            Arbitraries.longs())
                    .as(LayerNormalizationTrials::new);
            Arbitrary<LayerNormalizationTrials> wide = Combinators.combine(
                            Arbitraries.of(1, 2, 3, 5, 9),
                            Arbitraries.of(700, 1000, 1023, 1024, 1025, 4097, 9000),
                            Arbitraries.longs())
                    .as(LayerNormalizationTrials::new);
            return Arbitraries.frequencyOf(Tuple.of(9, usual), Tuple.of(1, wide))
                    .withoutEdgeCases();
        }
    }

    Trial trial(Operation operation, boolean centered, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] x = values.apply(random, rows * columns);
        float[] weight = values.apply(random, columns);
        float[] bias = values.apply(random, columns);
        return switch (operation) {
            case FORWARD -> forward(x, weight, bias, centered, false);
            case FORWARD_WITHOUT_BIAS -> forward(x, weight, null, centered, false);
            case FORWARD_IN_PLACE -> forward(x, weight, bias, centered, true);
            case GRADIENT -> gradient(x, weight, values.apply(random, x.length), centered, false, true);
            case GRADIENT_IN_PLACE -> gradient(x, weight, values.apply(random, x.length), centered, true, true);
            case GRADIENT_WITHOUT_BIAS -> gradient(x, weight, values.apply(random, x.length), centered, false, false);
        };
    }

    private LayerNormalizationReference reference(boolean centered) {
        return new LayerNormalizationReference(columns, EPSILON, centered);
    }

    private static LayerNormalization kernel(boolean centered) {
        return centered ? LayerNormalization.centered(EPSILON) : LayerNormalization.rootMeanSquare(EPSILON);
    }

    /** What is compared with the truth is y alone: how the statistics share its error is theirs to choose. */
    private Trial forward(float[] x, float[] weight, float[] bias, boolean centered, boolean inPlace) {
        LayerNormalizationReference reference = reference(centered);
        float[] added = bias == null ? new float[columns] : bias;
        Argument in = inPlace ? Argument.inOut(x, rows, columns) : Argument.in(x, rows, columns);
        Argument kept = Argument.out(rows, 3);
        List<Argument> parameters = List.of(in, Argument.in(weight, columns), Argument.in(added, columns), kept);
        List<Argument> arguments = inPlace
                ? parameters
                : List.of(in, parameters.get(1), parameters.get(2), kept, Argument.out(rows, columns));
        return new Trial(
                "layer normalization",
                arguments,
                (t, threads, workspace) -> kernel(centered)
                        .forward(t[0], t[1], bias == null ? null : t[2], t[inPlace ? 0 : 4], t[3], threads, workspace),
                before -> {
                    LayerNormalizationReference.FloatForward all =
                            reference.forward(before[0], before[1], bias == null ? null : before[2]);
                    return inPlace
                            ? new float[][] {all.y(), all.statistics()}
                            : new float[][] {all.statistics(), all.y()};
                },
                before -> {
                    double[] y = reference.forward(before[0], before[1], before[2]);
                    Truth truth = new Truth(y, forwardBounds(before, centered));
                    Truth any = unbounded(3 * rows);
                    return inPlace ? new Truth[] {truth, any} : new Truth[] {any, truth};
                });
    }

    private static Truth unbounded(int size) {
        double[] bounds = new double[size];
        Arrays.fill(bounds, Double.MAX_VALUE);
        return new Truth(new double[size], bounds);
    }

    /** Errors of the mean and, relatively, of the deviation, one pair for each row. */
    private double[][] errors(double[] x, boolean centered) {
        double[][] errors = new double[rows][];
        for (int row = 0; row < rows; row++) {
            double mean = 0;
            double magnitude = 0;
            for (int c = 0; c < columns; c++) {
                mean += centered ? x[row * columns + c] / columns : 0;
                magnitude += centered ? Math.abs(x[row * columns + c]) / columns : 0;
            }
            double shift = centered ? bound(magnitude, SUM + 1) : 0;
            double deviations = 0;
            double squares = 0;
            double variance = 0;
            for (int c = 0; c < columns; c++) {
                double d = Math.abs(x[row * columns + c] - mean);
                variance += d * d / columns;
                deviations += (d + shift) / columns;
                squares += (d + shift) * (d + shift) / columns;
            }
            double meanError = centered ? bound(deviations, SUM + 1) : 0;
            double varianceError = bound(squares, SUM + 3) + 2 * shift * meanError + meanError * meanError;
            double root = Math.sqrt(variance + EPSILON);
            // Half the relative error of the variance, and as much again for its curvature where that is large.
            double relative = varianceError / (variance + EPSILON);
            errors[row] = new double[] {meanError, relative < 0.5 ? relative * 0.75 : Double.MAX_VALUE, mean, root};
        }
        return errors;
    }

    private double[] forwardBounds(double[][] before, boolean centered) {
        double[][] errors = errors(before[0], centered);
        double[] bounds = new double[rows * columns];
        for (int i = 0; i < bounds.length; i++) {
            double[] e = errors[i / columns];
            double n = (Math.abs(before[0][i] - e[2]) + e[0]) / e[3];
            double weight = Math.abs(before[1][i % columns]);
            bounds[i] = weight * (e[0] / e[3] + n * e[1]) * 1.001
                    + bound(weight * n * 2 + Math.abs(before[2][i % columns]), 4);
        }
        return bounds;
    }

    private Trial gradient(float[] x, float[] weight, float[] dy, boolean centered, boolean inPlace, boolean biased) {
        LayerNormalizationReference reference = reference(centered);
        float[] statistics = reference.forward(x, weight, null).statistics();
        Random random = new Random(seed + 1);
        float[] startWeight = Values.normal(random, columns);
        float[] startBias = Values.normal(random, columns);
        Argument gradients = inPlace ? Argument.inOut(dy, rows, columns) : Argument.in(dy, rows, columns);
        Argument result = inPlace ? gradients : Argument.out(rows, columns);
        Argument bias = biased ? Argument.inOut(startBias, columns) : Argument.in(startBias, columns);
        int dx = inPlace ? 3 : 4;
        List<Argument> first = List.of(
                Argument.in(x, rows, columns),
                Argument.in(statistics, rows, 3),
                Argument.in(weight, columns),
                gradients,
                result,
                Argument.inOut(startWeight, columns),
                bias);
        List<Argument> arguments =
                inPlace ? List.of(first.get(0), first.get(1), first.get(2), gradients, first.get(5), bias) : first;
        return new Trial(
                "layer normalization gradient",
                arguments,
                (t, threads, workspace) -> kernel(centered)
                        .gradient(
                                t[0],
                                t[1],
                                t[2],
                                t[3],
                                t[dx],
                                t[dx + 1],
                                biased ? t[dx + 2] : null,
                                threads,
                                workspace),
                before -> {
                    NormalizationGradients.Floats all = reference.gradient(
                            before[0], before[1], before[2], before[3], before[dx + 1], before[dx + 2]);
                    return biased
                            ? new float[][] {all.dx(), all.dweight(), all.dbias()}
                            : new float[][] {all.dx(), all.dweight()};
                },
                before -> {
                    Truth[] all = gradientTruth(before, dx, centered);
                    return biased ? all : new Truth[] {all[0], all[1]};
                });
    }

    private Truth[] gradientTruth(double[][] before, int dx, boolean centered) {
        double[] x = before[0];
        double[] weight = before[2];
        double[] dy = before[3];
        NormalizationGradients all = reference(centered).gradient(x, weight, dy, before[dx + 1], before[dx + 2]);
        double[][] errors = errors(x, centered);
        double[] dxBounds = new double[x.length];
        double[] dweightBounds = new double[columns];
        double[] dbiasBounds = new double[columns];
        double[] products = new double[columns];
        for (int row = 0; row < rows; row++) {
            double[] e = errors[row];
            double level = 0;
            double slope = 0;
            double slopeError = 0;
            for (int c = 0; c < columns; c++) {
                double n = (Math.abs(x[row * columns + c] - e[2]) + e[0]) / e[3];
                double off = e[0] / e[3] + n * e[1] + bound(2 * n, 3);
                double g = Math.abs(dy[row * columns + c] * weight[c]);
                level += centered ? g / columns : 0;
                slope += g * n / columns;
                slopeError += g * off / columns;
                products[c] += Math.abs(dy[row * columns + c]) * n;
                dweightBounds[c] += Math.abs(dy[row * columns + c]) * off;
                dbiasBounds[c] += Math.abs(dy[row * columns + c]);
            }
            for (int c = 0; c < columns; c++) {
                double n = (Math.abs(x[row * columns + c] - e[2]) + e[0]) / e[3];
                double off = e[0] / e[3] + n * e[1] + bound(2 * n, 3);
                double g = Math.abs(dy[row * columns + c] * weight[c]);
                double terms = g + level + n * slope;
                double rounded = bound(terms, SUM + 6) + off * (slope + slopeError) + n * slopeError;
                dxBounds[row * columns + c] = (rounded + terms * e[1]) / e[3] * 1.001;
            }
        }
        for (int c = 0; c < columns; c++) {
            dweightBounds[c] = dweightBounds[c] * 1.001 + bound(products[c] + Math.abs(before[dx + 1][c]), CHUNK + 2);
            dbiasBounds[c] = bound(dbiasBounds[c] + Math.abs(before[dx + 2][c]), CHUNK + 1);
        }
        return new Truth[] {
            new Truth(all.dx(), dxBounds), new Truth(all.dweight(), dweightBounds), new Truth(all.dbias(), dbiasBounds)
        };
    }
}
