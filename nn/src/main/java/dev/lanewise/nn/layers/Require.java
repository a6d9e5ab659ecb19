package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;

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

    /** An activation that is fused keeps its results alone. */
    static Activation fused(String layer, Activation activation) {
        if (given(layer, "activation", activation).keepsInputs()) {
            throw new IllegalArgumentException(
                    layer + ": the gradient of " + activation
                            + " needs the inputs of the activation, which are not kept here; use IDENTITY and a layer of its own");
        }
        return activation;
    }
}
