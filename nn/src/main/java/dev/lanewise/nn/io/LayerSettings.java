package dev.lanewise.nn.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What makes one layer of its kind differ from another, by name: sizes, rates, the layers it is made of. Written as one
 * object of the architecture's JSON.
 *
 * <p>Reading is strict: a setting that is missing, of another type, or that nobody asked for is an error.
 */
public final class LayerSettings {
    private static final String TYPE = "type";

    private final String type;
    private final JsonObject json;
    private final Set<String> asked = new HashSet<>(Set.of(TYPE));

    private LayerSettings(String type, JsonObject json) {
        this.type = type;
        this.json = json;
    }

    static LayerSettings of(String type) {
        JsonObject json = new JsonObject();
        json.addProperty(TYPE, type);
        return new LayerSettings(type, json);
    }

    static LayerSettings read(JsonElement element) {
        if (!element.isJsonObject()) {
            throw new IllegalArgumentException("architecture: a layer is " + element + "; expected a JSON object");
        }
        JsonElement type = element.getAsJsonObject().get(TYPE);
        if (type == null
                || !type.isJsonPrimitive()
                || !type.getAsJsonPrimitive().isString()) {
            throw new IllegalArgumentException("architecture: a layer lacks its type; expected a string");
        }
        return new LayerSettings(type.getAsString(), element.getAsJsonObject());
    }

    JsonObject json() {
        return json;
    }

    /**
     * Returns the kind of the layer.
     *
     * @return the name it is registered under, such as {@code conv2d}
     */
    public String type() {
        return type;
    }

    /**
     * Sets an integer.
     *
     * @param name the setting
     * @param value its value
     * @return these settings
     */
    public LayerSettings put(String name, int value) {
        json.addProperty(name, value);
        return this;
    }

    /**
     * Sets several integers.
     *
     * @param name the setting
     * @param values its values
     * @return these settings
     */
    public LayerSettings put(String name, int... values) {
        JsonArray array = new JsonArray();
        for (int value : values) {
            array.add(value);
        }
        json.add(name, array);
        return this;
    }

    /**
     * Sets a number. Reading gives the same float.
     *
     * @param name the setting
     * @param value its value; finite
     * @return these settings
     */
    public LayerSettings put(String name, float value) {
        json.add(name, new JsonPrimitive(new BigDecimal(Float.toString(value))));
        return this;
    }

    /**
     * Sets a number. Reading gives the same double.
     *
     * @param name the setting
     * @param value its value; finite
     * @return these settings
     */
    public LayerSettings put(String name, double value) {
        json.addProperty(name, value);
        return this;
    }

    /**
     * Sets a text.
     *
     * @param name the setting
     * @param value its value
     * @return these settings
     */
    public LayerSettings put(String name, String value) {
        json.addProperty(name, value);
        return this;
    }

    /**
     * Sets the layers that the layer is made of.
     *
     * @param name the setting
     * @param layers their settings
     * @return these settings
     */
    public LayerSettings put(String name, List<LayerSettings> layers) {
        JsonArray array = new JsonArray();
        layers.forEach(layer -> array.add(layer.json));
        json.add(name, array);
        return this;
    }

    /**
     * Returns an integer.
     *
     * @param name the setting
     * @return its value
     * @throws IllegalArgumentException if it is missing or no integer
     */
    public int integer(String name) {
        return integer(name, ask(name));
    }

    /**
     * Returns several integers.
     *
     * @param name the setting
     * @param count how many there must be
     * @return their values
     * @throws IllegalArgumentException if it is missing, has another number of values, or one that is no integer
     */
    public int[] integers(String name, int count) {
        JsonElement element = ask(name);
        if (!element.isJsonArray() || element.getAsJsonArray().size() != count) {
            throw wrong(name, element, count + " integers");
        }
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = integer(name, element.getAsJsonArray().get(i));
        }
        return values;
    }

    /**
     * Returns a number.
     *
     * @param name the setting
     * @return its value
     * @throws IllegalArgumentException if it is missing or no number
     */
    public float number(String name) {
        return Float.parseFloat(numeral(name));
    }

    /**
     * Returns a number of double precision.
     *
     * @param name the setting
     * @return its value
     * @throws IllegalArgumentException if it is missing or no number
     */
    public double doubleNumber(String name) {
        return Double.parseDouble(numeral(name));
    }

    private String numeral(String name) {
        JsonElement element = ask(name);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isNumber()) {
            throw wrong(name, element, "a number");
        }
        return element.getAsString();
    }

    /**
     * Returns a text.
     *
     * @param name the setting
     * @return its value
     * @throws IllegalArgumentException if it is missing or no string
     */
    public String text(String name) {
        JsonElement element = ask(name);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw wrong(name, element, "a string");
        }
        return element.getAsString();
    }

    /**
     * Tells whether there is a setting, for one that came after the first files were written.
     *
     * @param name the setting
     * @return whether it is there
     */
    public boolean has(String name) {
        return json.has(name);
    }

    /**
     * Returns the layers that the layer is made of.
     *
     * @param name the setting
     * @return their settings
     * @throws IllegalArgumentException if it is missing or no list of layers
     */
    public List<LayerSettings> layers(String name) {
        JsonElement element = ask(name);
        if (!element.isJsonArray()) {
            throw wrong(name, element, "a list of layers");
        }
        List<LayerSettings> layers = new ArrayList<>();
        element.getAsJsonArray().forEach(layer -> layers.add(read(layer)));
        return layers;
    }

    /** Throws if there is a setting that nobody asked for: a newer version may mean something by it. */
    void checkAllAsked() {
        for (String name : json.keySet()) {
            if (!asked.contains(name)) {
                throw new IllegalArgumentException("architecture: " + type + " has an unknown setting " + name);
            }
        }
    }

    private JsonElement ask(String name) {
        asked.add(name);
        JsonElement element = json.get(name);
        if (element == null) {
            throw new IllegalArgumentException("architecture: " + type + " lacks its setting " + name);
        }
        return element;
    }

    private int integer(String name, JsonElement element) {
        try {
            if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
                return element.getAsBigDecimal().intValueExact();
            }
        } catch (ArithmeticException e) {
            throw wrong(name, element, "an integer");
        }
        throw wrong(name, element, "an integer");
    }

    private IllegalArgumentException wrong(String name, JsonElement element, String expected) {
        return new IllegalArgumentException(
                "architecture: " + name + " of " + type + " is " + element + "; expected " + expected);
    }
}
