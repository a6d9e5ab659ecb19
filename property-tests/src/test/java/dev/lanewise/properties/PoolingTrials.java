package dev.lanewise.properties;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.PoolingAxis;
import dev.lanewise.reference.PoolingReference;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * Pooling to try.
 *
 * @param rows rows of image and window
 * @param columns columns of image and window
 * @param channels channels of the images
 * @param batch the number of images
 * @param seed of the values
 */
record PoolingTrials(WindowAxis rows, WindowAxis columns, int channels, int batch, long seed) {
    /** The kernels. */
    enum Operation {
        MAX,
        MAX_GRADIENT,
        AVERAGE,
        AVERAGE_GRADIENT,
        AVERAGE_WITH_PADDING,
        AVERAGE_WITH_PADDING_GRADIENT,
        ADAPTIVE_MAX,
        ADAPTIVE_MAX_GRADIENT,
        ADAPTIVE_AVERAGE,
        ADAPTIVE_AVERAGE_GRADIENT;

        boolean adaptive() {
            return ordinal() >= ADAPTIVE_MAX.ordinal();
        }

        boolean countsPadding() {
            return this == AVERAGE_WITH_PADDING || this == AVERAGE_WITH_PADDING_GRADIENT;
        }
    }

    /** Any images and windows of moderate size: windows that overlap, that leave gaps, that reach over the border. */
    static final class Any implements ArbitrarySupplier<PoolingTrials> {
        @Override
        public Arbitrary<PoolingTrials> get() {
            return Combinators.combine(
                            axis(),
                            axis(),
                            // Among them blocks of four vectors with a rest of one vector, of more and of less, at each
                            // width.
                            Arbitraries.of(0, 1, 3, 4, 7, 8, 15, 16, 17, 20, 29, 33, 40, 50, 64, 65, 80, 100),
                            Arbitraries.of(0, 1, 2, 5),
                            Arbitraries.longs())
                    .as(PoolingTrials::new)
                    .withoutEdgeCases();
        }

        private static Arbitrary<WindowAxis> axis() {
            return Combinators.combine(
                            Arbitraries.integers().between(0, 9),
                            Arbitraries.integers().between(1, 4),
                            Arbitraries.integers().between(1, 5),
                            Arbitraries.integers().between(0, 3),
                            Arbitraries.integers().between(0, 3))
                    .as((extra, kernel, stride, before, after) -> {
                        int padBefore = Math.min(before, kernel - 1);
                        int padAfter = Math.min(after, kernel - 1);
                        int least = Math.max(1, kernel - padBefore - padAfter);
                        return new WindowAxis(least + extra, kernel, stride, padBefore, padAfter, 1);
                    });
        }
    }

    /** Adaptive pooling takes the sizes of image and output, and windows of its own. */
    private PoolingReference reference(Operation operation) {
        return operation.adaptive()
                ? new PoolingReference(
                        batch,
                        PoolingAxis.adaptive(rows.input(), rows.output()),
                        PoolingAxis.adaptive(columns.input(), columns.output()),
                        channels)
                : new PoolingReference(batch, rows, columns, channels);
    }

    PoolingGeometry geometry() {
        return new PoolingGeometry(
                rows.kernel(),
                columns.kernel(),
                rows.stride(),
                columns.stride(),
                rows.padBefore(),
                columns.padBefore(),
                rows.padAfter(),
                columns.padAfter());
    }

    Trial trial(Operation operation, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        int[] input = {batch, rows.input(), columns.input(), channels};
        int[] output = {batch, rows.output(), columns.output(), channels};
        float[] x = values.apply(random, Shape.of(input).size());
        float[] dy = values.apply(random, Shape.of(output).size());
        return switch (operation) {
            case MAX, ADAPTIVE_MAX -> max(operation, x, input, output);
            case MAX_GRADIENT, ADAPTIVE_MAX_GRADIENT -> maxGradient(operation, x, dy, input, output);
            case AVERAGE, AVERAGE_WITH_PADDING, ADAPTIVE_AVERAGE -> average(operation, x, input, output);
            case AVERAGE_GRADIENT, AVERAGE_WITH_PADDING_GRADIENT, ADAPTIVE_AVERAGE_GRADIENT ->
                averageGradient(operation, dy, input, output);
        };
    }

