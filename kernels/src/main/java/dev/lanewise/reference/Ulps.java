package dev.lanewise.reference;

/** How far floats are from the truth. */
public final class Ulps {
    private Ulps() {}

    /**
     * Returns the distance between a float and the truth in units of the last place: the gap between floats at the
     * truth, which is the smallest subnormal near 0.
     *
     * @param truth the right number
     * @param actual the float found
     * @return the distance; 0 where both are NaN or the same infinity, also where the truth rounds to that infinity;
     *     infinity where only one of them is
     */
    public static double between(double truth, float actual) {
        if (Double.isNaN(truth) || Float.isNaN(actual)) {
            return Double.isNaN(truth) && Float.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Float.isInfinite((float) truth) || Float.isInfinite(actual)) {
            return (float) truth == actual ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(actual - truth) / Math.ulp((float) truth);
    }
}
