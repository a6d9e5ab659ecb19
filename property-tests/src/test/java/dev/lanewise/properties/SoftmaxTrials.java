package dev.lanewise.properties;

import dev.lanewise.kernels.LogSoftmax;
import dev.lanewise.kernels.LogSumExp;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Sizes;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.LogSoftmaxReference;
import dev.lanewise.reference.LogSumExpReference;
import dev.lanewise.reference.SoftmaxReference;
import dev.lanewise.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Softmax under a mask, log-softmax and log-sum-exp on a tensor {@code [planes, rows, columns]}.
 *
 * @param planes the outer axis
 * @param rows the middle axis
 * @param columns the length of rows
 * @param maskShape the shape of the mask: as the tensor, but for axes that are 1 or missing
 * @param seed of the values
 */
record SoftmaxTrials(int planes, int rows, int columns, Shape maskShape, long seed) {
    /** The kernels. */
    enum Operation {
        MASKED_SOFTMAX,
        LOG_SOFTMAX,
        LOG_SOFTMAX_IN_PLACE,
        MASKED_LOG_SOFTMAX,
        LOG_SOFTMAX_GRADIENT,
        LOG_SUM_EXP,
        MASKED_LOG_SUM_EXP,
        LOG_SUM_EXP_GRADIENT,
        MASKED_LOG_SUM_EXP_GRADIENT
    }

