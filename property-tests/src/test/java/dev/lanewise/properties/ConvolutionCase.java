package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.properties.support.Offsets;
import dev.lanewise.properties.support.Scratch;
import dev.lanewise.properties.support.Tensors;
import dev.lanewise.reference.ConvolutionReference;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.reference.WinogradReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * A convolution to try.
 *
 * @param rows rows of image and kernel
 * @param columns columns of image and kernel
 * @param channels channels and groups
 * @param batch the number of images
 * @param activation applied by the forward pass
 * @param bias whether the forward pass has a bias
 * @param offset where tensors start in their arrays
 * @param seed of the values
 */
record ConvolutionCase(
        WindowAxis rows,
        WindowAxis columns,
        Channels channels,
        int batch,
        Activation activation,
        boolean bias,
        int offset,
        long seed) {
    /** How many groups there are, and channels of each. */
    record Channels(int groups, int inputs, int outputs) {}

    /** The three kernels of a convolution. */
    enum Pass {
        /** y from x and w. */
        FORWARD,
        /** dx from dy and w. */
        INPUT_GRADIENT,
        /** dw from x and dy. */
        WEIGHT_GRADIENT
    }

    /** Runs one of the three kernels: the real ones, or some that are wrong on purpose. */
    @FunctionalInterface
    interface Kernel {
        void run(Convolution convolution, Call call, Parallelism parallelism, Workspace workspace);
    }

    /** Any convolution of moderate size, strides beyond the kernel and kernels beyond the image among them. */
    static final class Any implements ArbitrarySupplier<ConvolutionCase> {
        @Override
        public Arbitrary<ConvolutionCase> get() {
            Arbitrary<Channels> channels = Combinators.combine(
                            Arbitraries.of(1, 1, 2, 3),
                            Arbitraries.of(1, 2, 3, 5, 8, 17),
                            Arbitraries.of(1, 3, 4, 7, 8, 16, 17, 33, 65))
                    .as(Channels::new);
            return Combinators.combine(
                            axis(),
                            axis(),
                            channels,
                            Arbitraries.of(0, 1, 2, 3, 5, 18),
                            Arbitraries.of(Activation.class),
                            Arbitraries.of(true, false),
                            new Offsets().get(),
                            Arbitraries.longs())
                    .as(ConvolutionCase::new)
                    .withoutEdgeCases();
        }

        private static Arbitrary<WindowAxis> axis() {
            return Combinators.combine(
                            Arbitraries.integers().between(0, 5),
                            Arbitraries.integers().between(1, 4),
                            Arbitraries.of(1, 1, 2, 3, 6),
                            Arbitraries.of(0, 0, 1, 2, 4),
                            Arbitraries.of(0, 0, 1, 2, 4),
                            Arbitraries.of(1, 1, 2, 3))
                    .as((extra, kernel, stride, before, after, dilation) -> {
                        int least = Math.max(1, (kernel - 1) * dilation + 1 - before - after);
                        return new WindowAxis(least + extra, kernel, stride, before, after, dilation);
                    });
        }
    }

    /**
     * Groups of one input channel, as many as fill no vector, some, or more than a block of them: rows shorter and longer
     * than a tile, kernels up to 7, and all that {@link Any} has.
     */
    static final class Depthwise implements ArbitrarySupplier<ConvolutionCase> {
        @Override
        public Arbitrary<ConvolutionCase> get() {
            Arbitrary<Channels> channels = Combinators.combine(
                            Arbitraries.of(2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 65, 257),
                            Arbitraries.just(1),
                            Arbitraries.of(1, 1, 1, 2, 3, 16))
                    .as(Channels::new);
            return Combinators.combine(
                            axis(4),
                            axis(16),
                            channels,
                            Arbitraries.of(0, 1, 2, 3, 17),
                            Arbitraries.of(Activation.class),
                            Arbitraries.of(true, false),
                            new Offsets().get(),
                            Arbitraries.longs())
                    .as(ConvolutionCase::new)
                    .withoutEdgeCases();
        }

        private static Arbitrary<WindowAxis> axis(int mostExtra) {
            return Combinators.combine(
                            Arbitraries.integers().between(0, mostExtra),
                            Arbitraries.of(1, 2, 3, 3, 4, 5, 5, 6, 7),
                            Arbitraries.of(1, 1, 2, 2, 3, 6),
                            Arbitraries.of(0, 1, 1, 2, 4, 8),
                            Arbitraries.of(0, 1, 1, 2, 4, 8),
                            Arbitraries.of(1, 1, 1, 2, 3))
                    .as((extra, kernel, stride, before, after, dilation) -> {
                        int least = Math.max(1, (kernel - 1) * dilation + 1 - before - after);
                        return new WindowAxis(least + extra, kernel, stride, before, after, dilation);
                    });
        }
    }

    /** Kernels of 3x3 and as many images as make Winograd's algorithm pay: tiles cut off, inside, and over any border. */
    static final class Winograd implements ArbitrarySupplier<ConvolutionCase> {
        private static final int LEAST_TILES = 32;

        @Override
        public Arbitrary<ConvolutionCase> get() {
            Arbitrary<Channels> channels = Combinators.combine(
                            Arbitraries.of(16, 17, 24, 31, 33), Arbitraries.of(16, 17, 23, 32, 47, 65))
                    .as((inputs, outputs) -> new Channels(1, inputs, outputs));
            return Combinators.combine(
                            axis(),
                            axis(),
                            channels,
                            Arbitraries.of(0, 0, 1, 3),
                            Arbitraries.of(Activation.class),
                            Arbitraries.of(true, false),
                            new Offsets().get(),
                            Arbitraries.longs())
                    .as((rows, columns, sizes, more, f, bias, offset, seed) -> {
                        int tiles = (rows.output() + 3) / 4 * ((columns.output() + 3) / 4);
                        int batch = (LEAST_TILES + tiles - 1) / tiles + more;
                        return new ConvolutionCase(rows, columns, sizes, batch, f, bias, offset, seed);
                    })
                    .withoutEdgeCases();
        }

        private static Arbitrary<WindowAxis> axis() {
            return Combinators.combine(
                            Arbitraries.integers().between(0, 14),
                            Arbitraries.of(0, 1, 1, 1, 2, 4),
                            Arbitraries.of(0, 1, 1, 1, 2, 4))
                    .as((extra, before, after) ->
                            new WindowAxis(Math.max(1, 3 - before - after) + extra, 3, 1, before, after, 1));
        }
    }

    int inChannels() {
        return channels.groups() * channels.inputs();
    }

    int outChannels() {
        return channels.groups() * channels.outputs();
    }

    ConvolutionGeometry geometry() {
        return ConvolutionGeometry.of(rows.kernel(), columns.kernel(), inChannels(), outChannels())
                .withStride(rows.stride(), columns.stride())
                .withPadding(rows.padBefore(), columns.padBefore(), rows.padAfter(), columns.padAfter())
                .withDilation(rows.dilation(), columns.dilation())
                .withGroups(channels.groups());
    }

    Convolution convolution() {
        return Convolution.of(geometry(), rows.input(), columns.input());
    }

    Convolution fast() {
        return Convolution.of(geometry(), rows.input(), columns.input(), ConvAlgorithm.FAST);
    }

    WinogradReference winograd() {
        return new WinogradReference(batch, rows, columns, inChannels(), outChannels());
    }

    ConvolutionReference reference() {
        return new ConvolutionReference(batch, rows, columns, inChannels(), outChannels(), channels.groups());
    }

    ConvolutionCase with(Activation f) {
        return new ConvolutionCase(rows, columns, channels, batch, f, bias, offset, seed);
    }

    /** How many roundings each term of a sum goes through at most: steps of the chain, chunks of images, start value. */
    int roundings(Pass pass) {
        int positions = rows.kernel() * columns.kernel();
        return switch (pass) {
            case FORWARD -> positions * channels.inputs();
            case INPUT_GRADIENT -> positions * channels.outputs();
            case WEIGHT_GRADIENT -> batch * rows.output() * columns.output() + 6;
        };
    }

    /** The arguments of a call of one kernel. */
    Call call(Pass pass, BiFunction<Random, Integer, float[]> values) {
        Random random = new Random(seed);
        Shape x = convolution().inputShape(batch);
        Shape w = convolution().weightShape();
        Shape y = convolution().outputShape(batch);
        Shape left = pass == Pass.INPUT_GRADIENT ? y : x;
        Shape right = pass == Pass.WEIGHT_GRADIENT ? y : w;
        Tensor result = switch (pass) {
            case FORWARD -> Tensors.empty(offset, y.toArray());
            case INPUT_GRADIENT -> Tensors.empty(offset, x.toArray());
            case WEIGHT_GRADIENT -> Tensors.of(offset, values.apply(random, w.size()), w.toArray());
        };
        return new Call(
                pass,
                Tensors.of(offset, values.apply(random, left.size()), left.toArray()),
                Tensors.of(offset + 1, values.apply(random, right.size()), right.toArray()),
                bias ? Tensors.of(offset + 2, values.apply(random, outChannels()), outChannels()) : null,
                activation,
                result);
    }

    /**
     * The arguments of one call.
     *
     * @param pass which kernel
     * @param left x, or dy for the input gradient
     * @param right w, or dy for the weight gradient
     * @param bias the bias of the forward pass, or null
     * @param activation of the forward pass
     * @param result y, dx or dw
     */
    record Call(Pass pass, Tensor left, Tensor right, Tensor bias, Activation activation, Tensor result) {
        Call withRight(Tensor other) {
            return new Call(pass, left, other, bias, activation, result);
        }

        Call withoutBias() {
            return new Call(pass, left, right, null, activation, result);
        }

        /** The bias as the references take it, zeros where there is none. */
        float[] biasOrZeros(int size) {
            return bias == null ? new float[size] : bias.toArray();
        }

        /** Runs a kernel; fails if it writes anything but the result, or keeps scratch memory. */
        float[] run(Kernel kernel, Convolution convolution, Parallelism parallelism) {
            float[] left0 = left.toArray();
            float[] right0 = right.toArray();
            Workspace workspace = Scratch.dirty();
            Workspace.Mark before = workspace.mark();
            kernel.run(convolution, this, parallelism, workspace);
            if (!workspace.mark().equals(before)) {
                throw new AssertionError("scratch memory was not given back");
            }
            Tensors.assertGuards(left, right, result);
            if (!Arrays.equals(left0, left.toArray()) || !Arrays.equals(right0, right.toArray())) {
                throw new AssertionError("an argument was written");
            }
            return result.toArray();
        }
    }
}
