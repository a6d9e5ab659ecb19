package dev.lanewise.properties.support;

import java.util.Random;

/** Arrays of floats to feed to kernels. */
public final class Values {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        0x1.8p-127f,
        -0x1.8p-127f,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        0x1p-24f,
        -0x1p-24f,
        0.5f,
        -0.5f,
        1f,
        -1f,
        Math.nextDown(1f),
        Math.nextUp(1f),
        88.8f,
        -88.8f,
        -103.9f,
        -104.1f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(0xffc12345)
    };

    private Values() {}

    /**
     * Returns the values at which kernels tend to fail: zeros of both signs, subnormals, one and its neighbours, the
     * ends of exp, the largest floats, infinities, and two NaNs.
     *
     * @return a copy
     */
    public static float[] special() {
        return SPECIAL.clone();
    }

    /**
     * Returns normally distributed values.
     *
     * @param random their source
     * @param size how many
     * @return the values
     */
    public static float[] normal(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /**
     * Returns integers from -3 to 3: sums of a million of their products are exact in float, whatever the order.
     *
     * @param random their source
     * @param size how many
     * @return the values
     */
    public static float[] integers(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextInt(7) - 3;
        }
        return values;
    }

    /**
     * Returns values whose products are too small for a float, so that sums of them are zeros of both signs. Nearly all have the same
     * sign, or sums would hardly ever be -0; some are 0, few infinite.
     *
     * @param random their source
     * @param size how many
     * @return the values
     */
    public static float[] tiny(Random random, int size) {
        float[] values = new float[size];
        float sign = random.nextBoolean() ? 1 : -1;
        for (int i = 0; i < size; i++) {
            float value = random.nextInt(300) == 0 ? 0f : 0x1p-80f;
            value = random.nextInt(3000) == 0 ? Float.POSITIVE_INFINITY : value;
            values[i] = random.nextInt(500) == 0 ? -sign * value : sign * value;
        }
        return values;
    }

    /**
     * Returns a mixture, for element-wise kernels: in equal parts normal values, values of up to 100, random bits, and
     * {@link #special} values.
     *
     * @param random their source
     * @param size how many
     * @return the values
     */
    public static float[] mixed(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = switch (random.nextInt(4)) {
                case 0 -> (float) random.nextGaussian();
                case 1 -> (random.nextFloat() - 0.5f) * 200f;
                case 2 -> Float.intBitsToFloat(random.nextInt());
                default -> SPECIAL[random.nextInt(SPECIAL.length)];
            };
        }
        return values;
    }

    /**
     * Returns normal values with a {@link #special} one here and there: were there more, nearly every sum would be NaN.
     *
     * @param random their source
     * @param size how many
     * @return the values
     */
    public static float[] rarelySpecial(Random random, int size) {
        float[] values = normal(random, size);
        for (int i = random.nextInt(100); i < size; i += 1 + random.nextInt(200)) {
            values[i] = SPECIAL[random.nextInt(SPECIAL.length)];
        }
        return values;
    }

    /**
     * Returns the same values as doubles.
     *
     * @param values floats
     * @return doubles, each exactly its float
     */
    public static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
