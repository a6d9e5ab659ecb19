package dev.lanewise.bench.compare;

import java.util.Collection;

/** The middle of measurements, and how far from it they are. */
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

    /**
     * Returns the median absolute deviation, which a few measurements that something disturbed do not change.
     *
     * @param values measurements
     * @return the median of the distances from the median, as a part of the median; NaN if there are none
     */
    public static double deviation(Collection<Double> values) {
        double median = of(values);
        return of(
                values.stream().map(value -> Math.abs(value - median) / median).toList());
    }
}
