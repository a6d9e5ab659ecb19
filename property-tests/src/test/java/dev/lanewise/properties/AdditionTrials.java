package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Addition;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.BiasReference;
import java.util.List;

/** The sum of two tensors, to a third and in place of either; the twin is that of a bias for each element. */
final class AdditionTrials {
    private AdditionTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise(
                        "addition",
                        (size, random, values) -> sum(values.apply(random, size), values.apply(random, size))),
                new ElementWise(
                        "addition in place of a",
                        (size, random, values) -> inPlace(values.apply(random, size), values.apply(random, size), 0)),
                new ElementWise(
                        "addition in place of b, ReLU",
                        (size, random, values) -> inPlace(values.apply(random, size), values.apply(random, size), 1)));
    }

    static Trial sum(float[] a, float[] b) {
        return new Trial(
                "addition",
                List.of(Argument.in(a, a.length), Argument.in(b, b.length), Argument.out(a.length)),
                (tensors, threads, workspace) ->
                        Addition.forward(tensors[0], tensors[1], Activation.IDENTITY, tensors[2], threads),
                before -> new float[][] {BiasReference.add(before[0], before[1])},
                before -> new Truth[] {truth(BiasReference.add(before[0], before[1]), a, b)});
    }

    /** In place of argument {@code target}; of the second with ReLU, which turns no error into a larger one. */
    private static Trial inPlace(float[] a, float[] b, int target) {
        boolean relu = target == 1;
        return new Trial(
                "addition in place",
                target == 0
                        ? List.of(Argument.inOut(a, a.length), Argument.in(b, b.length))
                        : List.of(Argument.in(a, a.length), Argument.inOut(b, b.length)),
                (tensors, threads, workspace) -> Addition.forward(
                        tensors[0], tensors[1], relu ? Activation.RELU : Activation.IDENTITY, tensors[target], threads),
                before -> new float[][] {rectified(BiasReference.add(before[0], before[1]), relu)},
                before -> new Truth[] {truth(rectified(BiasReference.add(before[0], before[1]), relu), a, b)});
    }

    private static float[] rectified(float[] sums, boolean relu) {
        return relu ? ActivationsReference.forward(Activation.RELU, sums) : sums;
    }

    private static double[] rectified(double[] sums, boolean relu) {
        return relu ? ActivationsReference.forward(Activation.RELU, sums) : sums;
    }

    private static Truth truth(double[] expected, float[] a, float[] b) {
        return new Truth(
                expected, Rounding.bounds(BiasReference.add(Rounding.magnitudes(a), Rounding.magnitudes(b)), 1));
    }
}
