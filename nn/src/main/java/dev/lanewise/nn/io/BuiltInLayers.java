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
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.ConvTranspose2d;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.Relu;
import dev.lanewise.nn.layers.Sigmoid;
import dev.lanewise.nn.layers.Tanh;
import dev.lanewise.nn.layers.Upsample2d;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the layers that come with Lanewise are written: names and settings of version 1 of the architecture. */
final class BuiltInLayers {
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

    private static void describe(Conv2d layer, LayerSettings to) {
        describe(layer.geometry(), to);
        to.put("activation", name(layer.activation()));
        if (layer.algorithm() != ConvAlgorithm.EXACT) {
            to.put("algorithm", name(layer.algorithm()));
        }
    }

    /** Files without an algorithm, those from before there was a choice among them, mean exact sums. */
    private static Conv2d conv2d(LayerSettings from) {
        ConvAlgorithm algorithm =
                from.has("algorithm") ? named(ConvAlgorithm.values(), "algorithm", from) : ConvAlgorithm.EXACT;
        return new Conv2d(convolution(from), activation(from), algorithm);
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

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Activation activation(LayerSettings from) {
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
