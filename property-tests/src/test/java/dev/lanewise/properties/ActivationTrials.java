package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.ParametricRelu;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.FloatRectifiers;
import dev.lanewise.reference.ParametricReluReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** The activations: forward, in place, and their gradients; those with a slope of one's own, or one for each channel. */
final class ActivationTrials {
    private static final float PARAMETER = 0.3f;

    private ActivationTrials() {}

    static List<ElementWise> all() {
        List<ElementWise> all = new ArrayList<>();
        for (Activation f : Activation.values()) {
            all.add(new ElementWise(f.name(), (size, random, values) -> forward(f, values.apply(random, size))));
            all.add(new ElementWise(
                    f.name() + " in place", (size, random, values) -> inPlace(f, values.apply(random, size))));
            all.add(new ElementWise(f.name() + " gradient", (size, random, values) -> {
                float[] kept = kept(f, values.apply(random, size));
                return gradient(f, kept, values.apply(random, size));
            }));
        }
        all.add(new ElementWise("leaky ReLU", (size, random, values) -> leakyRelu(values.apply(random, size))));
        all.add(new ElementWise(
                "leaky ReLU gradient",
                (size, random, values) -> leakyReluGradient(values.apply(random, size), values.apply(random, size))));
        all.add(new ElementWise("ELU", (size, random, values) -> elu(values.apply(random, size))));
        all.add(new ElementWise(
                "ELU gradient",
                (size, random, values) -> eluGradient(values.apply(random, size), values.apply(random, size))));
        all.add(new ElementWise("parametric ReLU", ActivationTrials::parametric));
        all.add(new ElementWise("parametric ReLU gradient", ActivationTrials::parametricGradient));
        all.add(new ElementWise("parametric ReLU slope gradient", ActivationTrials::slopeGradient));
        return all;
    }

    /** What a forward pass of x keeps. */
    static float[] kept(Activation f, float[] x) {
        return f.keepsInputs() ? x : ActivationsReference.forward(f, x);
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

    private static Truth truth(Activation f, double[] x) {
        double[] y = ActivationsReference.forward(f, x);
        double[] bounds = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            bounds[i] = FunctionErrors.ulps(f) * Math.ulp((float) y[i]);
        }
        return new Truth(y, bounds);
    }

    /** The gradient into dy itself, as the layers take it. */
    static Trial gradient(Activation f, float[] kept, float[] dy) {
        return new Trial(
                f.name() + " gradient",
                List.of(Argument.in(kept, kept.length), Argument.inOut(dy, kept.length)),
                (tensors, threads, workspace) -> Activations.gradient(f, tensors[0], tensors[1], tensors[1], threads),
                before -> new float[][] {ActivationsReference.gradient(f, before[0], before[1])},
                before -> {
                    double[] magnitudes = new double[kept.length];
                    for (int i = 0; i < magnitudes.length; i++) {
                        magnitudes[i] = Math.abs(before[1][i]) * FunctionErrors.gradientMagnitude(f, before[0][i]);
                    }
                    double[] dx = ActivationsReference.gradient(f, before[0], before[1]);
                    // A tail below the normal range is rounded before dy enlarges it.
                    double[] bounds = Rounding.bounds(magnitudes, FunctionErrors.gradientRoundings(f));
                    for (int i = 0; i < bounds.length; i++) {
                        bounds[i] += Math.abs(before[1][i]) * Float.MIN_VALUE;
                    }
                    return new Truth[] {new Truth(dx, bounds)};
                });
    }

    private static Trial leakyRelu(float[] x) {
        return pieces(
                "leaky ReLU",
                x,
                x,
                (tensors, threads, workspace) -> Activations.leakyRelu(tensors[0], PARAMETER, tensors[2], threads),
                (v, d) -> FloatRectifiers.leakyRelu(v, PARAMETER),
                (v, d) -> v > 0 ? v : v * PARAMETER,
                1);
    }

    private static Trial leakyReluGradient(float[] y, float[] dy) {
        return pieces(
                "leaky ReLU gradient",
                y,
                dy,
                (tensors, threads, workspace) ->
                        Activations.leakyReluGradient(tensors[0], PARAMETER, tensors[1], tensors[2], threads),
                (v, d) -> FloatRectifiers.leakyReluGradient(v, d, PARAMETER),
                (v, d) -> v > 0 ? d : d * PARAMETER,
                1);
    }

    private static Trial elu(float[] x) {
        return pieces(
                "ELU",
                x,
                x,
                (tensors, threads, workspace) -> Activations.elu(tensors[0], PARAMETER, tensors[2], threads),
                (v, d) -> FloatRectifiers.elu(v, PARAMETER),
                (v, d) -> v > 0 ? v : StrictMath.expm1(v) * PARAMETER,
                4);
    }

