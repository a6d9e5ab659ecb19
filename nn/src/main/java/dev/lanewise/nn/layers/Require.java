package dev.lanewise.nn.layers;

/** What layers demand of their configuration. */
final class Require {
    private Require() {}

    static int positive(String layer, String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(layer + ": " + name + " is " + value + "; it must be at least 1");
        }
        return value;
    }

    static <T> T given(String layer, String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(layer + ": " + name + " is missing");
        }
        return value;
    }
}
