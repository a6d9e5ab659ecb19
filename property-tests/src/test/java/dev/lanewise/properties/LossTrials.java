package dev.lanewise.properties;

import dev.lanewise.kernels.Losses;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.LossesReference;
import java.util.List;

/** The losses that compare element with element; the mean is taken for one more argument that is written. */
final class LossTrials {
    /** Terms that meet in a virtual lane, lanes that meet in a tree, the mean, and some for the terms themselves. */
    private static final int ROUNDINGS = 64 + 4 + 2 + 6;

    private LossTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise("mean squared error", (size, random, values) -> {
                    int some = Math.max(1, size);
                    return squaredError(values.apply(random, some), values.apply(random, some));
                }),
                new ElementWise("binary cross-entropy", (size, random, values) -> {
                    int some = Math.max(1, size);
                    return binaryCrossEntropy(values.apply(random, some), values.apply(random, some));
                }));
    }

    private static List<Argument> arguments(float[] x, float[] t) {
        int size = x.length;
        return List.of(Argument.in(x, size), Argument.in(t, size), Argument.out(size), Argument.out(1));
    }

    static Trial squaredError(float[] x, float[] t) {
        return new Trial(
                "mean squared error",
                arguments(x, t),
                (tensors, threads, workspace) -> tensors[3].fill(
                        Losses.meanSquaredError(tensors[0], tensors[1], tensors[2], threads, workspace)),
                before -> new float[][] {
                    LossesReference.meanSquaredErrorGradient(before[0], before[1]),
                    {LossesReference.meanSquaredError(before[0], before[1])}
                },
                before -> {
                    double loss = LossesReference.meanSquaredError(before[0], before[1]);
                    double[] gradient = LossesReference.meanSquaredErrorGradient(before[0], before[1]);
                    double[] bounds = new double[gradient.length];
                    for (int i = 0; i < bounds.length; i++) {
                        bounds[i] = Rounding.bound(Math.abs(gradient[i]), 3);
                    }
                    return new Truth[] {
                        new Truth(gradient, bounds),
                        new Truth(new double[] {loss}, new double[] {Rounding.bound(loss, ROUNDINGS)})
                    };
                });
    }

    static Trial binaryCrossEntropy(float[] x, float[] t) {
        return new Trial(
                "binary cross-entropy",
                arguments(x, t),
                (tensors, threads, workspace) -> tensors[3].fill(
                        Losses.binaryCrossEntropy(tensors[0], tensors[1], tensors[2], threads, workspace)),
                before -> new float[][] {
                    LossesReference.binaryCrossEntropyGradient(before[0], before[1]),
                    {LossesReference.binaryCrossEntropy(before[0], before[1])}
                },
                before -> {
                    double loss = LossesReference.binaryCrossEntropy(before[0], before[1]);
                    double[] gradient = LossesReference.binaryCrossEntropyGradient(before[0], before[1]);
                    double[] bounds = new double[gradient.length];
                    double magnitude = 0;
                    for (int i = 0; i < bounds.length; i++) {
                        double target = Math.abs(before[1][i]);
                        // A sigmoid is at most 1, log(1 + exp(-|x|)) at most log 2.
                        bounds[i] = Rounding.bound((1 + target) / bounds.length, 5);
                        magnitude += Math.abs(before[0][i]) * (1 + target) + Math.log(2);
                    }
                    double bound = Rounding.bound(magnitude / bounds.length, ROUNDINGS);
                    return new Truth[] {
                        new Truth(gradient, bounds), new Truth(new double[] {loss}, new double[] {bound})
                    };
                });
    }
}
