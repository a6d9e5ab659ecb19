package dev.lanewise.reference;

import java.math.BigDecimal;

/** Clipping, one number at a time: limits for elements, and the sum of squares exactly and with the kernel's bits. */
public final class ClippingReference {
    private static final int CHUNK = 1 << 12;
    private static final int LANES = 16;

    private ClippingReference() {}

    /**
     * Holds a number to {@code [-limit, limit]}; NaN stays.
     *
     * @param g the number
     * @param limit the largest magnitude
     * @return the number that is meant
     */
    public static float clamp(float g, double limit) {
        return Math.max(-(float) limit, Math.min((float) limit, g));
    }

    /**
     * Adds up squares without any rounding but the last.
     *
     * @param g finite numbers
     * @return the sum
     */
    public static double squareSum(double[] g) {
        BigDecimal sum = BigDecimal.ZERO;
        for (double value : g) {
            BigDecimal exact = new BigDecimal(value);
            sum = sum.add(exact.multiply(exact));
        }
        return sum.doubleValue();
    }

    /**
     * Adds up squares with the kernel's bits: chunks of 4096, each over 16 lanes and a tree, added in ascending order.
     *
     * @param g the numbers
     * @return the sum
     */
    public static double squareSum(float[] g) {
        double sum = 0;
        for (int from = 0; from < g.length; from += CHUNK) {
            double[] lanes = new double[LANES];
            for (int i = from; i < Math.min(g.length, from + CHUNK); i++) {
                lanes[i % LANES] += (double) g[i] * g[i];
            }
            for (int gap = LANES / 2; gap > 0; gap /= 2) {
                for (int lane = 0; lane < gap; lane++) {
                    lanes[lane] += lanes[lane + gap];
                }
            }
            sum += lanes[0];
        }
        return sum;
    }
}