    private Trial max(Operation operation, float[] x, int[] input, int[] output) {
        PoolingReference reference = reference(operation);
        return new Trial(
                operation.name(),
                List.of(Argument.in(x, input), Argument.out(output)),
                (tensors, threads, workspace) -> {
                    if (operation.adaptive()) {
                        Pooling.adaptiveMaxForward(tensors[0], tensors[1], threads);
                    } else {
                        Pooling.maxForward(tensors[0], tensors[1], geometry(), threads);
                    }
                },
                before -> new float[][] {reference.max(before[0])},
                before -> {
                    double[] maxima = Values.widen(reference.max(x));
                    return new Truth[] {new Truth(maxima, new double[maxima.length])};
                });
    }

    private Trial maxGradient(Operation operation, float[] x, float[] dy, int[] input, int[] output) {
        PoolingReference reference = reference(operation);
        float[] y = reference.max(x);
        return new Trial(
                operation.name(),
                List.of(Argument.in(x, input), Argument.in(y, output), Argument.in(dy, output), Argument.out(input)),
                (tensors, threads, workspace) -> {
                    if (operation.adaptive()) {
                        Pooling.adaptiveMaxGradient(tensors[0], tensors[1], tensors[2], tensors[3], threads);
                    } else {
                        Pooling.maxGradient(tensors[0], tensors[1], tensors[2], tensors[3], geometry(), threads);
                    }
                },
                before -> new float[][] {reference.maxGradient(before[0], before[2])},
                before -> new Truth[] {
                    truth(reference.maxGradient(x, before[2]), reference.maxGradient(x, Rounding.magnitudes(dy)))
                });
    }

    private Trial average(Operation operation, float[] x, int[] input, int[] output) {
        PoolingReference reference = reference(operation);
        int divisor = operation.countsPadding() ? rows.kernel() * columns.kernel() : 0;
        return new Trial(
                operation.name(),
                List.of(Argument.in(x, input), Argument.out(output)),
                (tensors, threads, workspace) -> {
                    if (operation.adaptive()) {
                        Pooling.adaptiveAverageForward(tensors[0], tensors[1], threads);
                    } else if (operation.countsPadding()) {
                        Pooling.averageForward(tensors[0], tensors[1], geometry(), true, threads);
                    } else {
                        Pooling.averageForward(tensors[0], tensors[1], geometry(), threads);
                    }
                },
                before -> new float[][] {reference.average(before[0], divisor)},
                before -> new Truth[] {
                    truth(reference.average(before[0], divisor), reference.average(Rounding.magnitudes(x), divisor))
                });
    }

    private Trial averageGradient(Operation operation, float[] dy, int[] input, int[] output) {
        PoolingReference reference = reference(operation);
        int divisor = operation.countsPadding() ? rows.kernel() * columns.kernel() : 0;
        return new Trial(
                operation.name(),
                List.of(Argument.in(dy, output), Argument.out(input)),
                (tensors, threads, workspace) -> {
                    if (operation.adaptive()) {
                        Pooling.adaptiveAverageGradient(tensors[0], tensors[1], threads);
                    } else if (operation.countsPadding()) {
                        Pooling.averageGradient(tensors[0], tensors[1], geometry(), true, threads);
                    } else {
                        Pooling.averageGradient(tensors[0], tensors[1], geometry(), threads);
                    }
                },
                before -> new float[][] {reference.averageGradient(before[0], divisor)},
                before -> new Truth[] {
                    truth(
                            reference.averageGradient(before[0], divisor),
                            reference.averageGradient(Rounding.magnitudes(dy), divisor))
                });
    }

    /** A term meets at most a division and as many additions as a window has pixels, or a pixel windows. */
    private Truth truth(double[] values, double[] magnitudes) {
        int window = (mostPixels(rows) + 1) * (mostPixels(columns) + 1);
        return new Truth(values, Rounding.bounds(magnitudes, window + 1));
    }

    /** What a window has of one axis: the kernel, or adapted to the output, input and output shared out, rounded up. */
    private static int mostPixels(WindowAxis axis) {
        int adapted = Math.max(Math.ceilDiv(axis.input(), axis.output()), Math.ceilDiv(axis.output(), axis.input()));
        return Math.max(axis.kernel(), adapted);
    }
}
