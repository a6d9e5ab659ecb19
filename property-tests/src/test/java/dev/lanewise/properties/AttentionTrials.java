package dev.lanewise.properties;

import dev.lanewise.kernels.Attention;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.AttentionReference;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * Attention on {@code [batch, rows, heads * width]}.
 *
 * @param batch the axis before
 * @param heads heads side by side
 * @param t queries
 * @param s keys
 * @param d floats of a query of one head
 * @param e floats of a value of one head
 * @param causal whether keys after the query are left out
 * @param masked whether there is a mask
 * @param seed of the values
 */
record AttentionTrials(int batch, int heads, int t, int s, int d, int e, boolean causal, boolean masked, long seed) {
    /** Sizes around those of tiles and of vectors. */
    static final class Any implements ArbitrarySupplier<AttentionTrials> {
        @Override
        public Arbitrary<AttentionTrials> get() {
            Arbitrary<Integer> rows = Arbitraries.of(0, 1, 2, 5, 16, 63, 64, 65, 127, 128, 129, 200, 300);
            Arbitrary<Integer> widths = Arbitraries.of(1, 2, 5, 8, 16, 17, 33);
            Arbitrary<int[]> axes = Combinators.combine(
                            Arbitraries.of(1, 1, 2), Arbitraries.of(1, 1, 2, 3), rows, rows, widths, widths)
                    .as((batch, heads, t, s, d, e) -> new int[] {batch, heads, t, s, d, e});
            return Combinators.combine(
                            axes, Arbitraries.of(true, false), Arbitraries.of(true, false), Arbitraries.longs())
                    .as((a, causal, masked, seed) ->
                            new AttentionTrials(a[0], a[1], a[2], a[3], a[4], a[5], causal, masked, seed))
                    .withoutEdgeCases();
        }
    }

    /** What goes in, one head after the other. */
    private record Inputs(float[] q, float[] k, float[] v, float[] mask, float[] dO) {}

    private Inputs inputs(BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        int units = batch * heads;
        float[] mask = null;
        if (masked) {
            mask = new float[units * t * s];
            for (int i = 0; i < mask.length; i++) {
                double kind = random.nextDouble();
                // Each seventh query sees nothing, and others nothing of the first tile.
                boolean left = i / s % 7 == 3 || i / s % 3 == 1 && i % s < 130;
                mask[i] = left || kind < 0.2 ? Float.NEGATIVE_INFINITY : kind < 0.4 ? (float) random.nextGaussian() : 0;
            }
        }
        return new Inputs(
                values.apply(random, units * t * d),
                values.apply(random, units * s * d),
                values.apply(random, units * s * e),
                mask,
                values.apply(random, units * t * e));
    }

    private AttentionReference reference() {
        return new AttentionReference(batch * heads, t, s, d, e, causal, (float) (1 / Math.sqrt(d)));
    }

    /** From one head after the other to heads side by side. */
    private float[] joined(float[] values, int rows, int width) {
        float[] joined = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            joined[place(i, rows, width)] = values[i];
        }
        return joined;
    }

    private double[] joined(double[] values, int rows, int width) {
        double[] joined = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            joined[place(i, rows, width)] = values[i];
        }
        return joined;
    }

    private int place(int i, int rows, int width) {
        int row = i / width % rows;
        int unit = i / width / rows;
        return ((unit / heads * rows + row) * heads + unit % heads) * width + i % width;
    }

    private Attention attention(Tensor mask) {
        Attention attention = (causal ? Attention.CAUSAL : Attention.FULL).withHeads(heads);
        return masked ? attention.withMask(mask) : attention;
    }

    private Argument in(float[] values, int rows, int width) {
        return Argument.in(joined(values, rows, width), batch, rows, heads * width);
    }

    private int[] perHead(int rows, int columns) {
        return heads > 1 ? new int[] {batch, heads, rows, columns} : new int[] {batch, rows, columns};
    }

    private List<Argument> arguments(Inputs inputs) {
        List<Argument> arguments = new ArrayList<>(List.of(in(inputs.q, t, d), in(inputs.k, s, d), in(inputs.v, s, e)));
        if (masked) {
            arguments.add(Argument.in(inputs.mask, perHead(t, s)));
        }
        return arguments;
    }

    Trial forward(BiFunction<Random, Integer, float[]> values) {
        Inputs inputs = inputs(values);
        List<Argument> arguments = arguments(inputs);
        arguments.add(Argument.out(batch, t, heads * e));
        arguments.add(Argument.out(perHead(t, 2)));
        int last = arguments.size() - 1;
        return new Trial(
                "attention",
                arguments,
                (x, p, w) -> attention(x[3]).forward(x[0], x[1], x[2], x[last - 1], x[last], p, w),
                before -> {
                    AttentionReference.Result result = reference().forward(inputs.q, inputs.k, inputs.v, inputs.mask);
                    return new float[][] {joined(result.o(), t, e), result.statistics()};
                },
                before -> {
                    AttentionErrors errors = errors(inputs);
                    float[] statistics = reference()
                            .forward(inputs.q, inputs.k, inputs.v, inputs.mask)
                            .statistics();
                    return new Truth[] {
                        new Truth(joined(errors.results(), t, e), joined(errors.resultBounds(), t, e)),
                        // What they are is told by the results; the bits are those of the twin.
                        new Truth(Values.widen(statistics), new double[statistics.length])
                    };
                });
    }

    Trial gradient(BiFunction<Random, Integer, float[]> values) {
        Inputs inputs = inputs(values);
        AttentionReference.Result result = reference().forward(inputs.q, inputs.k, inputs.v, inputs.mask);
        List<Argument> arguments = arguments(inputs);
        int first = arguments.size();
        arguments.add(in(result.o(), t, e));
        arguments.add(Argument.in(result.statistics(), perHead(t, 2)));
        arguments.add(in(inputs.dO, t, e));
        arguments.add(Argument.out(batch, t, heads * d));
        arguments.add(Argument.out(batch, s, heads * d));
        arguments.add(Argument.out(batch, s, heads * e));
        return new Trial(
                "attention gradient",
                arguments,
                (x, p, w) -> attention(x[3])
                        .gradient(
                                x[0],
                                x[1],
                                x[2],
                                x[first],
                                x[first + 1],
                                x[first + 2],
                                x[first + 3],
                                x[first + 4],
                                x[first + 5],
                                p,
                                w),
                before -> {
                    AttentionReference.Gradients gradients =
                            reference().gradient(inputs.q, inputs.k, inputs.v, inputs.mask, result, inputs.dO);
                    return new float[][] {
                        joined(gradients.dq(), t, d), joined(gradients.dk(), s, d), joined(gradients.dv(), s, e)
                    };
                },
                before -> {
                    AttentionErrors errors = errors(inputs);
                    AttentionReference.DoubleGradients truth = errors.gradients(Values.widen(inputs.dO));
                    AttentionReference.DoubleGradients bounds = errors.gradientBounds(Rounding.magnitudes(inputs.dO));
                    return new Truth[] {
                        new Truth(joined(truth.dq(), t, d), joined(bounds.dq(), t, d)),
                        new Truth(joined(truth.dk(), s, d), joined(bounds.dk(), s, d)),
                        new Truth(joined(truth.dv(), s, e), joined(bounds.dv(), s, e))
                    };
                });
    }

    private AttentionErrors errors(Inputs inputs) {
        float[] mask = masked ? inputs.mask : new float[batch * heads * t * s];
        return new AttentionErrors(
                reference(),
                Values.widen(inputs.q),
                Values.widen(inputs.k),
                Values.widen(inputs.v),
                Values.widen(mask));
    }
}
