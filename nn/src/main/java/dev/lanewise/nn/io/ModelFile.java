package dev.lanewise.nn.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models in safetensors files. The tensors are the network's parameters and buffers by name; the metadata hold the rest:
 *
 * <table>
 * <caption>Metadata</caption>
 * <tr><td>{@code lanewise.architecture}</td><td>{@code {"version":1,"input":[28,28,1],"layers":[...]}}</td></tr>
 * <tr><td>{@code lanewise.classes}</td><td>{@code ["T-shirt/top",...]}</td></tr>
 * <tr><td>{@code lanewise.normalization}</td><td>{@code {"mean":0.286,"deviation":0.353}}</td></tr>
 * <tr><td>other names</td><td>{@link Model#notes}</td></tr>
 * </table>
 *
 * <p>Tensors whose names begin with {@code training.}, and metadata whose names begin with {@code lanewise.}, are left
 * to others: a checkpoint is a model file with more in it.
 */
public final class ModelFile {
    /** How names of metadata begin that are not notes. */
    static final String RESERVED = "lanewise.";

    /** How names of tensors begin that are not the network's. */
    public static final String TRAINING = "training.";

    private static final String ARCHITECTURE = RESERVED + "architecture";
    private static final String CLASSES = RESERVED + "classes";
    private static final String NORMALIZATION = RESERVED + "normalization";
    private static final int VERSION = 1;

    private ModelFile() {}

    /**
     * Saves a model whose layers are built in.
     *
     * @param file the file; its folder must exist
     * @param model the model
     * @throws FileException if it can't be written; what was there before is untouched then
     */
    public static void save(Path file, Model model) throws IOException {
        save(file, model, LayerRegistry.builtIn());
    }

    /**
     * Saves a model.
     *
     * @param file the file; its folder must exist
     * @param model the model
     * @param registry knows its kinds of layers
     * @throws IllegalArgumentException if the registry lacks a kind of layer
     * @throws FileException if it can't be written; what was there before is untouched then
     */
    public static void save(Path file, Model model, LayerRegistry registry) throws IOException {
        encode(model, registry).write(file);
    }

    /**
     * Loads a model whose layers are built in.
     *
     * @param file a model or a checkpoint
     * @return the model
     * @throws FileException if it can't be read, is truncated or is no model of Lanewise
     */
    public static Model load(Path file) throws IOException {
        return load(file, LayerRegistry.builtIn());
    }

    /**
     * Loads a model.
     *
     * @param file a model or a checkpoint
     * @param registry knows its kinds of layers
     * @return the model
     * @throws FileException if it can't be read, is truncated or is no model of Lanewise
     */
    public static Model load(Path file, LayerRegistry registry) throws IOException {
        return decode(file.toString(), Safetensors.read(file), registry);
    }

    /**
     * Returns the content of a model's file, to which others may add.
     *
     * @param model the model; its parameters are shared, not copied
     * @param registry knows its kinds of layers
     * @return the content
     */
    public static Safetensors encode(Model model, LayerRegistry registry) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(ARCHITECTURE, architecture(model, registry).toString());
        JsonArray classes = new JsonArray();
        model.classes().forEach(classes::add);
        metadata.put(CLASSES, classes.toString());
        JsonObject normalization = new JsonObject();
        normalization.addProperty("mean", model.normalization().mean());
        normalization.addProperty("deviation", model.normalization().deviation());
        metadata.put(NORMALIZATION, normalization.toString());
        metadata.putAll(model.notes());
        Map<String, Tensor> tensors = model.network().state();
        for (String name : tensors.keySet()) {
            if (name.startsWith(TRAINING)) {
                throw new IllegalArgumentException(
                        "model: the name of tensor " + name + " begins with " + TRAINING + "; expected another");
            }
        }
        return new Safetensors(metadata, tensors);
    }

    /**
     * Returns the model of a file's content.
     *
     * @param file what messages call the file
     * @param content the content
     * @param registry knows its kinds of layers
     * @return the model
     * @throws FileException if it is no model of Lanewise
     */
    public static Model decode(String file, Safetensors content, LayerRegistry registry) throws IOException {
        if (!content.metadata().containsKey(ARCHITECTURE)) {
            throw new FileException(file, "has no " + ARCHITECTURE + " in its metadata; expected a model of Lanewise");
        }
        try {
            Model model = model(content.metadata(), registry);
            fill(model.network(), content.tensors());
            return model;
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | JsonParseException e) {
            throw new FileException(file, "is no model that can be read: " + e.getMessage(), e);
        }
    }

    private static JsonObject architecture(Model model, LayerRegistry registry) {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        JsonArray input = new JsonArray();
        for (int extent : model.input().toArray()) {
            input.add(extent);
        }
        json.add("input", input);
        JsonArray layers = new JsonArray();
        model.network()
                .layers()
                .forEach(layer -> layers.add(registry.describe(layer).json()));
        json.add("layers", layers);
        return json;
    }

    private static Model model(Map<String, String> metadata, LayerRegistry registry) {
        JsonObject json = JsonParser.parseString(metadata.get(ARCHITECTURE)).getAsJsonObject();
        JsonElement version = member(json, "version");
        if (version.getAsInt() != VERSION) {
            throw new IllegalArgumentException("architecture: version is " + version + "; expected " + VERSION);
        }
        int[] input = member(json, "input").getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
        Sequential network = registry.sequential(member(json, "layers").getAsJsonArray().asList().stream()
                .map(LayerSettings::read)
                .toList());
        List<String> classes = new ArrayList<>();
        JsonParser.parseString(metadata.getOrDefault(CLASSES, "[]"))
                .getAsJsonArray()
                .forEach(name -> classes.add(name.getAsString()));
        Map<String, String> notes = new LinkedHashMap<>(metadata);
        notes.keySet().removeIf(name -> name.startsWith(RESERVED));
        return new Model(network, Shape.of(input), classes, normalization(metadata), notes);
    }

    private static Normalization normalization(Map<String, String> metadata) {
        if (!metadata.containsKey(NORMALIZATION)) {
            return Normalization.NONE;
        }
        JsonObject json = JsonParser.parseString(metadata.get(NORMALIZATION)).getAsJsonObject();
        return new Normalization(
                member(json, "mean").getAsFloat(), member(json, "deviation").getAsFloat());
    }

    private static JsonElement member(JsonObject json, String name) {
        JsonElement member = json.get(name);
        if (member == null) {
            throw new IllegalArgumentException(name + " is missing in " + json);
        }
        return member;
    }

    private static void fill(Sequential network, Map<String, Tensor> tensors) {
        int used = 0;
        for (Map.Entry<String, Tensor> own : network.state().entrySet()) {
            Tensor stored = tensors.get(own.getKey());
            if (stored == null) {
                throw new IllegalArgumentException("tensor " + own.getKey() + " is missing");
            }
            if (!stored.shape().equals(own.getValue().shape())) {
                throw new IllegalArgumentException("tensor " + own.getKey() + " is " + stored.shape() + "; expected "
                        + own.getValue().shape());
            }
            own.getValue().copyFrom(stored);
            used++;
        }
        for (String name : tensors.keySet()) {
            used += name.startsWith(TRAINING) ? 1 : 0;
        }
        if (used != tensors.size()) {
            throw new IllegalArgumentException("it has " + (tensors.size() - used) + " tensors that no layer owns");
        }
    }
}