    /** Any rows, short ones and ones that are longer than a chunk. */
    static final class Any implements ArbitrarySupplier<SoftmaxTrials> {
        @Override
        public Arbitrary<SoftmaxTrials> get() {
            Arbitrary<Integer> columns = Arbitraries.frequencyOf(
                    Tuple.of(4, new Sizes().get()), Tuple.of(1, Arbitraries.of(1023, 1024, 1025, 2049, 5000)));
            return Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3), Arbitraries.of(1, 2, 5, 17), columns, Arbitraries.longs())
                    .as(SoftmaxTrials::of)
                    .withoutEdgeCases();
        }
    }

    static SoftmaxTrials of(int planes, int rows, int columns, long seed) {
        Shape mask = switch (new Random(seed).nextInt(5)) {
            case 0 -> Shape.of(columns);
            case 1 -> Shape.of(1, columns);
            case 2 -> Shape.of(rows, columns);
            case 3 -> Shape.of(planes, 1, columns);
            default -> Shape.of(planes, rows, columns);
        };
        return new SoftmaxTrials(planes, rows, columns, mask, seed);
    }

    Trial trial(Operation operation, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        float[] x = values.apply(random, planes * rows * columns);
        float[] dy = values.apply(random, planes * rows * columns);
        float[] dyOfRows = values.apply(random, planes * rows);
        float[] mask = mask(random, maskShape.size(), columns);
        return switch (operation) {
            case MASKED_SOFTMAX -> maskedSoftmax(x, mask);
            case LOG_SOFTMAX -> logSoftmax(x, null, false);
            case LOG_SOFTMAX_IN_PLACE -> logSoftmax(x, null, true);
            case MASKED_LOG_SOFTMAX -> logSoftmax(x, mask, false);
            case LOG_SOFTMAX_GRADIENT ->
                logSoftmaxGradient(new LogSoftmaxReference(planes * rows, columns).forward(x), dy);
            case LOG_SUM_EXP -> logSumExp(x, null);
            case MASKED_LOG_SUM_EXP -> logSumExp(x, mask);
            case LOG_SUM_EXP_GRADIENT -> logSumExpGradient(x, null, dyOfRows);
            case MASKED_LOG_SUM_EXP_GRADIENT -> logSumExpGradient(x, mask, dyOfRows);
        };
    }

    /** Nothing, a bias, or -infinity; some rows are -infinity throughout. */
    private static float[] mask(Random random, int size, int columns) {
        float[] mask = new float[size];
        for (int i = 0; i < size; i++) {
            double kind = random.nextDouble();
            mask[i] = kind < 0.3 ? Float.NEGATIVE_INFINITY : kind < 0.5 ? (float) random.nextGaussian() : 0;
        }
        for (int row = 0; columns > 0 && row < size / columns; row++) {
            if (random.nextInt(4) == 0) {
                Arrays.fill(mask, row * columns, (row + 1) * columns, Float.NEGATIVE_INFINITY);
            }
        }
        return mask;
    }

    /** The mask of each element; zeros for none. */
    private float[] expanded(float[] mask) {
        float[] each = new float[planes * rows * columns];
        if (mask == null) {
            return each;
        }
        boolean perPlane = maskShape.rank() == 3;
        boolean perRow = maskShape.rank() >= 2 && maskShape.extent(-2) == rows;
        int maskRows = maskShape.rank() >= 2 ? maskShape.extent(-2) : 1;
        for (int i = 0; i < each.length; i++) {
            int row = i / columns % rows;
            int plane = i / columns / rows;
            int maskRow = (perPlane ? plane * maskRows : 0) + (perRow ? row : 0);
            each[i] = mask[maskRow * columns + i % columns];
        }
        return each;
    }

    private List<Argument> arguments(Argument x, float[] mask, Argument... others) {
        List<Argument> arguments = new ArrayList<>(List.of(x));
        if (mask != null) {
            arguments.add(Argument.in(mask, maskShape.toArray()));
        }
        arguments.addAll(List.of(others));
        return arguments;
    }

    private Argument in(float[] values) {
        return Argument.in(values, planes, rows, columns);
    }

    private Argument out() {
        return Argument.out(planes, rows, columns);
    }

    private Trial maskedSoftmax(float[] x, float[] mask) {
        SoftmaxReference reference = new SoftmaxReference(planes * rows, columns);
        float[] each = expanded(mask);
        return new Trial(
                "masked softmax",
                arguments(in(x), mask, out()),
                (tensors, threads, workspace) -> Softmax.forward(tensors[0], tensors[1], tensors[2], threads),
                before -> new float[][] {reference.forward(before[0], each)},
                before -> {
                    double[] y = reference.forward(before[0], Values.widen(each));
                    return new Truth[] {new Truth(y, Rounding.bounds(y, 2 * exponentialRoundings(x, each) + 2))};
                });
    }

    private Trial logSoftmax(float[] x, float[] mask, boolean inPlace) {
        LogSoftmaxReference reference = new LogSoftmaxReference(planes * rows, columns);
        float[] each = expanded(mask);
        Argument first = inPlace ? Argument.inOut(x, planes, rows, columns) : in(x);
        return new Trial(
                "log-softmax",
                inPlace ? List.of(first) : arguments(first, mask, out()),
                (tensors, threads, workspace) -> {
                    if (mask == null) {
                        LogSoftmax.forward(tensors[0], tensors[inPlace ? 0 : 1], threads, workspace);
                    } else {
                        LogSoftmax.forward(tensors[0], tensors[1], tensors[2], threads, workspace);
                    }
                },
                before ->
                        new float[][] {mask == null ? reference.forward(before[0]) : reference.forward(before[0], each)
                        },
                before -> {
                    double[] y = mask == null
                            ? reference.forward(before[0])
                            : reference.forward(before[0], Values.widen(each));
                    double[] bounds = new double[y.length];
                    double exponential = Rounding.bound(1, exponentialRoundings(x, each));
                    for (int i = 0; i < y.length; i++) {
                        // x - max and the logarithm, each below |y| and the logarithm's largest value, log of the
                        // columns.
                        double magnitude = Math.abs(y[i]) + 2 * Math.log(columns);
                        bounds[i] = Double.isInfinite(y[i]) ? 0 : Rounding.bound(magnitude, 3) + exponential;
                    }
                    return new Truth[] {new Truth(y, bounds)};
                });
    }

    private Trial logSoftmaxGradient(float[] y, float[] dy) {
        LogSoftmaxReference reference = new LogSoftmaxReference(planes * rows, columns);
        return new Trial(
                "log-softmax gradient",
                List.of(in(y), in(dy), out()),
                (tensors, threads, workspace) -> LogSoftmax.gradient(tensors[0], tensors[1], tensors[2], threads),
                before -> new float[][] {reference.gradient(before[0], before[1])},
                before -> {
                    double[] dx = reference.gradient(before[0], before[1]);
                    double[] magnitudes = new double[dx.length];
                    for (int row = 0; row < planes * rows; row++) {
                        int end = (row + 1) * columns;
                        double sum = 0;
                        for (int i = row * columns; i < end; i++) {
                            sum += Math.abs(dy[i]);
                        }
                        for (int i = row * columns; i < end; i++) {
                            magnitudes[i] = sum * StrictMath.exp(y[i]) + Math.abs(dy[i]);
                        }
                    }
                    return new Truth[] {new Truth(dx, Rounding.bounds(magnitudes, columns / 16 + 1 + 4 + 3 + 1))};
                });
    }

    private Trial logSumExp(float[] x, float[] mask) {
        LogSumExpReference reference = new LogSumExpReference(planes * rows, columns);
        float[] each = expanded(mask);
        return new Trial(
                "log-sum-exp",
                arguments(in(x), mask, Argument.out(planes, rows)),
                (tensors, threads, workspace) -> LogSumExp.forward(
                        tensors[0],
                        mask == null ? null : tensors[1],
                        tensors[mask == null ? 1 : 2],
                        threads,
                        workspace),
                before -> new float[][] {reference.forward(before[0], each)},
                before -> {
                    double[] y = reference.forward(before[0], Values.widen(each));
                    double[] bounds = new double[y.length];
                    double exponential = Rounding.bound(1, exponentialRoundings(x, each));
                    for (int i = 0; i < y.length; i++) {
                        // The logarithm's error is the relative error of its argument.
                        bounds[i] = exponential + (Double.isInfinite(y[i]) ? 0 : Rounding.bound(Math.abs(y[i]), 1));
                    }
                    return new Truth[] {new Truth(y, bounds)};
                });
    }

    private Trial logSumExpGradient(float[] x, float[] mask, float[] dy) {
        LogSumExpReference reference = new LogSumExpReference(planes * rows, columns);
        float[] each = expanded(mask);
        int last = mask == null ? 2 : 3;
        return new Trial(
                "log-sum-exp gradient",
                arguments(in(x), mask, Argument.in(dy, planes, rows), out()),
                (tensors, threads, workspace) -> LogSumExp.gradient(
                        tensors[0],
                        mask == null ? null : tensors[1],
                        tensors[last - 1],
                        tensors[last],
                        threads,
                        workspace),
                before -> new float[][] {reference.gradient(before[0], each, before[last - 1])},
                before -> {
                    double[] dx = reference.gradient(before[0], Values.widen(each), before[last - 1]);
                    double[] magnitudes = new double[dx.length];
                    for (int i = 0; i < dx.length; i++) {
                        magnitudes[i] = Math.abs(dx[i]);
                    }
                    return new Truth[] {
                        new Truth(dx, Rounding.bounds(magnitudes, 2 * exponentialRoundings(x, each) + 3))
                    };
                });
    }

    /** Roundings of an exponential and of a sum of them: the error of the exponent, that of exp, additions. */
    private int exponentialRoundings(float[] x, float[] mask) {
        float range = 0;
        for (int i = 0; i < x.length; i++) {
            float added = mask[i] == Float.NEGATIVE_INFINITY ? 0 : Math.abs(mask[i]);
            range = Math.max(range, 4 * (Math.abs(x[i]) + added));
        }
        return (int) Math.ceil(range) + 3 + columns / 16 + 1 + 4;
    }
}