    private static Trial eluGradient(float[] y, float[] dy) {
        return pieces(
                "ELU gradient",
                y,
                dy,
                (tensors, threads, workspace) ->
                        Activations.eluGradient(tensors[0], PARAMETER, tensors[1], tensors[2], threads),
                (v, d) -> FloatRectifiers.eluGradient(v, d, PARAMETER),
                (v, d) -> v > 0 ? d : d * (v + PARAMETER),
                2);
    }

    /** A call with a kept array, a second one, and a result, and what each element of it must be. */
    private static Trial pieces(
            String name,
            float[] kept,
            float[] dy,
            Trial.Kernel kernel,
            BiFunction<Float, Float, Float> bits,
            BiFunction<Double, Double, Double> truth,
            int roundings) {
        int size = kept.length;
        return new Trial(
                name,
                List.of(Argument.in(kept, size), Argument.in(dy, size), Argument.out(size)),
                kernel,
                before -> {
                    float[] results = new float[size];
                    for (int i = 0; i < size; i++) {
                        results[i] = bits.apply(before[0][i], before[1][i]);
                    }
                    return new float[][] {results};
                },
                before -> {
                    double[] results = new double[size];
                    double[] magnitudes = new double[size];
                    for (int i = 0; i < size; i++) {
                        results[i] = truth.apply(before[0][i], before[1][i]);
                        magnitudes[i] = Math.abs(results[i]);
                    }
                    return new Truth[] {new Truth(results, Rounding.bounds(magnitudes, roundings))};
                });
    }

    /** Rows of three channels, or of as many as there are elements. */
    private static int[] rows(int size, Random random) {
        return random.nextBoolean() && size % 3 == 0 ? new int[] {size / 3, 3} : new int[] {1, size};
    }

    static Trial parametric(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        int[] extents = rows(size, random);
        return new Trial(
                "parametric ReLU",
                List.of(
                        Argument.in(values.apply(random, size), extents),
                        Argument.in(values.apply(random, extents[1]), extents[1]),
                        Argument.out(extents)),
                (tensors, threads, workspace) -> ParametricRelu.forward(tensors[0], tensors[1], tensors[2], threads),
                before -> new float[][] {ParametricReluReference.forward(before[0], before[1])},
                before -> new Truth[] {rounded(ParametricReluReference.forward(before[0], before[1]), 1)});
    }

    private static Trial parametricGradient(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        int[] extents = rows(size, random);
        return new Trial(
                "parametric ReLU gradient",
                List.of(
                        Argument.in(values.apply(random, size), extents),
                        Argument.in(values.apply(random, extents[1]), extents[1]),
                        Argument.inOut(values.apply(random, size), extents)),
                (tensors, threads, workspace) ->
                        ParametricRelu.inputGradient(tensors[0], tensors[1], tensors[2], tensors[2], threads),
                before -> new float[][] {ParametricReluReference.inputGradient(before[0], before[1], before[2])},
                before ->
                        new Truth[] {rounded(ParametricReluReference.inputGradient(before[0], before[1], before[2]), 1)
                        });
    }

    static Trial slopeGradient(int size, Random random, BiFunction<Random, Integer, float[]> values) {
        int[] extents = rows(size, random);
        return new Trial(
                "parametric ReLU slope gradient",
                List.of(
                        Argument.in(values.apply(random, size), extents),
                        Argument.in(values.apply(random, size), extents),
                        Argument.inOut(values.apply(random, extents[1]), extents[1])),
                (tensors, threads, workspace) ->
                        ParametricRelu.slopeGradient(tensors[0], tensors[1], tensors[2], threads, workspace),
                before -> new float[][] {ParametricReluReference.slopeGradient(before[0], before[1], before[2])},
                before -> {
                    double[] start = before[2].clone();
                    double[] terms = before[1].clone();
                    for (int c = 0; c < start.length; c++) {
                        start[c] = Math.abs(start[c]);
                    }
                    for (int i = 0; i < size; i++) {
                        terms[i] = -Math.abs(terms[i]);
                    }
                    double[] magnitudes = ParametricReluReference.slopeGradient(before[0], terms, start);
                    double[] sums = ParametricReluReference.slopeGradient(before[0], before[1], before[2]);
                    return new Truth[] {new Truth(sums, Rounding.bounds(magnitudes, 300))};
                });
    }

    private static Truth rounded(double[] values, int roundings) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        return new Truth(values, Rounding.bounds(magnitudes, roundings));
    }
}
