package dev.lanewise.nn.io;

import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layers.Residual;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The kinds of layers that can be written to a model's file and read back, by name. Immutable: {@link #with} returns a
 * registry that knows one more.
 *
 * <pre>{@code
 * LayerRegistry registry = LayerRegistry.builtIn()
 *         .with("scale", Scale.class, (layer, settings) -> settings.put("channels", layer.channels()),
 *                 settings -> new Scale(settings.integer("channels")));
 * }</pre>
 */
public final class LayerRegistry {
    /** Known without being registered, as the next: their layers may be of any kind that this registry knows. */
    private static final String SEQUENTIAL = "sequential";

    private static final String RESIDUAL = "residual";

    private final Map<String, Kind<?>> byName;

    private record Kind<L extends Layer>(
            String name, Class<L> layerClass, BiConsumer<L, LayerSettings> writer, Function<LayerSettings, L> reader) {
        LayerSettings describe(Layer layer) {
            LayerSettings settings = LayerSettings.of(name);
            writer.accept(layerClass.cast(layer), settings);
            return settings;
        }
    }

    private LayerRegistry(Map<String, Kind<?>> byName) {
        this.byName = byName;
    }

    static LayerRegistry empty() {
        return new LayerRegistry(Map.of());
    }

    /**
     * Returns the registry of the layers that come with Lanewise.
     *
     * @return the registry
     */
    public static LayerRegistry builtIn() {
        return BuiltInLayers.REGISTRY;
    }

    /**
     * Returns a registry that knows one more kind of layer.
     *
     * @param name what files call it; to be kept for ever
     * @param layerClass the class; layers of subclasses are not of this kind
     * @param writer sets what a layer of this kind needs to be made again, apart from its parameters' values
     * @param reader makes the layer; its parameters' values are read afterwards
     * @param <L> the class
     * @return the registry
     * @throws IllegalArgumentException if the name or the class is known already
     */
    public <L extends Layer> LayerRegistry with(
            String name, Class<L> layerClass, BiConsumer<L, LayerSettings> writer, Function<LayerSettings, L> reader) {
        Map<String, Kind<?>> more = new LinkedHashMap<>(byName);
        boolean knownClass = more.values().stream().anyMatch(kind -> kind.layerClass == layerClass);
        if (knownClass
                || name.equals(SEQUENTIAL)
                || name.equals(RESIDUAL)
                || more.put(name, new Kind<>(name, layerClass, writer, reader)) != null) {
            throw new IllegalArgumentException(
                    "layers: " + name + " (" + layerClass.getName() + ") is registered already");
        }
        return new LayerRegistry(more);
    }

    /**
     * Returns what a file says of a layer.
     *
     * @param layer the layer
     * @return its settings
     * @throws IllegalArgumentException if its class is not registered
     */
    public LayerSettings describe(Layer layer) {
        if (layer instanceof Sequential sequence) {
            return LayerSettings.of(SEQUENTIAL).put("layers", describeAll(sequence));
        }
        if (layer instanceof Residual residual) {
            return LayerSettings.of(RESIDUAL)
                    .put("body", describeAll(residual.body()))
                    .put("shortcut", describeAll(residual.shortcut()))
                    .put("activation", BuiltInLayers.name(residual.activation()));
        }
        return byName.values().stream()
                .filter(kind -> kind.layerClass == layer.getClass())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "layers: " + layer.getClass().getName()
                                + " is not registered; a model's file can only hold layers of " + byName.keySet()
                                + ", as they are before forInference()"))
                .describe(layer);
    }

    private List<LayerSettings> describeAll(Sequential sequence) {
        return sequence.layers().stream().map(this::describe).toList();
    }

    /**
     * Makes a layer from what a file says of it.
     *
     * @param settings its settings
     * @return the layer; its parameters' values are not set yet
     * @throws IllegalArgumentException if its kind is not registered or its settings are wrong
     */
    public Layer build(LayerSettings settings) {
        if (settings.type().equals(SEQUENTIAL)) {
            Layer sequence = sequential(settings.layers("layers"));
            settings.checkAllAsked();
            return sequence;
        }
        if (settings.type().equals(RESIDUAL)) {
            Layer residual = new Residual(
                    sequential(settings.layers("body")),
                    sequential(settings.layers("shortcut")),
                    BuiltInLayers.activation(settings));
            settings.checkAllAsked();
            return residual;
        }
        Kind<?> kind = byName.get(settings.type());
        if (kind == null) {
            throw new IllegalArgumentException("architecture: layers of type " + settings.type()
                    + " are not known; expected one of " + byName.keySet());
        }
        Layer layer = kind.reader.apply(settings);
        settings.checkAllAsked();
        return layer;
    }

    /** Makes a sequence of layers. */
    Sequential sequential(List<LayerSettings> layers) {
        return new Sequential(layers.stream().map(this::build).toList());
    }
}
