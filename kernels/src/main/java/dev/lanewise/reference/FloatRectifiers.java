package dev.lanewise.reference;

import static dev.lanewise.reference.FloatExponentials.expm1OfNegative;

/**
 * The activations that are made of straight pieces, and those that are straight on one side, one float at a time: the
 * source of the vector loops, which the build writes from these methods, and so their twin, bit for bit.
 */
public final class FloatRectifiers {
    private static final float SELU_SCALE = 1.0507009873554805f;
    private static final float SELU_SCALE_HIGH = 0x1.0cfabcp0f;
    private static final float SELU_SCALE_LOW = 0x1.6a9114p-24f;
    private static final float SELU_SCALE_ALPHA = 1.7580993408473766f;
    private static final float SIXTH = 0x1.555556p-3f;
    private static final float SIXTH_LOW = -0x1.555556p-28f;
    /** The bits of 6: floats that are not negative are in the order of their bits. */
    private static final int SIX = 0x40c00000;

    private static final float THIRD = 0x1.555556p-2f;

    private FloatRectifiers() {}

    /**
     * Computes {@code max(x, 0)}.
     *
     * @param x the argument
     * @return x where it is above 0, otherwise +0; NaN for NaN
     */
    public static float relu(float x) {
        return x <= 0f ? 0f : x;
    }

    /**
     * Computes dx, which is dy, but +0 where y is 0 and NaN where y is.
     *
     * @param y the result of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float reluGradient(float y, float dy) {
        float open = y != y ? y : dy;
        return y == 0f ? 0f : open;
    }

    /**
     * Computes {@code min(max(x, 0), 6)}.
     *
     * @param x the argument
     * @return x between 0 and 6, otherwise the nearer of them; NaN for NaN
     */
    public static float relu6(float x) {
        float y = x <= 0f ? 0f : x;
        return y > 6f ? 6f : y;
    }

    /**
     * Computes dx, which is dy where y is between 0 and 6, NaN where y is, otherwise +0.
     *
     * @param y the result of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float relu6Gradient(float y, float dy) {
        float open = y != y ? y : dy;
        return y <= 0f | y >= 6f ? 0f : open;
    }

    /**
     * Computes x or, where that is negative, {@code slope x}.
     *
     * @param x the argument
     * @param slope the derivative below 0
     * @return the result
     */
    public static float leakyRelu(float x, float slope) {
        return x > 0f ? x : x * slope;
    }

    /**
     * Computes dx, which is dy where y is positive, NaN where y is, otherwise {@code dy slope}.
     *
     * @param y the result of the activation or its argument
     * @param dy the gradient of the result
     * @param slope the derivative below 0
     * @return dx
     */
    public static float leakyReluGradient(float y, float dy, float slope) {
        float steep = y != y ? y : dy * slope;
        return y > 0f ? dy : steep;
    }

    /**
     * Computes x or, where that is negative, {@code alpha (exp(x) - 1)}.
     *
     * @param x the argument
     * @param alpha how far below 0 the results come
     * @return the result
     */
    public static float elu(float x, float alpha) {
        return x > 0f ? x : expm1OfNegative(x) * alpha;
    }

    /**
     * Computes dx, which is dy where y is positive, otherwise {@code dy (y + alpha)}.
     *
     * @param y the result of the activation
     * @param dy the gradient of the result
     * @param alpha how far below 0 the results come
     * @return dx
     */
    public static float eluGradient(float y, float dy, float alpha) {
        return y > 0f ? dy : dy * (y + alpha);
    }

    /**
     * Computes 1.0507 x or, where that is negative, {@code 1.7581 (exp(x) - 1)}. The first factor has two parts, so that the
     * same floats become infinite that should.
     *
     * @param x the argument
     * @return the result
     */
    public static float selu(float x) {
        return x > 0f ? Math.fma(x, SELU_SCALE_HIGH, x * SELU_SCALE_LOW) : expm1OfNegative(x) * SELU_SCALE_ALPHA;
    }

    /**
     * Computes dx, which is {@code 1.0507 dy} where y is positive, otherwise {@code dy (y + 1.7581)}.
     *
     * @param y the result of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float seluGradient(float y, float dy) {
        return y > 0f ? dy * SELU_SCALE : dy * (y + SELU_SCALE_ALPHA);
    }

    /**
     * Computes {@code min(max(x + 3, 0), 6) / 6}.
     *
     * @param x the argument
     * @return the result
     */
    public static float hardSigmoid(float x) {
        float y = x + 3f;
        y = y <= 0f ? 0f : y;
        return (y > 6f ? 6f : y) * SIXTH;
    }

    /**
     * Computes dx, which is {@code dy / 6} where y is between 0 and 1, NaN where y is, otherwise +0.
     *
     * @param y the result of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float hardSigmoidGradient(float y, float dy) {
        float open = y != y ? y : dy * SIXTH;
        return y <= 0f | y >= 1f ? 0f : open;
    }

    /**
     * Computes {@code x min(max(x + 3, 0), 6) / 6}.
     *
     * @param x the argument
     * @return the result, with the sign of x even where it is 0
     */
    public static float hardSwish(float x) {
        float b = x < -3f ? -3f : x;
        float y = b + 3f;
        float open = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(y), SIX));
        return b * Math.fma(open, SIXTH, open * SIXTH_LOW);
    }

    /**
     * Computes dx, which is {@code dy (x/3 + 1/2)} for x between -3 and 3, dy above, +0 below.
     *
     * @param x the argument of the activation
     * @param dy the gradient of the result
     * @return dx
     */
    public static float hardSwishGradient(float x, float dy) {
        float inner = dy * Math.fma(x, THIRD, 0.5f);
        float open = x >= 3f ? dy : inner;
        return x <= -3f ? 0f : open;
    }
}
