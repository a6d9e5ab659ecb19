package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.ActivationsReference;
import java.util.ArrayList;
import java.util.List;

/** The activations: forward, in place, and their gradients. */
final class ActivationTrials {
    private ActivationTrials() {}

    static List<ElementWise> all() {
        List<ElementWise> all = new ArrayList<>();
        for (Activation f : Activation.values()) {
            all.add(new ElementWise(f.name(), (size, random, values) -> forward(f, values.apply(random, size))));
            all.add(new ElementWise(
                    f.name() + " in place", (size, random, values) -> inPlace(f, values.apply(random, size))));
            all.add(new ElementWise(f.name() + " gradient", (size, random, values) -> {
                float[] y = ActivationsReference.forward(f, values.apply(random, size));
                return gradient(f, y, values.apply(random, size));
            }));
        }
        return all;
    }

    static Trial forward(Activation f, float[] x) {
        return new Trial(
                f.name(),
                List.of(Argument.in(x, x.length), Argument.out(x.length)),
                (tensors, threads, workspace) -> Activations.forward(f, tensors[0], tensors[1], threads),
                before -> new float[][] {ActivationsReference.forward(f, before[0])},
                before -> new Truth[] {truth(f, before[0])});
    }

    private static Trial inPlace(Activation f, float[] x) {
        return new Trial(
                f.name() + " in place",
                List.of(Argument.inOut(x, x.length)),
                (tensors, threads, workspace) -> Activations.forward(f, tensors[0], tensors[0], threads),
                before -> new float[][] {ActivationsReference.forward(f, before[0])},
                before -> new Truth[] {truth(f, before[0])});
    }

    /** The errors that {@link Activations} promises. */
    private static Truth truth(Activation f, double[] x) {
        double ulps = switch (f) {
            case IDENTITY, RELU -> 0;
            case SIGMOID -> 1.01;
            case TANH -> 1.3;
        };
        double[] y = ActivationsReference.forward(f, x);
        double[] bounds = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            bounds[i] = ulps * Math.ulp((float) y[i]);
        }
        return new Truth(y, bounds);
    }

    /** The gradient into dy itself, as the layers take it. */
    static Trial gradient(Activation f, float[] y, float[] dy) {
        return new Trial(
                f.name() + " gradient",
                List.of(Argument.in(y, y.length), Argument.inOut(dy, y.length)),
                (tensors, threads, workspace) -> Activations.gradient(f, tensors[0], tensors[1], tensors[1], threads),
                before -> new float[][] {ActivationsReference.gradient(f, before[0], before[1])},
                before -> {
                    double[] dx = ActivationsReference.gradient(f, before[0], before[1]);
                    double[] magnitudes = new double[dx.length];
                    for (int i = 0; i < dx.length; i++) {
                        magnitudes[i] = Math.abs(dx[i]);
                    }
                    return new Truth[] {new Truth(dx, Rounding.bounds(magnitudes, 2))};
                });
    }
}
