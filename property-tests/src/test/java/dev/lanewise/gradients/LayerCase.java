package dev.lanewise.gradients;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layers.ActivationLayer;
import dev.lanewise.nn.layers.AdaptiveAvgPool2d;
import dev.lanewise.nn.layers.AdaptiveMaxPool2d;
import dev.lanewise.nn.layers.AvgPool2d;
import dev.lanewise.nn.layers.BatchNorm1d;
import dev.lanewise.nn.layers.BatchNorm2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.ConvTranspose2d;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.GroupNorm;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.InstanceNorm2d;
import dev.lanewise.nn.layers.LayerNorm;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.MultiHeadAttention;
import dev.lanewise.nn.layers.Relu;
import dev.lanewise.nn.layers.Residual;
import dev.lanewise.nn.layers.RmsNorm;
import dev.lanewise.nn.layers.Sigmoid;
import dev.lanewise.nn.layers.Tanh;
import dev.lanewise.nn.layers.Upsample2d;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * A layer and a batch to try it with.
 *
 * @param kind which layer
 * @param layer the layer, its parameters filled
 * @param input the batch
 */
record LayerCase(Kind kind, Layer layer, Tensor input) {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64, 65};

    /** Every layer there is, and sequences of them. */
    enum Kind {
        LINEAR,
        CONV2D,
        DEPTHWISE,
        CONV_TRANSPOSE,
        MAX_POOL,
        AVG_POOL,
        ADAPTIVE_MAX_POOL,
        ADAPTIVE_AVG_POOL,
        GLOBAL_AVG_POOL,
        UPSAMPLE,
        BATCH_NORM_1D,
        BATCH_NORM_2D,
        LAYER_NORM,
        RMS_NORM,
        GROUP_NORM,
        INSTANCE_NORM,
        RELU,
        SIGMOID,
        TANH,
        ACTIVATION,
        MULTI_HEAD_ATTENTION,
        FLATTEN,
        DROPOUT,
        RESIDUAL,
        NETWORK;

        /** Whether the function has kinks, at which a slope is not defined. */
        boolean kinked(Layer layer) {
            return switch (this) {
                case RELU, MAX_POOL, ADAPTIVE_MAX_POOL -> true;
                case LINEAR -> isKinked(((Linear) layer).activation());
                case CONV2D, DEPTHWISE -> isKinked(((Conv2d) layer).activation());
                case BATCH_NORM_2D -> isKinked(((BatchNorm2d) layer).activation());
                case GROUP_NORM -> isKinked(((GroupNorm) layer).activation());
                case CONV_TRANSPOSE -> isKinked(((ConvTranspose2d) layer).activation());
                default -> false;
            };
        }
    }

    /** Any layer with any batch of moderate size, empty ones among them. */
    static final class Any implements ArbitrarySupplier<LayerCase> {
        @Override
        public Arbitrary<LayerCase> get() {
            return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.longs())
                    .as((kind, seed) -> of(kind, new Random(seed)))
                    .withoutEdgeCases();
        }
    }

    static LayerCase of(Kind kind, Random random) {
        int batch = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(3);
        return switch (kind) {
            case LINEAR -> {
                int inputs = size(random);
                yield create(
                        kind, new Linear(inputs, size(random), activation(random)), random, Shape.of(batch, inputs));
            }
            case CONV2D -> convolution(batch, random);
            case DEPTHWISE -> depthwise(batch, random);
            case CONV_TRANSPOSE -> transposed(batch, random);
            case MAX_POOL, AVG_POOL -> pooling(kind, batch, random);
            case ADAPTIVE_MAX_POOL ->
                create(
                        kind,
                        new AdaptiveMaxPool2d(1 + random.nextInt(3), 1 + random.nextInt(4)),
                        random,
                        image(batch, random));
            case ADAPTIVE_AVG_POOL ->
                create(
                        kind,
                        new AdaptiveAvgPool2d(1 + random.nextInt(6), 1 + random.nextInt(4)),
                        random,
                        image(batch, random));
            case GLOBAL_AVG_POOL -> create(kind, new GlobalAvgPool2d(), random, image(batch, random));
            case UPSAMPLE -> {
                Interpolation mode = Interpolation.values()[random.nextInt(Interpolation.values().length)];
                yield create(
                        kind,
                        new Upsample2d(1 + random.nextInt(3), 1 + random.nextInt(3), mode),
                        random,
                        image(batch, random));
            }
            case BATCH_NORM_1D -> {
                int channels = size(random);
                // Fewer values have a variance so small that the function is steeper than a step is long.
                int length = random.nextBoolean() ? 0 : 8 + random.nextInt(60);
                Layer layer = new BatchNorm1d(channels, Activation.IDENTITY);
                yield create(
                        kind,
                        layer,
                        random,
                        length == 0 ? Shape.of(6 * batch, channels) : Shape.of(batch, length, channels));
            }
            case BATCH_NORM_2D -> {
                int channels = size(random);
                Layer layer = new BatchNorm2d(channels, random.nextBoolean() ? Activation.RELU : Activation.IDENTITY);
                yield create(
                        kind, layer, random, Shape.of(batch, 3 + random.nextInt(6), 2 + random.nextInt(6), channels));
            }
            case LAYER_NORM -> {
                int features = 8 + size(random);
                yield create(kind, new LayerNorm(features), random, rows(batch, features, random));
            }
            case RMS_NORM -> {
                int features = 8 + size(random);
                yield create(kind, new RmsNorm(features), random, rows(batch, features, random));
            }
            case GROUP_NORM -> {
                int groups = 1 + random.nextInt(4);
                Activation f = random.nextBoolean() ? Activation.RELU : Activation.IDENTITY;
                Layer layer = new GroupNorm(groups, groups * 5, f);
                yield create(kind, layer, random, Shape.of(batch, 2 + random.nextInt(6), 3, groups * 5));
            }
            case INSTANCE_NORM -> {
                int channels = size(random);
                Layer layer = new InstanceNorm2d(channels, Activation.IDENTITY);
                yield create(kind, layer, random, Shape.of(batch, 3 + random.nextInt(6), 4, channels));
            }
            case RELU -> create(kind, new Relu(), random, anyShape(batch, random));
            case SIGMOID -> create(kind, new Sigmoid(), random, anyShape(batch, random));
            case TANH -> create(kind, new Tanh(), random, anyShape(batch, random));
            case ACTIVATION -> create(kind, new ActivationLayer(smooth(random)), random, anyShape(batch, random));
            case MULTI_HEAD_ATTENTION -> {
                int heads = 1 + random.nextInt(3);
                // Of one position the weight is 1 whatever the query, whose gradient is then nothing but rounding.
                int features = heads * (1 + random.nextInt(6));
                yield create(
                        kind,
                        new MultiHeadAttention(features, heads, random.nextBoolean()),
                        random,
                        Shape.of(batch, 2 + random.nextInt(4), features));
            }
            case FLATTEN -> create(kind, new Flatten(), random, Shape.of(batch, 2, 3, size(random)));
            case DROPOUT -> create(kind, new Dropout(random.nextInt(9) / 10f), random, anyShape(batch, random));
            case RESIDUAL -> residual(batch, random);
            case NETWORK -> network(batch, random);
        };
    }

    private static Shape rows(int batch, int features, Random random) {
        return random.nextBoolean() ? Shape.of(batch, features) : Shape.of(batch, 3, features);
    }

    private static LayerCase convolution(int batch, Random random) {
        int groups = 1 + random.nextInt(3);
        int kernel = 1 + random.nextInt(3);
        ConvolutionGeometry geometry = ConvolutionGeometry.of(
                        kernel,
                        1 + random.nextInt(3),
                        groups * SIZES[random.nextInt(9)],
                        groups * SIZES[random.nextInt(11)])
                .withStride(1 + random.nextInt(2), 1 + random.nextInt(3))
                .withPadding(random.nextInt(2), random.nextInt(3), random.nextInt(2), random.nextInt(2))
                .withDilation(1 + random.nextInt(2), 1)
                .withGroups(groups);
        int height = 5 + random.nextInt(3);
        int width = 3 + random.nextInt(4);
        Conv2d layer = new Conv2d(geometry, activation(random));
        return create(Kind.CONV2D, layer, random, Shape.of(batch, height, width, geometry.inChannels()));
    }

    private static Shape image(int batch, Random random) {
        return Shape.of(batch, 2 + random.nextInt(4), 2 + random.nextInt(4), SIZES[random.nextInt(11)]);
    }

    private static LayerCase depthwise(int batch, Random random) {
        int channels = SIZES[1 + random.nextInt(11)];
        int kernel = random.nextBoolean() ? 3 : 5;
        ConvolutionGeometry geometry = ConvolutionGeometry.of(
                        kernel, kernel, channels, channels * (1 + random.nextInt(2)))
                .same()
                .withStride(1 + random.nextInt(2), 1 + random.nextInt(2))
                .withGroups(channels);
        Shape shape = Shape.of(batch, 4 + random.nextInt(2), 7 + random.nextInt(9), channels);
        return create(Kind.DEPTHWISE, new Conv2d(geometry, activation(random)), random, shape);
    }

    private static LayerCase transposed(int batch, Random random) {
        int groups = 1 + random.nextInt(2);
        ConvolutionGeometry geometry = ConvolutionGeometry.of(
                        1 + random.nextInt(3),
                        2 + random.nextInt(2),
                        groups * SIZES[random.nextInt(9)],
                        groups * SIZES[random.nextInt(9)])
                .withStride(1 + random.nextInt(2), 2)
                .withPadding(random.nextInt(2), random.nextInt(2), 0, random.nextInt(2))
                .withGroups(groups);
        Layer layer = new ConvTranspose2d(geometry, 0, random.nextInt(2), activation(random));
        Shape shape = Shape.of(batch, 3 + random.nextInt(3), 2 + random.nextInt(4), geometry.outChannels());
        return create(Kind.CONV_TRANSPOSE, layer, random, shape);
    }

    private static LayerCase pooling(Kind kind, int batch, Random random) {
        int kernel = 1 + random.nextInt(3);
        PoolingGeometry geometry = PoolingGeometry.of(kernel, 2)
                .withStride(1 + random.nextInt(3), 1 + random.nextInt(3))
                .withPadding(kernel - 1, random.nextInt(2), random.nextInt(kernel), random.nextInt(2));
        Layer layer = kind == Kind.MAX_POOL ? new MaxPool2d(geometry) : new AvgPool2d(geometry);
        Shape shape = Shape.of(batch, 3 + random.nextInt(4), 2 + random.nextInt(4), SIZES[random.nextInt(11)]);
        return create(kind, layer, random, shape);
    }

    /** A smooth one: each output depends on every kink of the layers below, and one of them is always near. */
    private static LayerCase network(int batch, Random random) {
        int channels = SIZES[random.nextInt(8)];
        Sequential network = Sequential.of(
                new Conv2d(ConvolutionGeometry.of(3, 3, 2, channels).withPadding(1, 1, 1, 1), Activation.SIGMOID),
                new AvgPool2d(PoolingGeometry.of(2)),
                new Sequential(List.of(new Dropout(0.3f), new Flatten())),
                new Linear(2 * 3 * channels, 9, Activation.TANH),
                new Linear(9, 4, Activation.IDENTITY));
        return create(Kind.NETWORK, network, random, Shape.of(batch, 4, 6, 2));
    }

    /** Smooth too; its shortcut is the identity or a convolution without a bias. */
    private static LayerCase residual(int batch, Random random) {
        int inputs = SIZES[random.nextInt(8)];
        int outputs = random.nextBoolean() ? inputs : SIZES[random.nextInt(8)];
        ConvolutionGeometry body = ConvolutionGeometry.of(3, 3, inputs, outputs).withPadding(1, 1, 1, 1);
        Sequential shortcut = inputs == outputs
                ? Sequential.of()
                : Sequential.of(Conv2d.withoutBias(
                        ConvolutionGeometry.of(1, 1, inputs, outputs), Activation.IDENTITY, ConvAlgorithm.EXACT));
        Layer layer = new Residual(
                Sequential.of(new Conv2d(body, Activation.TANH)),
                shortcut,
                random.nextBoolean() ? Activation.SIGMOID : Activation.IDENTITY);
        return create(Kind.RESIDUAL, layer, random, Shape.of(batch, 3, 4, inputs));
    }

    private static LayerCase create(Kind kind, Layer layer, Random random, Shape shape) {
        Initializer.GLOROT_NORMAL.fill(layer, random.nextLong());
        for (Parameter parameter : layer.parameters()) {
            if (parameter.value().shape().rank() == 1) {
                fill(parameter.value(), random, 0.3);
            }
            // A backward function adds to what is there.
            fill(parameter.gradient(), random, 1);
        }
        Tensor input = Tensor.zeros(shape);
        fill(input, random, 1);
        return new LayerCase(kind, layer, input);
    }

    private static void fill(Tensor tensor, Random random, double deviation) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[tensor.offset() + i] = (float) (random.nextGaussian() * deviation);
        }
    }

    private static Shape anyShape(int batch, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Shape.of(batch);
            case 1 -> Shape.of(batch, 2, 0, 3);
            case 2 -> Shape.of(batch, 2, 3, size(random));
            default -> Shape.of(batch, size(random));
        };
    }

    private static boolean isKinked(Activation f) {
        return switch (f) {
            case RELU, RELU6, LEAKY_RELU, HARD_SIGMOID -> true;
            default -> false;
        };
    }

    /** A function whose gradient needs its inputs, and whose slope nowhere bends. */
    private static Activation smooth(Random random) {
        Activation[] functions = {
            Activation.GELU, Activation.GELU_TANH, Activation.SILU, Activation.MISH, Activation.SOFTPLUS, Activation.ERF
        };
        return functions[random.nextInt(functions.length)];
    }

    private static Activation activation(Random random) {
        // Not ELU and SELU: their slopes bend at 0 by too little for a kink and too much for a smooth function.
        return switch (random.nextInt(7)) {
            case 0 -> Activation.RELU;
            case 1 -> Activation.RELU6;
            case 2 -> Activation.LEAKY_RELU;
            case 3 -> Activation.HARD_SIGMOID;
            case 4 -> Activation.SIGMOID;
            case 5 -> Activation.TANH;
            default -> Activation.IDENTITY;
        };
    }

    private static int size(Random random) {
        return SIZES[random.nextInt(SIZES.length)];
    }

    @Override
    public String toString() {
        return kind + " of " + input.shape() + " " + layer.parameters();
    }
}
