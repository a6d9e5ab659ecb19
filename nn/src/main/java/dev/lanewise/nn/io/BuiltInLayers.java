package dev.lanewise.nn.io;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.Interpolation;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.layers.ActivationLayer;
import dev.lanewise.nn.layers.AdaptiveAvgPool2d;
import dev.lanewise.nn.layers.AdaptiveMaxPool2d;
import dev.lanewise.nn.layers.AvgPool2d;
import dev.lanewise.nn.layers.BatchNorm1d;
import dev.lanewise.nn.layers.BatchNorm2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.ConvTranspose2d;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Embedding;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.GroupNorm;
import dev.lanewise.nn.layers.InstanceNorm2d;
import dev.lanewise.nn.layers.LayerNorm;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.MultiHeadAttention;
import dev.lanewise.nn.layers.Relu;
import dev.lanewise.nn.layers.RmsNorm;
import dev.lanewise.nn.layers.Sigmoid;
import dev.lanewise.nn.layers.Tanh;
import dev.lanewise.nn.layers.Upsample2d;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the layers that come with Lanewise are written: names and settings of version 1 of the architecture. */
final class BuiltInLayers {
    private static final String NO_BIAS = "none";

    static final LayerRegistry REGISTRY = LayerRegistry.empty()
            .with("linear", Linear.class, BuiltInLayers::describe, BuiltInLayers::linear)
            .with("conv2d", Conv2d.class, BuiltInLayers::describe, BuiltInLayers::conv2d)
            .with(
                    "maxPool2d",
                    MaxPool2d.class,
                    (layer, to) -> describe(layer.geometry(), to),
                    from -> new MaxPool2d(pooling(from)))
            .with(
                    "avgPool2d",
                    AvgPool2d.class,
                    (layer, to) -> describe(layer.geometry(), to),
                    from -> new AvgPool2d(pooling(from)))
            .with(
                    "adaptiveMaxPool2d",
                    AdaptiveMaxPool2d.class,
                    (layer, to) -> to.put("output", layer.outputHeight(), layer.outputWidth()),
                    from -> {
                        int[] output = from.integers("output", 2);
                        return new AdaptiveMaxPool2d(output[0], output[1]);
                    })
            .with(
                    "adaptiveAvgPool2d",
                    AdaptiveAvgPool2d.class,
                    (layer, to) -> to.put("output", layer.outputHeight(), layer.outputWidth()),
                    from -> {
                        int[] output = from.integers("output", 2);
                        return new AdaptiveAvgPool2d(output[0], output[1]);
                    })
            .with("globalAvgPool2d", GlobalAvgPool2d.class, (layer, to) -> {}, from -> new GlobalAvgPool2d())
            .with("upsample2d", Upsample2d.class, BuiltInLayers::describe, BuiltInLayers::upsample2d)
            .with("convTranspose2d", ConvTranspose2d.class, BuiltInLayers::describe, BuiltInLayers::convTranspose2d)
            .with("batchNorm2d", BatchNorm2d.class, BuiltInLayers::describe, BuiltInLayers::batchNorm2d)
            .with("batchNorm1d", BatchNorm1d.class, BuiltInLayers::describe, BuiltInLayers::batchNorm1d)
            .with(
                    "layerNorm",
                    LayerNorm.class,
                    (layer, to) -> to.put("features", layer.features()).put("epsilon", layer.epsilon()),
                    from -> new LayerNorm(from.integer("features"), from.doubleNumber("epsilon")))
            .with(
                    "rmsNorm",
                    RmsNorm.class,
                    (layer, to) -> to.put("features", layer.features()).put("epsilon", layer.epsilon()),
                    from -> new RmsNorm(from.integer("features"), from.doubleNumber("epsilon")))
            .with("groupNorm", GroupNorm.class, BuiltInLayers::describe, BuiltInLayers::groupNorm)
            .with("instanceNorm2d", InstanceNorm2d.class, BuiltInLayers::describe, BuiltInLayers::instanceNorm2d)
            .with(
                    "multiHeadAttention",
                    MultiHeadAttention.class,
                    BuiltInLayers::describe,
                    BuiltInLayers::multiHeadAttention)
            .with(
                    "activation",
                    ActivationLayer.class,
                    (layer, to) -> to.put("function", name(layer.function())),
                    from -> new ActivationLayer(named(Activation.values(), "function", from)))
            .with("relu", Relu.class, (layer, to) -> {}, from -> new Relu())
            .with("sigmoid", Sigmoid.class, (layer, to) -> {}, from -> new Sigmoid())
            .with("tanh", Tanh.class, (layer, to) -> {}, from -> new Tanh())
            .with("flatten", Flatten.class, (layer, to) -> {}, from -> new Flatten())
            .with(
                    "embedding",
                    Embedding.class,
                    (layer, to) -> to.put("entries", layer.entries()).put("width", layer.width()),
                    from -> new Embedding(from.integer("entries"), from.integer("width")))
            .with(
                    "dropout",
                    Dropout.class,
                    (layer, to) -> to.put("rate", layer.rate()),
                    from -> new Dropout(from.number("rate")));

