package dev.lanewise.properties;

import static dev.lanewise.properties.UpdateTrials.BETA1;
import static dev.lanewise.properties.UpdateTrials.BETA2;
import static dev.lanewise.properties.UpdateTrials.DECAY;
import static dev.lanewise.properties.UpdateTrials.EPSILON;
import static dev.lanewise.properties.UpdateTrials.RATE;

import dev.lanewise.kernels.AdaptiveUpdates;
import dev.lanewise.kernels.DecoupledUpdates;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.AdaptiveUpdatesReference;
import dev.lanewise.reference.DecoupledUpdatesReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** The updates of Adagrad, Adadelta, AMSGrad, AdamW and Lion: one step from any state. */
final class AdaptiveUpdateTrials {
    static final double WEIGHT_DECAY = 0.7;

    private AdaptiveUpdateTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise("adagrad", AdaptiveUpdateTrials::adagrad),
                new ElementWise("adadelta", AdaptiveUpdateTrials::adadelta),
                new ElementWise(
                        "amsgrad", (size, random, values) -> amsGrad(size, random, values, 1 + random.nextInt(2000))),
                new ElementWise(
                        "adamw", (size, random, values) -> adamW(size, random, values, 1 + random.nextInt(2000))),
                new ElementWise("lion", AdaptiveUpdateTrials::lion));
    }

    static Trial adagrad(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        return new Trial(
                "adagrad",
                arguments(size, random, values, 0, 1),
                (t, threads, workspace) -> AdaptiveUpdates.adagrad(t[0], t[1], t[2], RATE, EPSILON, threads),
                before -> {
                    AdaptiveUpdatesReference.adagrad(before[0], before[1], before[2], RATE, EPSILON);
                    return new float[][] {before[0], before[2]};
                },
                before -> {
                    double[] old = before[0].clone();
                    AdaptiveUpdatesReference.adagrad(before[0], before[1], before[2], RATE, EPSILON);
                    double[] bounds = new double[size];
                    for (int i = 0; i < size; i++) {
                        bounds[i] = Rounding.bound(Math.abs(old[i]) + Math.abs(before[0][i] - old[i]), 10);
                    }
                    return new Truth[] {new Truth(before[0], bounds), truth(before[2], before[2], 2)};
                });
    }

    static Trial adadelta(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        return new Trial(
                "adadelta",
                arguments(size, random, values, 0, 2),
                (t, threads, workspace) ->
                        AdaptiveUpdates.adadelta(t[0], t[1], t[2], t[3], RATE, DECAY, EPSILON, threads),
                before -> {
                    AdaptiveUpdatesReference.adadelta(before[0], before[1], before[2], before[3], RATE, DECAY, EPSILON);
                    return new float[][] {before[0], before[2], before[3]};
                },
                before -> {
                    double[] old = before[0].clone();
                    AdaptiveUpdatesReference.adadelta(before[0], before[1], before[2], before[3], RATE, DECAY, EPSILON);
                    double[] bounds = new double[size];
                    for (int i = 0; i < size; i++) {
                        bounds[i] = Rounding.bound(Math.abs(old[i]) + Math.abs(before[0][i] - old[i]), 12);
                    }
                    // Of the change's 8 roundings, its square has each twice.
                    return new Truth[] {
                        new Truth(before[0], bounds), truth(before[2], before[2], 4), truth(before[3], before[3], 20)
                    };
                });
    }

    static Trial amsGrad(int size, Random random, BiFunction<Random, Integer, float[]> values, long step) {
        return new Trial(
                "amsgrad",
                arguments(size, random, values, 1, 2),
                (t, threads, workspace) -> AdaptiveUpdates.amsGrad(
                        t[0], t[1], t[2], t[3], t[4], RATE, BETA1, BETA2, EPSILON, step, threads),
                before -> {
                    AdaptiveUpdatesReference.amsGrad(
                            before[0], before[1], before[2], before[3], before[4], RATE, BETA1, BETA2, EPSILON, step);
                    return new float[][] {before[0], before[2], before[3], before[4]};
                },
                before -> {
                    double[] old = before[0].clone();
                    double[] means = means(before[2], before[1], BETA1);
                    AdaptiveUpdatesReference.amsGrad(
                            before[0], before[1], before[2], before[3], before[4], RATE, BETA1, BETA2, EPSILON, step);
                    return new Truth[] {
                        new Truth(before[0], UpdateTrials.adamBounds(old, means, before[4], step)),
                        truth(before[2], means, 3),
                        truth(before[3], before[3], 4),
                        truth(before[4], before[4], 4)
                    };
                });
    }

    static Trial adamW(int size, Random random, BiFunction<Random, Integer, float[]> values, long step) {
        return new Trial(
                "adamw",
                arguments(size, random, values, 1, 1),
                (t, threads, workspace) -> DecoupledUpdates.adamW(
                        t[0], t[1], t[2], t[3], RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY, step, threads),
                before -> {
                    DecoupledUpdatesReference.adamW(
                            before[0],
                            before[1],
                            before[2],
                            before[3],
                            RATE,
                            BETA1,
                            BETA2,
                            EPSILON,
                            WEIGHT_DECAY,
                            step);
                    return new float[][] {before[0], before[2], before[3]};
                },
                before -> {
                    double[] old = before[0].clone();
                    double[] means = means(before[2], before[1], BETA1);
                    DecoupledUpdatesReference.adamW(
                            before[0],
                            before[1],
                            before[2],
                            before[3],
                            RATE,
                            BETA1,
                            BETA2,
                            EPSILON,
                            WEIGHT_DECAY,
                            step);
                    return new Truth[] {
                        new Truth(before[0], UpdateTrials.adamBounds(old, means, before[3], step)),
                        truth(before[2], means, 3),
                        truth(before[3], before[3], 4)
                    };
                });
    }

    static Trial lion(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        return new Trial(
                "lion",
                arguments(size, random, values, 1, 0),
                (t, threads, workspace) ->
                        DecoupledUpdates.lion(t[0], t[1], t[2], RATE, BETA1, BETA2, WEIGHT_DECAY, threads),
                before -> {
                    DecoupledUpdatesReference.lion(before[0], before[1], before[2], RATE, BETA1, BETA2, WEIGHT_DECAY);
                    return new float[][] {before[0], before[2]};
                },
                before -> {
                    double[] bounds = new double[size];
                    double[] sums = means(before[2], before[1], BETA1);
                    double[] means = means(before[2], before[1], BETA2);
                    for (int i = 0; i < size; i++) {
                        double sum = BETA1 * before[2][i] + (1 - BETA1) * before[1][i];
                        // A sum that rounding can carry over zero may step the other way.
                        double turn = Math.abs(sum) <= Rounding.bound(sums[i], 3) ? 2 * RATE : 0;
                        bounds[i] = turn + Rounding.bound(Math.abs(before[0][i]) + RATE, 4);
                    }
                    DecoupledUpdatesReference.lion(before[0], before[1], before[2], RATE, BETA1, BETA2, WEIGHT_DECAY);
                    return new Truth[] {new Truth(before[0], bounds), truth(before[2], means, 3)};
                });
    }

    private static Truth truth(double[] values, double[] magnitudes, int roundings) {
        return new Truth(values, Rounding.bounds(magnitudes, roundings));
    }

    /** The magnitudes that become a mean of gradients. */
    private static double[] means(double[] m, double[] g, double beta) {
        double[] means = new double[m.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = beta * Math.abs(m[i]) + (1 - beta) * Math.abs(g[i]);
        }
        return means;
    }

    /** Parameters, gradients, means of any sign, and means of squares. */
    private static List<Argument> arguments(
            int size, Random random, BiFunction<Random, Integer, float[]> values, int means, int squares) {
        List<Argument> arguments = new ArrayList<>();
        arguments.add(Argument.inOut(values.apply(random, size), size));
        arguments.add(Argument.in(values.apply(random, size), size));
        for (int i = 0; i < means; i++) {
            arguments.add(Argument.inOut(values.apply(random, size), size));
        }
        for (int i = 0; i < squares; i++) {
            arguments.add(Argument.inOut(UpdateTrials.squares(values.apply(random, size)), size));
        }
        return arguments;
    }
}
