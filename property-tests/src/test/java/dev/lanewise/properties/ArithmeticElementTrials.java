package dev.lanewise.properties;

import dev.lanewise.kernels.Arithmetic;
import dev.lanewise.kernels.ArithmeticGradients;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ArithmeticReference;
import dev.lanewise.reference.FloatArithmetic;
import java.util.List;

/** Scale, axpy, clamp and where, and their gradients. */
final class ArithmeticElementTrials {
    private static final float FACTOR = 0.37f;
    private static final float LOW = -0.5f;
    private static final float HIGH = 0.75f;

    private ArithmeticElementTrials() {}

    static List<ElementWise> all() {
        return List.of(
                new ElementWise("scale", (size, random, values) -> scale(values.apply(random, size))),
                new ElementWise(
                        "axpy", (size, random, values) -> axpy(values.apply(random, size), values.apply(random, size))),
                new ElementWise("clamp", (size, random, values) -> clamp(values.apply(random, size))),
                new ElementWise(
                        "clamp gradient",
                        (size, random, values) ->
                                clampGradient(values.apply(random, size), values.apply(random, size))),
                new ElementWise("where", (size, random, values) -> {
                    float[] condition = Values.integers(random, size);
                    return where(condition, values.apply(random, size), values.apply(random, size));
                }),
                new ElementWise("where gradient", (size, random, values) -> {
                    float[] condition = Values.integers(random, size);
                    return whereGradient(condition, values.apply(random, size));
                }));
    }

    /** One float for each element, of one or two arrays. */
    @FunctionalInterface
    private interface Twin {
        float of(float x, float t);
    }

    private static float[] each(Twin twin, float[] x, float[] t) {
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = twin.of(x[i], t[i]);
        }
        return y;
    }

    /** What is chosen rather than computed is true as it is. */
    private static Truth exact(float[] y) {
        return new Truth(Values.widen(y), new double[y.length]);
    }

    private static Trial scale(float[] x) {
        return new Trial(
                "scale",
                List.of(Argument.in(x, x.length), Argument.out(x.length)),
                (t, p, w) -> Arithmetic.scale(t[0], FACTOR, t[1], p),
                before -> new float[][] {each((v, unused) -> FloatArithmetic.scale(v, FACTOR), before[0], before[0])},
                before -> {
                    double[] y = new double[x.length];
                    for (int i = 0; i < y.length; i++) {
                        y[i] = x[i] * (double) FACTOR;
                    }
                    return new Truth[] {new Truth(y, Rounding.bounds(Rounding.magnitudes(x), 1))};
                });
    }

    private static Trial axpy(float[] x, float[] y) {
        return new Trial(
                "axpy",
                List.of(Argument.in(x, x.length), Argument.inOut(y, x.length)),
                (t, p, w) -> Arithmetic.axpy(FACTOR, t[0], t[1], p),
                before -> new float[][] {each((v, add) -> FloatArithmetic.axpy(v, add, FACTOR), before[0], before[1])},
                before -> {
                    double[] sums = new double[x.length];
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] = x[i] * (double) FACTOR + before[1][i];
                    }
                    double[] magnitudes = new double[sums.length];
                    for (int i = 0; i < sums.length; i++) {
                        magnitudes[i] = Math.abs(sums[i]);
                    }
                    return new Truth[] {new Truth(sums, Rounding.bounds(magnitudes, 1))};
                });
    }

    private static Trial clamp(float[] x) {
        return new Trial(
                "clamp",
                List.of(Argument.in(x, x.length), Argument.out(x.length)),
                (t, p, w) -> Arithmetic.clamp(t[0], LOW, HIGH, t[1], p),
                before ->
                        new float[][] {each((v, unused) -> FloatArithmetic.clamp(v, LOW, HIGH), before[0], before[0])},
                before -> {
                    double[] y = new double[x.length];
                    for (int i = 0; i < y.length; i++) {
                        y[i] = x[i] < LOW ? LOW : x[i] > HIGH ? HIGH : x[i];
                    }
                    return new Truth[] {new Truth(y, new double[y.length])};
                });
    }

    private static Trial clampGradient(float[] x, float[] dy) {
        return new Trial(
                "clamp gradient",
                List.of(Argument.in(x, x.length), Argument.in(dy, x.length), Argument.out(x.length)),
                (t, p, w) -> ArithmeticGradients.clamp(t[0], LOW, HIGH, t[1], t[2], p),
                before -> new float[][] {
                    each((v, g) -> FloatArithmetic.clampGradient(v, g, LOW, HIGH), before[0], before[1])
                },
                before -> {
                    double[] dx = new double[x.length];
                    for (int i = 0; i < dx.length; i++) {
                        dx[i] = x[i] >= LOW && x[i] <= HIGH ? dy[i] : 0;
                    }
                    return new Truth[] {new Truth(dx, new double[dx.length])};
                });
    }

    private static Trial where(float[] condition, float[] a, float[] b) {
        int size = a.length;
        return new Trial(
                "where",
                List.of(Argument.in(condition, size), Argument.in(a, size), Argument.in(b, size), Argument.out(size)),
                (t, p, w) -> Arithmetic.where(t[0], t[1], t[2], t[3], p),
                before -> new float[][] {ArithmeticReference.where(before[0], before[1], before[2])},
                before -> new Truth[] {exact(ArithmeticReference.where(condition, a, b))});
    }

    private static Trial whereGradient(float[] condition, float[] dy) {
        int size = dy.length;
        float[] zeros = new float[size];
        return new Trial(
                "where gradient",
                List.of(Argument.in(condition, size), Argument.in(dy, size), Argument.out(size), Argument.out(size)),
                (t, p, w) -> ArithmeticGradients.where(t[0], t[1], t[2], t[3], p),
                before -> new float[][] {
                    each(FloatArithmetic::keepIf, before[0], before[1]),
                    each(FloatArithmetic::keepUnless, before[0], before[1])
                },
                before -> new Truth[] {
                    exact(ArithmeticReference.where(condition, dy, zeros)),
                    exact(ArithmeticReference.where(condition, zeros, dy))
                });
    }
}