    private BuiltInLayers() {}

    private static void describe(Linear layer, LayerSettings to) {
        to.put("inputs", layer.inputs()).put("outputs", layer.outputs()).put("activation", name(layer.activation()));
    }

    private static Linear linear(LayerSettings from) {
        return new Linear(from.integer("inputs"), from.integer("outputs"), activation(from));
    }

    /** The setting {@code bias} came later: a layer that does not have it has a bias. */
    private static void describe(Conv2d layer, LayerSettings to) {
        describe(layer.geometry(), to);
        to.put("activation", name(layer.activation()));
        if (!layer.isBiased()) {
            to.put("bias", NO_BIAS);
        }
        if (layer.algorithm() != ConvAlgorithm.EXACT) {
            to.put("algorithm", name(layer.algorithm()));
        }
    }

    /** Files without an algorithm, those from before there was a choice among them, mean exact sums. */
    private static Conv2d conv2d(LayerSettings from) {
        ConvAlgorithm algorithm =
                from.has("algorithm") ? named(ConvAlgorithm.values(), "algorithm", from) : ConvAlgorithm.EXACT;
        if (!from.has("bias")) {
            return new Conv2d(convolution(from), activation(from), algorithm);
        }
        if (!from.text("bias").equals(NO_BIAS)) {
            throw new IllegalArgumentException(
                    "architecture: bias of conv2d is " + from.text("bias") + "; expected " + NO_BIAS);
        }
        return Conv2d.withoutBias(convolution(from), activation(from), algorithm);
    }

    private static void describe(ConvTranspose2d layer, LayerSettings to) {
        describe(layer.transposed(), to);
        to.put("outputPadding", layer.outputPaddingHeight(), layer.outputPaddingWidth())
                .put("activation", name(layer.activation()));
    }

    private static ConvTranspose2d convTranspose2d(LayerSettings from) {
        int[] outputPadding = from.integers("outputPadding", 2);
        return new ConvTranspose2d(convolution(from), outputPadding[0], outputPadding[1], activation(from));
    }

    private static void describe(Upsample2d layer, LayerSettings to) {
        to.put("factor", layer.factorHeight(), layer.factorWidth()).put("mode", name(layer.mode()));
    }

    private static Upsample2d upsample2d(LayerSettings from) {
        int[] factor = from.integers("factor", 2);
        return new Upsample2d(factor[0], factor[1], named(Interpolation.values(), "mode", from));
    }

    private static void describe(BatchNorm2d layer, LayerSettings to) {
        batchNorm(layer.channels(), layer.epsilon(), layer.momentum(), layer.activation(), to);
    }

    private static void describe(BatchNorm1d layer, LayerSettings to) {
        batchNorm(layer.channels(), layer.epsilon(), layer.momentum(), layer.activation(), to);
    }

    private static void batchNorm(int channels, double epsilon, double momentum, Activation f, LayerSettings to) {
        to.put("channels", channels)
                .put("epsilon", epsilon)
                .put("momentum", momentum)
                .put("activation", name(f));
    }

    private static BatchNorm2d batchNorm2d(LayerSettings from) {
        return new BatchNorm2d(
                from.integer("channels"),
                from.doubleNumber("epsilon"),
                from.doubleNumber("momentum"),
                activation(from));
    }

