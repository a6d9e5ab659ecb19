package dev.lanewise.properties.support;

/**
 * How far rounding can carry a sum of products from the truth (Higham, Accuracy and Stability of Numerical Algorithms,
 * 2nd edition, section 3.1): n roundings change a term by a factor of at most {@code 1 + gamma(n)}, {@code gamma(n) = n u
 * / (1 - n u)}, so the error is at most {@code gamma(n)} times the sum of the terms' magnitudes.
 */
public final class Rounding {
    /** Half the gap between 1 and the next float. */
    private static final double UNIT = 0x1p-24;

    private Rounding() {}

    /**
     * Returns the bounds of the errors of sums.
     *
     * @param magnitudes for each sum, that of the magnitudes of its terms, in double; its own rounding is covered by one
     *     more rounding to float, which is 2^29 times larger
     * @param roundings how many float roundings a term goes through at most
     * @return for each sum the largest possible error; a product too small for a normal float adds up to one smallest
     *     float for each rounding
     */
    public static double[] bounds(double[] magnitudes, int roundings) {
        double n = (roundings + 1) * UNIT;
        double[] bounds = new double[magnitudes.length];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = n / (1 - n) * magnitudes[i] + roundings * (double) Float.MIN_VALUE;
        }
        return bounds;
    }

    /**
     * Returns the magnitudes of some numbers.
     *
     * @param values the numbers
     * @return their absolute values, as doubles
     */
    public static double[] magnitudes(float[] values) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs((double) values[i]);
        }
        return magnitudes;
    }

    /**
     * Returns the bound of the error of one number.
     *
     * @param magnitude the sum of the magnitudes of its terms
     * @param roundings how many float roundings a term goes through at most
     * @return the largest possible error
     */
    public static double bound(double magnitude, int roundings) {
        return bounds(new double[] {magnitude}, roundings)[0];
    }
}
