package dev.lanewise.properties;

import dev.lanewise.kernels.Penalties;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.PenaltiesReference;
import java.util.List;

/** The penalties' gradients and values; a value is taken for an argument that is written. */
final class PenaltyTrials {
    /** No float. */
    private static final double LAMBDA = 0.013;

    /** Terms that meet in a virtual lane, lanes and chunks that meet in trees, the factor. */
    private static final int ROUNDINGS = 256 + 4 + 4 + 2;

    private PenaltyTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise(
                        "l1 penalty",
                        (size, random, values) -> l1(values.apply(random, size), values.apply(random, size))),
                new ElementWise(
                        "l2 penalty",
                        (size, random, values) -> l2(values.apply(random, size), values.apply(random, size))),
                new ElementWise("l1 value", (size, random, values) -> l1Value(values.apply(random, size))),
                new ElementWise("l2 value", (size, random, values) -> l2Value(values.apply(random, size))));
    }

    static Trial l1(float[] w, float[] g) {
        return new Trial(
                "l1 penalty",
                List.of(Argument.in(w, w.length), Argument.inOut(g, w.length)),
                (tensors, threads, workspace) -> Penalties.l1(tensors[0], tensors[1], LAMBDA, threads),
                before -> new float[][] {PenaltiesReference.l1(before[0], before[1], LAMBDA)},
                before -> new Truth[] {
                    new Truth(
                            PenaltiesReference.l1(before[0], before[1], LAMBDA),
                            Rounding.bounds(
                                    PenaltiesReference.l1(Rounding.magnitudes(w), Rounding.magnitudes(g), LAMBDA), 2))
                });
    }

    static Trial l2(float[] w, float[] g) {
        return new Trial(
                "l2 penalty",
                List.of(Argument.in(w, w.length), Argument.inOut(g, w.length)),
                (tensors, threads, workspace) -> Penalties.l2(tensors[0], tensors[1], LAMBDA, threads),
                before -> new float[][] {PenaltiesReference.l2(before[0], before[1], LAMBDA)},
                before -> new Truth[] {
                    new Truth(
                            PenaltiesReference.l2(before[0], before[1], LAMBDA),
                            Rounding.bounds(
                                    PenaltiesReference.l2(Rounding.magnitudes(w), Rounding.magnitudes(g), LAMBDA), 2))
                });
    }

    static Trial l1Value(float[] w) {
        return new Trial(
                "l1 value",
                List.of(Argument.in(w, w.length), Argument.out(1)),
                (tensors, threads, workspace) ->
                        tensors[1].fill(Penalties.l1Value(tensors[0], LAMBDA, threads, workspace)),
                before -> new float[][] {{PenaltiesReference.l1Value(before[0], LAMBDA)}},
                before -> value(PenaltiesReference.l1Value(before[0], LAMBDA)));
    }

    static Trial l2Value(float[] w) {
        return new Trial(
                "l2 value",
                List.of(Argument.in(w, w.length), Argument.out(1)),
                (tensors, threads, workspace) ->
                        tensors[1].fill(Penalties.l2Value(tensors[0], LAMBDA, threads, workspace)),
                before -> new float[][] {{PenaltiesReference.l2Value(before[0], LAMBDA)}},
                before -> value(PenaltiesReference.l2Value(before[0], LAMBDA)));
    }

    private static Truth[] value(double sum) {
        return new Truth[] {new Truth(new double[] {sum}, new double[] {Rounding.bound(sum, ROUNDINGS)})};
    }
}