    private static BatchNorm1d batchNorm1d(LayerSettings from) {
        return new BatchNorm1d(
                from.integer("channels"),
                from.doubleNumber("epsilon"),
                from.doubleNumber("momentum"),
                activation(from));
    }

    private static void describe(GroupNorm layer, LayerSettings to) {
        to.put("groups", layer.groups())
                .put("channels", layer.channels())
                .put("epsilon", layer.epsilon())
                .put("activation", name(layer.activation()));
    }

    private static GroupNorm groupNorm(LayerSettings from) {
        return new GroupNorm(
                from.integer("groups"), from.integer("channels"), from.doubleNumber("epsilon"), activation(from));
    }

    private static void describe(InstanceNorm2d layer, LayerSettings to) {
        to.put("channels", layer.channels())
                .put("epsilon", layer.epsilon())
                .put("activation", name(layer.activation()));
    }

    private static InstanceNorm2d instanceNorm2d(LayerSettings from) {
        return new InstanceNorm2d(from.integer("channels"), from.doubleNumber("epsilon"), activation(from));
    }

    /** Which positions a position sees, as files call it. */
    private enum Sight {
        FULL,
        CAUSAL
    }

    private static void describe(MultiHeadAttention layer, LayerSettings to) {
        to.put("features", layer.features())
                .put("heads", layer.heads())
                .put("sight", name(layer.causal() ? Sight.CAUSAL : Sight.FULL));
    }

    private static MultiHeadAttention multiHeadAttention(LayerSettings from) {
        boolean causal = named(Sight.values(), "sight", from) == Sight.CAUSAL;
        return new MultiHeadAttention(from.integer("features"), from.integer("heads"), causal);
    }

    private static void describe(ConvolutionGeometry g, LayerSettings to) {
        to.put("kernel", g.kernelHeight(), g.kernelWidth())
                .put("inChannels", g.inChannels())
                .put("outChannels", g.outChannels())
                .put("stride", g.strideHeight(), g.strideWidth())
                .put("padding", g.padTop(), g.padLeft(), g.padBottom(), g.padRight())
                .put("dilation", g.dilationHeight(), g.dilationWidth())
                .put("groups", g.groups());
    }

    private static ConvolutionGeometry convolution(LayerSettings from) {
        int[] kernel = from.integers("kernel", 2);
        int[] stride = from.integers("stride", 2);
        int[] padding = from.integers("padding", 4);
        int[] dilation = from.integers("dilation", 2);
        return new ConvolutionGeometry(
                kernel[0],
                kernel[1],
                from.integer("inChannels"),
                from.integer("outChannels"),
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                padding[2],
                padding[3],
                dilation[0],
                dilation[1],
                from.integer("groups"));
    }

    private static void describe(PoolingGeometry g, LayerSettings to) {
        to.put("kernel", g.kernelHeight(), g.kernelWidth())
                .put("stride", g.strideHeight(), g.strideWidth())
                .put("padding", g.padTop(), g.padLeft(), g.padBottom(), g.padRight());
    }

    private static PoolingGeometry pooling(LayerSettings from) {
        int[] kernel = from.integers("kernel", 2);
        int[] stride = from.integers("stride", 2);
        int[] padding = from.integers("padding", 4);
        return new PoolingGeometry(
                kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1], padding[2], padding[3]);
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static Activation activation(LayerSettings from) {
        Activation[] fused = Arrays.stream(Activation.values())
                .filter(each -> !each.keepsInputs())
                .toArray(Activation[]::new);
        return named(fused, "activation", from);
    }

    private static <E extends Enum<E>> E named(E[] constants, String setting, LayerSettings from) {
        String name = from.text(setting);
        for (E constant : constants) {
            if (name(constant).equals(name)) {
                return constant;
            }
        }
        String last = name(constants[constants.length - 1]);
        String others = Arrays.stream(constants, 0, constants.length - 1)
                .map(BuiltInLayers::name)
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("architecture: " + setting + " of " + from.type() + " is " + name
                + "; expected " + others + " or " + last);
    }
}
