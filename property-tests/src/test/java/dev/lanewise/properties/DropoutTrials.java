package dev.lanewise.properties;

import dev.lanewise.kernels.Dropout;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.DropoutReference;
import java.util.List;

/** Dropout, to another tensor and in place. */
final class DropoutTrials {
    private static final float[] RATES = {0, 0.1f, 0.5f, 0.9f, Math.nextDown(1f)};

    private DropoutTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise(
                        "dropout",
                        (size, random, values) -> apply(
                                values.apply(random, size), RATES[random.nextInt(RATES.length)], random.nextLong())),
                new ElementWise(
                        "dropout in place",
                        (size, random, values) -> inPlace(
                                values.apply(random, size), RATES[random.nextInt(RATES.length)], random.nextLong())));
    }

    static Trial apply(float[] x, float rate, long key) {
        return new Trial(
                "dropout",
                List.of(Argument.in(x, x.length), Argument.out(x.length)),
                (tensors, threads, workspace) -> Dropout.apply(tensors[0], tensors[1], rate, key, threads),
                before -> new float[][] {DropoutReference.apply(before[0], rate, key)},
                before -> new Truth[] {truth(x, before[0], rate, key)});
    }

    private static Trial inPlace(float[] x, float rate, long key) {
        return new Trial(
                "dropout in place",
                List.of(Argument.inOut(x, x.length)),
                (tensors, threads, workspace) -> Dropout.apply(tensors[0], tensors[0], rate, key, threads),
                before -> new float[][] {DropoutReference.apply(before[0], rate, key)},
                before -> new Truth[] {truth(x, before[0], rate, key)});
    }

    private static Truth truth(float[] x, double[] wide, float rate, long key) {
        double[] magnitudes = DropoutReference.apply(Rounding.magnitudes(x), rate, key);
        return new Truth(DropoutReference.apply(wide, rate, key), Rounding.bounds(magnitudes, 3));
    }
}
