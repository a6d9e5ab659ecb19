package dev.lanewise.properties;

import dev.lanewise.kernels.Clipping;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.reference.ClippingReference;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/** Clipping of elements, scaling, and the sum of squares, which is a double and so takes three floats. */
final class ClippingTrials {
    /** No float. */
    private static final double LIMIT = 0.7;

    private static final float FACTOR = 0.3f;

    private ClippingTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise("clip by value", (size, random, values) -> byValue(values.apply(random, size))),
                new ElementWise("scale", (size, random, values) -> scale(values.apply(random, size))),
                new ElementWise("sum of squares", (size, random, values) -> squareSum(values.apply(random, size))));
    }

    static Trial byValue(float[] g) {
        return new Trial(
                "clip by value",
                List.of(Argument.inOut(g, g.length)),
                (t, threads, workspace) -> Clipping.byValue(t[0], LIMIT, threads),
                before -> {
                    for (int i = 0; i < g.length; i++) {
                        before[0][i] = ClippingReference.clamp(before[0][i], LIMIT);
                    }
                    return new float[][] {before[0]};
                },
                before -> {
                    double[] bounds = new double[g.length];
                    for (int i = 0; i < g.length; i++) {
                        before[0][i] = Math.max(-LIMIT, Math.min(LIMIT, before[0][i]));
                        bounds[i] = Rounding.bound(Math.abs(before[0][i]), 1);
                    }
                    return new Truth[] {new Truth(before[0], bounds)};
                });
    }

    static Trial scale(float[] g) {
        return new Trial(
                "scale",
                List.of(Argument.inOut(g, g.length)),
                (t, threads, workspace) -> Clipping.scale(t[0], FACTOR, threads),
                before -> {
                    for (int i = 0; i < g.length; i++) {
                        before[0][i] *= FACTOR;
                    }
                    return new float[][] {before[0]};
                },
                before -> {
                    double[] bounds = new double[g.length];
                    for (int i = 0; i < g.length; i++) {
                        before[0][i] *= FACTOR;
                        bounds[i] = Rounding.bound(Math.abs(before[0][i]), 1);
                    }
                    return new Truth[] {new Truth(before[0], bounds)};
                });
    }

    static Trial squareSum(float[] g) {
        return new Trial(
                "sum of squares",
                List.of(Argument.in(g, g.length), Argument.out(3)),
                (t, threads, workspace) -> split(t[1], Clipping.squareSum(t[0], threads, workspace)),
                before -> new float[][] {parts(ClippingReference.squareSum(before[0]))},
                before -> {
                    double sum = ClippingReference.squareSum(before[0]);
                    // 256 terms meet in a lane, 4 times lanes, then chunks.
                    double error = sum * (262 + g.length / 4096) * 0x1p-53;
                    float[] parts = parts(sum);
                    double[] values = {parts[0], sum - parts[0], 0};
                    return new Truth[] {new Truth(values, new double[] {error, error, error})};
                });
    }

    /** Writes a double as the sum of three floats. */
    static void split(Tensor to, double value) {
        to.copyFrom(Tensor.of(parts(value), 3));
    }

    private static float[] parts(double value) {
        float high = (float) value;
        double rest = value - high;
        float low = (float) rest;
        return new float[] {high, low, (float) (rest - low)};
    }
}
