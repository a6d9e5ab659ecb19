package dev.lanewise.properties;

import dev.lanewise.kernels.Updates;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.UpdatesReference;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** The updates of optimizers: one step from any state. Hyperparameters are no floats, to show where they are rounded. */
final class UpdateTrials {
    static final double RATE = 0.013;
    static final double MOMENTUM = 0.91;
    static final double DECAY = 0.97;
    static final double BETA1 = 0.9;
    static final double BETA2 = 0.999;
    static final double EPSILON = 1e-8;

    private UpdateTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise("sgd", UpdateTrials::sgd),
                new ElementWise("sgd with momentum", (size, random, values) -> momentum(size, random, values, false)),
                new ElementWise(
                        "sgd with Nesterov's momentum", (size, random, values) -> momentum(size, random, values, true)),
                new ElementWise("rmsprop", UpdateTrials::rmsProp),
                new ElementWise(
                        "adam", (size, random, values) -> adam(size, random, values, 1 + random.nextInt(2000))));
    }

    static Trial sgd(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        return new Trial(
                "sgd",
                List.of(
                        Argument.inOut(values.apply(random, size), size),
                        Argument.in(values.apply(random, size), size)),
                (tensors, threads, workspace) -> Updates.sgd(tensors[0], tensors[1], null, RATE, 0, threads),
                before -> {
                    UpdatesReference.sgd(before[0], before[1], null, RATE, 0, false);
                    return new float[][] {before[0]};
                },
                before -> {
                    double[] bounds = new double[size];
                    for (int i = 0; i < size; i++) {
                        bounds[i] = Rounding.bound(Math.abs(before[0][i]) + RATE * Math.abs(before[1][i]), 2);
                    }
                    UpdatesReference.sgd(before[0], before[1], new double[size], RATE, 0, false);
                    return new Truth[] {new Truth(before[0], bounds)};
                });
    }

    static Trial momentum(int size, Random random, BiFunction<Random, Integer, float[]> values, boolean nesterov) {
        return new Trial(
                "momentum",
                arguments(size, random, values, values),
                (tensors, threads, workspace) ->
                        Updates.sgd(tensors[0], tensors[1], tensors[2], RATE, MOMENTUM, nesterov, threads),
                before -> {
                    UpdatesReference.sgd(before[0], before[1], before[2], RATE, MOMENTUM, nesterov);
                    return new float[][] {before[0], before[2]};
                },
                before -> {
                    double[] bounds = new double[size];
                    double[] velocityBounds = new double[size];
                    for (int i = 0; i < size; i++) {
                        double g = Math.abs(before[1][i]);
                        double velocity = MOMENTUM * Math.abs(before[2][i]) + g;
                        velocityBounds[i] = Rounding.bound(velocity, 2);
                        double step = nesterov ? g + MOMENTUM * velocity : velocity;
                        bounds[i] = Rounding.bound(Math.abs(before[0][i]) + RATE * step, 6);
                    }
                    UpdatesReference.sgd(before[0], before[1], before[2], RATE, MOMENTUM, nesterov);
                    return new Truth[] {new Truth(before[0], bounds), new Truth(before[2], velocityBounds)};
                });
    }

    static Trial rmsProp(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        return new Trial(
                "rmsprop",
                arguments(size, random, values, (source, count) -> squares(values.apply(source, count))),
                (tensors, threads, workspace) ->
                        Updates.rmsProp(tensors[0], tensors[1], tensors[2], RATE, DECAY, EPSILON, threads),
                before -> {
                    UpdatesReference.rmsProp(before[0], before[1], before[2], RATE, DECAY, EPSILON);
                    return new float[][] {before[0], before[2]};
                },
                before -> {
                    double[] old = before[0].clone();
                    UpdatesReference.rmsProp(before[0], before[1], before[2], RATE, DECAY, EPSILON);
                    double[] bounds = new double[size];
                    double[] stateBounds = new double[size];
                    for (int i = 0; i < size; i++) {
                        stateBounds[i] = Rounding.bound(before[2][i], 4);
                        bounds[i] = Rounding.bound(Math.abs(old[i]) + Math.abs(before[0][i] - old[i]), 10);
                    }
                    return new Truth[] {new Truth(before[0], bounds), new Truth(before[2], stateBounds)};
                });
    }

    static Trial adam(int size, Random random, BiFunction<Random, Integer, float[]> values, long step) {
        return new Trial(
                "adam",
                List.of(
                        Argument.inOut(values.apply(random, size), size),
                        Argument.in(values.apply(random, size), size),
                        Argument.inOut(values.apply(random, size), size),
                        Argument.inOut(squares(values.apply(random, size)), size)),
                (tensors, threads, workspace) -> Updates.adam(
                        tensors[0], tensors[1], tensors[2], tensors[3], RATE, BETA1, BETA2, EPSILON, step, threads),
                before -> {
                    UpdatesReference.adam(
                            before[0], before[1], before[2], before[3], RATE, BETA1, BETA2, EPSILON, step);
                    return new float[][] {before[0], before[2], before[3]};
                },
                before -> adamTruth(before, step));
    }

    private static Truth[] adamTruth(double[][] before, long step) {
        int size = before[0].length;
        double[] old = before[0].clone();
        double[] means = new double[size];
        for (int i = 0; i < size; i++) {
            means[i] = BETA1 * Math.abs(before[2][i]) + (1 - BETA1) * Math.abs(before[1][i]);
        }
        UpdatesReference.adam(before[0], before[1], before[2], before[3], RATE, BETA1, BETA2, EPSILON, step);
        return new Truth[] {
            new Truth(before[0], adamBounds(old, means, before[3], step)),
            new Truth(before[2], Rounding.bounds(means, 3)),
            new Truth(before[3], Rounding.bounds(before[3], 4))
        };
    }

    /**
     * How far off parameters may be after a step of Adam.
     *
     * @param old the parameters before
     * @param means the magnitudes of the mean's terms, which may cancel: a step as large as they would make it
     * @param squares the means of squares that are divided by
     * @param step the number of the step
     */
    static double[] adamBounds(double[] old, double[] means, double[] squares, long step) {
        double[] bounds = new double[old.length];
        for (int i = 0; i < bounds.length; i++) {
            double root = Math.sqrt(squares[i] / (1 - Math.pow(BETA2, step))) + EPSILON;
            double largest = RATE * means[i] / (1 - Math.pow(BETA1, step)) / root;
            bounds[i] = Rounding.bound(Math.abs(old[i]) + largest, 14);
        }
        return bounds;
    }

    private static List<Argument> arguments(
            int size,
            Random random,
            BiFunction<Random, Integer, float[]> values,
            BiFunction<Random, Integer, float[]> states) {
        return List.of(
                Argument.inOut(values.apply(random, size), size),
                Argument.in(values.apply(random, size), size),
                Argument.inOut(states.apply(random, size), size));
    }

    static float[] squares(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= values[i];
        }
        return values;
    }
}
