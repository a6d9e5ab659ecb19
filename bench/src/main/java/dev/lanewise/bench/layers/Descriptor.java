package dev.lanewise.bench.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A problem descriptor as oneDNN's benchdnn writes it: names with numbers in any order, underscores that mean nothing, and
 * {@code n"name"} at the end, whose quotation marks a shell may have taken away. Grammar and defaults: oneDNN,
 * {@code tests/benchdnn/doc/driver_conv.md}, {@code driver_pool.md} and {@code conv/conv_aux.cpp}.
 */
final class Descriptor {
    private static final Pattern PART = Pattern.compile("_?(?:([a-mo-z][a-z]?)(\\d+)|n(.*))_?");
    private static final int MOST = 1 << 24;
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE / 4;

    private final String text;
    private final Map<String, Integer> values = new LinkedHashMap<>();
    private String name = "";

    /**
     * Takes a descriptor apart.
     *
     * @param text the descriptor
     * @param example one, for the message
     * @param keys the names that may be given a number
     * @throws IllegalArgumentException if it holds anything else
     */
    Descriptor(String text, String example, List<String> keys) {
        this.text = text;
        Matcher part = PART.matcher(text);
        while (part.lookingAt()) {
            if (part.group(1) == null) {
                name = part.group(3).replace("\"", "");
            } else {
                put(part.group(1), part.group(2), keys);
            }
            part.region(part.end(), text.length());
        }
        if (text.isEmpty() || part.regionStart() < text.length()) {
            throw wrong("expected oneDNN's form, such as " + example
                    + (text.isEmpty() ? "" : "; what is \"" + text.substring(part.regionStart()) + "\"?"));
        }
    }

    private void put(String key, String digits, List<String> keys) {
        if (!keys.contains(key)) {
            throw wrong(key + " is none of " + String.join(", ", keys));
        }
        if (digits.length() > 8 || Integer.parseInt(digits) > MOST) {
            throw wrong(key + " is " + digits + "; it must be at most " + MOST);
        }
        if (values.put(key, Integer.parseInt(digits)) != null) {
            throw wrong(key + " is there twice");
        }
    }

    /** An exception that names the descriptor. */
    IllegalArgumentException wrong(String message) {
        return new IllegalArgumentException("shape " + text + ": " + message);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The name behind {@code n}, without quotation marks; empty if there is none. */
    String name() {
        return name;
    }

    /**
     * Returns a number that has to be there.
     *
     * @param key its name
     * @return the number, at least 1
     */
    int positive(String key) {
        if (!has(key)) {
            throw wrong(key + " is missing");
        }
        return positive(key, 0);
    }

    /**
     * Returns a number.
     *
     * @param key its name
     * @param missing what it is if it is not there
     * @return the number; at least 1 if it is there
     */
    int positive(String key, int missing) {
        if (has(key) && values.get(key) < 1) {
            throw wrong(key + " is 0; it must be at least 1");
        }
        return any(key, missing);
    }

    /** Returns a number that may be 0, or what it is if it is not there. */
    int any(String key, int missing) {
        return values.getOrDefault(key, missing);
    }

    /** Refuses a tensor of more elements than is sensible for an array. */
    void refuseLargerThanArrays(int... extents) {
        long size = 1;
        for (int extent : extents) {
            size *= extent;
            if (size > MOST_ELEMENTS) {
                throw wrong("expected tensors of at most " + MOST_ELEMENTS + " elements");
            }
        }
    }
}
