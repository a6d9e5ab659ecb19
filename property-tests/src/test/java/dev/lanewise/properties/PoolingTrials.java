package dev.lanewise.properties;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
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
    /** The four kernels. */
    enum Operation {
        MAX,
        MAX_GRADIENT,
        AVERAGE,
        AVERAGE_GRADIENT
    }

    /** Any images and windows of moderate size: windows that overlap, that leave gaps, that reach over the border. */
    static final class Any implements ArbitrarySupplier<PoolingTrials> {
        @Override
        public Arbitrary<PoolingTrials> get() {
            return Combinators.combine(
                            axis(),
                            axis(),
                            Arbitraries.of(0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 64, 65),
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

    PoolingReference reference() {
        return new PoolingReference(batch, rows, columns, channels);
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
            case MAX -> max(x, input, output);
            case MAX_GRADIENT -> maxGradient(x, dy, input, output);
            case AVERAGE -> average(x, input, output);
            case AVERAGE_GRADIENT -> averageGradient(dy, input, output);
        };
    }

    private Trial max(float[] x, int[] input, int[] output) {
        return new Trial(
                "max pooling",
                List.of(Argument.in(x, input), Argument.out(output)),
                (tensors, threads, workspace) -> Pooling.maxForward(tensors[0], tensors[1], geometry(), threads),
                before -> new float[][] {reference().max(before[0])},
                before -> {
                    double[] maxima = Values.widen(reference().max(x));
                    return new Truth[] {new Truth(maxima, new double[maxima.length])};
                });
    }

    private Trial maxGradient(float[] x, float[] dy, int[] input, int[] output) {
        float[] y = reference().max(x);
        return new Trial(
                "max pooling gradient",
                List.of(Argument.in(x, input), Argument.in(y, output), Argument.in(dy, output), Argument.out(input)),
                (tensors, threads, workspace) ->
                        Pooling.maxGradient(tensors[0], tensors[1], tensors[2], tensors[3], geometry(), threads),
                before -> new float[][] {reference().maxGradient(before[0], before[2])},
                before -> new Truth[] {
                    truth(reference().maxGradient(x, before[2]), reference().maxGradient(x, Rounding.magnitudes(dy)))
                });
    }

    private Trial average(float[] x, int[] input, int[] output) {
        return new Trial(
                "average pooling",
                List.of(Argument.in(x, input), Argument.out(output)),
                (tensors, threads, workspace) -> Pooling.averageForward(tensors[0], tensors[1], geometry(), threads),
                before -> new float[][] {reference().average(before[0])},
                before -> new Truth[] {
                    truth(reference().average(before[0]), reference().average(Rounding.magnitudes(x)))
                });
    }

    private Trial averageGradient(float[] dy, int[] input, int[] output) {
        return new Trial(
                "average pooling gradient",
                List.of(Argument.in(dy, output), Argument.out(input)),
                (tensors, threads, workspace) -> Pooling.averageGradient(tensors[0], tensors[1], geometry(), threads),
                before -> new float[][] {reference().averageGradient(before[0])},
                before -> new Truth[] {
                    truth(reference().averageGradient(before[0]), reference().averageGradient(Rounding.magnitudes(dy)))
                });
    }

    /** A term meets at most a division and as many additions as a window has pixels, or a pixel windows. */
    private Truth truth(double[] values, double[] magnitudes) {
        return new Truth(values, Rounding.bounds(magnitudes, rows.kernel() * columns.kernel() + 1));
    }
}
