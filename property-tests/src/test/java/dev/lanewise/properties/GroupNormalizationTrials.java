package dev.lanewise.properties;

import static dev.lanewise.properties.support.Rounding.bound;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.GroupNormalization;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.GroupNormalizationReference;
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

/**
 * Group normalisation, instance normalisation among it.
 *
 * @param batch the number of examples
 * @param positions of an example
 * @param groups of channels
 * @param size of a group
 * @param seed of the values
 */
record GroupNormalizationTrials(int batch, int positions, int groups, int size, long seed) {
    private static final double EPSILON = 1e-3;

    /** Rows that are summed in float. */
    private static final int CHUNK = 64;

    /** The kernels. */
    enum Operation {
        FORWARD,
        FORWARD_IN_PLACE,
        FORWARD_RELU,
        GRADIENT,
        GRADIENT_IN_PLACE,
        GRADIENT_RELU
    }

    /** Any examples, so many that tasks and chunks have neighbours. */
    static final class Any implements ArbitrarySupplier<GroupNormalizationTrials> {
        @Override
        public Arbitrary<GroupNormalizationTrials> get() {
            return Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3, 9),
                            Arbitraries.of(2, 3, 17, 49, 64, 65, 200),
                            Arbitraries.of(1, 2, 3, 8, 17, 32),
                            Arbitraries.of(1, 2, 3, 4, 5, 16),
                            Arbitraries.longs())
                    .as(GroupNormalizationTrials::new)
                    .withoutEdgeCases();
        }
    }

    Trial trial(Operation operation, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        int channels = groups * size;
        float[] x = values.apply(random, batch * positions * channels);
        float[] dy = values.apply(random, x.length);
        float[] weight = values.apply(random, channels);
        float[] bias = values.apply(random, channels);
        return switch (operation) {
            case FORWARD -> forward(x, weight, bias, Activation.IDENTITY, false);
            case FORWARD_IN_PLACE -> forward(x, weight, bias, Activation.IDENTITY, true);
            case FORWARD_RELU -> forward(x, weight, bias, Activation.RELU, false);
            case GRADIENT -> gradient(x, weight, bias, dy, Activation.IDENTITY, false);
            case GRADIENT_IN_PLACE -> gradient(x, weight, bias, dy, Activation.IDENTITY, true);
            case GRADIENT_RELU -> gradient(x, weight, bias, dy, Activation.RELU, false);
        };
    }

    private GroupNormalizationReference reference(Activation activation) {
        return new GroupNormalizationReference(
                positions, groups * size, groups, EPSILON, activation == Activation.RELU);
    }

    private int[] shape() {
        return new int[] {batch, positions, groups * size};
    }

    private Trial forward(float[] x, float[] weight, float[] bias, Activation activation, boolean inPlace) {
        GroupNormalization kernel = GroupNormalization.of(groups, EPSILON, activation);
        GroupNormalizationReference reference = reference(activation);
        Argument in = inPlace ? Argument.inOut(x, shape()) : Argument.in(x, shape());
        List<Argument> arguments = new ArrayList<>(List.of(
                in,
                Argument.in(weight, groups * size),
                Argument.in(bias, groups * size),
                Argument.out(batch, 3, groups)));
        if (!inPlace) {
            arguments.add(Argument.out(shape()));
        }
        return new Trial(
                "group normalization",
                arguments,
                (t, threads, workspace) ->
                        kernel.forward(t[0], t[1], t[2], t[inPlace ? 0 : 4], t[3], threads, workspace),
                before -> {
                    float[] statistics = reference.statistics(before[0]);
                    float[] y = reference.forward(before[0], statistics, before[1], before[2]);
                    return inPlace ? new float[][] {y, statistics} : new float[][] {statistics, y};
                },
                before -> {
                    Truth y = new Truth(
                            reference.forward(before[0], before[1], before[2]),
                            forwardBounds(before[0], before[1], before[2]));
                    Truth any = unbounded(3 * batch * groups);
                    return inPlace ? new Truth[] {y, any} : new Truth[] {any, y};
                });
    }

    private static Truth unbounded(int size) {
        double[] bounds = new double[size];
        Arrays.fill(bounds, Double.MAX_VALUE);
        return new Truth(new double[size], bounds);
    }

    /** The group of an element, counted over all examples. */
    private int group(int i) {
        return i / (positions * groups * size) * groups + i % (groups * size) / size;
    }

    /**
     * The mean of a group, the root of its variance, and how far they may be off.
     *
     * @param mean the mean
     * @param root of the variance and epsilon
     * @param meanError the error of the mean
     * @param rootError the relative error of the root
     */
    private record Moments(double mean, double root, double meanError, double rootError) {
        /** A normalised element, its largest magnitude. */
        double normalized(double x) {
            return (Math.abs(x - mean) + meanError) / root;
        }

        /** How far it may be off. */
        double off(double x) {
            return meanError / root + normalized(x) * rootError + bound(2 * normalized(x), 3);
        }
    }

    /** A deviation from a shift is at most twice the largest from the mean, and the error of the shift. */
    private Moments[] moments(double[] x) {
        Moments[] moments = new Moments[batch * groups];
        double[] means = new double[moments.length];
        double[] largest = new double[moments.length];
        double[] variances = new double[moments.length];
        double[] farthest = new double[moments.length];
        double count = positions * size;
        for (int i = 0; i < x.length; i++) {
            means[group(i)] += x[i] / count;
            largest[group(i)] = Math.max(largest[group(i)], Math.abs(x[i]));
        }
        for (int i = 0; i < x.length; i++) {
            double d = Math.abs(x[i] - means[group(i)]);
            variances[group(i)] += d * d / count;
            farthest[group(i)] = Math.max(farthest[group(i)], d);
        }
        for (int group = 0; group < moments.length; group++) {
            double d = 2 * farthest[group] + bound(largest[group], CHUNK + 2);
            double meanError = bound(d, CHUNK + 1);
            double error = bound(d * d, CHUNK + 4) + 2 * d * meanError + meanError * meanError;
            double shifted = variances[group] + EPSILON;
            moments[group] = new Moments(means[group], Math.sqrt(shifted), meanError, 0.75 * error / shifted);
        }
        return moments;
    }

    private double[] forwardBounds(double[] x, double[] weight, double[] bias) {
        Moments[] moments = moments(x);
        double[] bounds = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            Moments m = moments[group(i)];
            double w = Math.abs(weight[i % weight.length]);
            bounds[i] =
                    w * m.off(x[i]) * 1.001 + bound(w * m.normalized(x[i]) * 2 + Math.abs(bias[i % weight.length]), 4);
        }
        return bounds;
    }

    private Truth[] gradientTruth(double[][] before, int dx, GroupNormalizationReference reference) {
        double[] x = before[0];
        double[] w = before[2];
        double[] dy = before[4];
        int channels = w.length;
        NormalizationGradients all = reference.gradient(x, w, before[3], dy, before[dx + 1], before[dx + 2]);
        Moments[] moments = moments(x);
        double[] level = new double[moments.length];
        double[] slope = new double[moments.length];
        double[] slopeError = new double[moments.length];
        double[] dweightBounds = new double[channels];
        double[] dweightErrors = new double[channels];
        double[] dbiasBounds = new double[channels];
        for (int i = 0; i < x.length; i++) {
            Moments m = moments[group(i)];
            double g = Math.abs(dy[i]);
            double share = g * Math.abs(w[i % channels]) / (positions * size);
            level[group(i)] += share;
            slope[group(i)] += share * m.normalized(x[i]);
            slopeError[group(i)] += share * m.off(x[i]);
            dweightBounds[i % channels] += g * m.normalized(x[i]);
            dweightErrors[i % channels] += g * m.off(x[i]);
            dbiasBounds[i % channels] += g;
        }
        double[] dxBounds = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int group = group(i);
            Moments m = moments[group];
            double n = m.normalized(x[i]);
            double terms = Math.abs(dy[i] * w[i % channels]) + level[group] + n * slope[group];
            double off = m.off(x[i]) * (slope[group] + slopeError[group]) + n * slopeError[group];
            dxBounds[i] = (bound(terms, CHUNK + 8) + off + terms * m.rootError) / m.root * 1.001;
        }
        for (int c = 0; c < channels; c++) {
            dweightBounds[c] =
                    dweightErrors[c] * 1.001 + bound(dweightBounds[c] + Math.abs(before[dx + 1][c]), CHUNK + 4);
            dbiasBounds[c] = bound(dbiasBounds[c] + Math.abs(before[dx + 2][c]), CHUNK + 2);
        }
        return new Truth[] {
            new Truth(all.dx(), dxBounds), new Truth(all.dweight(), dweightBounds), new Truth(all.dbias(), dbiasBounds)
        };
    }

    private Trial gradient(
            float[] x, float[] weight, float[] bias, float[] dy, Activation activation, boolean inPlace) {
        GroupNormalization kernel = GroupNormalization.of(groups, EPSILON, activation);
        GroupNormalizationReference reference = reference(activation);
        if (activation == Activation.RELU) {
            double[] z =
                    reference(Activation.IDENTITY).forward(Values.widen(x), Values.widen(weight), Values.widen(bias));
            for (int i = 0; i < z.length; i++) {
                dy[i] = Math.abs(z[i]) < 1e-3 ? 0 : dy[i];
            }
        }
        int channels = groups * size;
        Random random = new Random(seed + 1);
        Argument gradients = inPlace ? Argument.inOut(dy, shape()) : Argument.in(dy, shape());
        List<Argument> arguments = new ArrayList<>(List.of(
                Argument.in(x, shape()),
                Argument.in(reference.statistics(x), batch, 3, groups),
                Argument.in(weight, channels),
                Argument.in(bias, channels),
                gradients));
        if (!inPlace) {
            arguments.add(Argument.out(shape()));
        }
        arguments.add(Argument.inOut(Values.normal(random, channels), channels));
        arguments.add(Argument.inOut(Values.normal(random, channels), channels));
        int dx = inPlace ? 4 : 5;
        return new Trial(
                "group normalization gradient",
                arguments,
                (t, threads, workspace) ->
                        kernel.gradient(t[0], t[1], t[2], t[3], t[4], t[dx], t[dx + 1], t[dx + 2], threads, workspace),
                before -> {
                    NormalizationGradients.Floats all = reference.gradient(
                            before[0], before[1], before[2], before[3], before[4], before[dx + 1], before[dx + 2]);
                    return new float[][] {all.dx(), all.dweight(), all.dbias()};
                },
                before -> gradientTruth(before, dx, reference));
    }
}
