package dev.lanewise.bench.compare;

import java.util.Collection;

/** The middle of measurements, and how far the farthest is from it. */
public final class Median {
    private Median() {}

    /**
     * Returns the median.
     *
     * @param values measurements
     * @return the one in the middle, or the mean of the two in the middle; NaN if there are none
     */
    public static double of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /**
     * Returns the spread.
     *
     * @param values measurements
     * @return the distance of the farthest from the median, as a part of the median; NaN if there are none
     */
    public static double spread(Collection<Double> values) {
        double median = of(values);
        return values.stream()
                .mapToDouble(value -> Math.abs(value - median) / median)
                .max()
                .orElse(Double.NaN);
    }
}
