package dev.lanewise.nn.io;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.layers.AvgPool2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.Relu;
import dev.lanewise.nn.layers.Sigmoid;
import dev.lanewise.nn.layers.Tanh;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        ConvolutionGeometry g = layer.geometry();
        to.put("kernel", g.kernelHeight(), g.kernelWidth())
                .put("inChannels", g.inChannels())
                .put("outChannels", g.outChannels())
                .put("stride", g.strideHeight(), g.strideWidth())
                .put("padding", g.padTop(), g.padLeft(), g.padBottom(), g.padRight())
                .put("dilation", g.dilationHeight(), g.dilationWidth())
                .put("groups", g.groups())
                .put("activation", name(layer.activation()));
    }

    private static Conv2d conv2d(LayerSettings from) {
        int[] kernel = from.integers("kernel", 2);
        int[] stride = from.integers("stride", 2);
        int[] padding = from.integers("padding", 4);
        int[] dilation = from.integers("dilation", 2);
        ConvolutionGeometry geometry = new ConvolutionGeometry(
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
        return new Conv2d(geometry, activation(from));
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

    private static String name(Activation activation) {
        return activation.name().toLowerCase(Locale.ROOT);
    }

    private static Activation activation(LayerSettings from) {
        String name = from.text("activation");
        List<String> names = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            if (!activation.keepsInputs()) {
                if (name(activation).equals(name)) {
                    return activation;
                }
                names.add(name(activation));
            }
        }
        throw new IllegalArgumentException("architecture: activation of " + from.type() + " is " + name
                + "; expected one of " + String.join(", ", names));
    }
}
