package dev.lanewise.reference;

import dev.lanewise.kernels.Activation;

/**
 * The activations and their gradients, one number at a time. The {@code double} versions say what is true, the
 * {@code float} versions which bits.
 */
public final class ActivationsReference {
    private ActivationsReference() {}

    /**
     * Computes {@code y = f(x)}.
     *
     * @param f the activation
     * @param x the inputs
     * @return y
     */
    public static double[] forward(Activation f, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = switch (f) {
                case IDENTITY -> x[i];
                case RELU -> x[i] <= 0 ? 0 : x[i];
                case SIGMOID -> ScalarMath.sigmoid(x[i]);
                case TANH -> StrictMath.tanh(x[i]);
            };
        }
        return y;
    }

    /**
     * Computes {@code y = f(x)} with the kernel's bits.
     *
     * @param f the activation
     * @param x the inputs
     * @return y
     */
    public static float[] forward(Activation f, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = switch (f) {
                case IDENTITY -> x[i];
                case RELU -> x[i] <= 0 ? 0 : x[i];
                case SIGMOID -> ScalarMath.sigmoid(x[i]);
                case TANH -> ScalarMath.tanh(x[i]);
            };
        }
        return y;
    }

    /**
     * Computes {@code dx = dy f'(x)} from {@code y = f(x)}; NaN where y is, but for the identity.
     *
     * @param f the activation
     * @param y the results of the forward pass
     * @param dy their gradient
     * @return dx
     */
    public static double[] gradient(Activation f, double[] y, double[] dy) {
        double[] dx = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            dx[i] = switch (f) {
                case IDENTITY -> dy[i];
                case RELU -> Double.isNaN(y[i]) ? y[i] : y[i] == 0 ? 0 : dy[i];
                case SIGMOID -> dy[i] * (y[i] * (1 - y[i]));
                case TANH -> dy[i] * (1 - y[i] * y[i]);
            };
        }
        return dx;
    }

    /**
     * Computes {@code dx = dy f'(x)} from {@code y = f(x)} with the kernel's bits: for the sigmoid
     * {@code dy * fma(-y, y, y)}, for tanh {@code dy * fma(-y, y, 1)}.
     *
     * @param f the activation
     * @param y the results of the forward pass
     * @param dy their gradient
     * @return dx
     */
    public static float[] gradient(Activation f, float[] y, float[] dy) {
        float[] dx = new float[y.length];
        for (int i = 0; i < y.length; i++) {
            dx[i] = switch (f) {
                case IDENTITY -> dy[i];
                case RELU -> Float.isNaN(y[i]) ? y[i] : y[i] == 0 ? 0 : dy[i];
                case SIGMOID -> dy[i] * Math.fma(-y[i], y[i], y[i]);
                case TANH -> dy[i] * Math.fma(-y[i], y[i], 1f);
            };
        }
        return dx;
    }
}
