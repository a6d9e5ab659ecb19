package dev.lanewise.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * What was measured of one shape.
 *
 * @param shape the shape, as it is written on the command line
 * @param threads how many threads worked
 * @param work operations or bytes of one call
 * @param speeds of each library, ours first, work in a nanosecond of each fork
 */
public record Row(String shape, int threads, double work, LinkedHashMap<String, List<Double>> speeds) {
    /**
     * Returns the speed of a library.
     *
     * @param library its name
     * @return the median of its forks; NaN if it was not measured
     */
    public double speed(String library) {
        List<Double> forks = speeds.get(library);
        if (forks == null || forks.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted =
                forks.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * Returns how far the forks of a library lie apart.
     *
     * @param library its name
     * @return the distance of the farthest from the median, as a part of the median
     */
    public double spread(String library) {
        double median = speed(library);
        return speeds.get(library).stream()
                .mapToDouble(speed -> Math.abs(speed - median) / median)
                .max()
                .orElse(Double.NaN);
    }

    /**
     * Returns our name.
     *
     * @return the first library
     */
    public String ours() {
        return speeds.sequencedKeySet().getFirst();
    }

    /**
     * Returns the fastest other library.
     *
     * @return its name; null if there is none
     */
    public String fastestPeer() {
        return speeds.keySet().stream()
                .skip(1)
                .filter(library -> !Double.isNaN(speed(library)))
                .max((one, other) -> Double.compare(speed(one), speed(other)))
                .orElse(null);
    }

    /**
     * Returns our speed divided by that of the fastest peer.
     *
     * @return the ratio; NaN if there is no peer
     */
    public double ratio() {
        String peer = fastestPeer();
        return peer == null ? Double.NaN : speed(ours()) / speed(peer);
    }
}
