package dev.lanewise.properties.support;

import dev.lanewise.kernels.Activation;
import dev.lanewise.reference.ScalarMath;

/** The scalar twin of an activation that a kernel applies to its results. */
public final class Epilogue {
    private Epilogue() {}

    /**
     * Applies an activation to every element.
     *
     * @param f the activation
     * @param values changed in place
     * @return the same array
     */
    public static float[] apply(Activation f, float[] values) {
        for (int i = 0; i < values.length; i++) {
            float x = values[i];
            values[i] = switch (f) {
                case IDENTITY -> x;
                case RELU -> x <= 0 ? 0f : x;
                case SIGMOID -> ScalarMath.sigmoid(x);
                case TANH -> ScalarMath.tanh(x);
            };
        }
        return values;
    }
}
