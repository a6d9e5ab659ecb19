package dev.lanewise.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * What was measured of one shape.
 *
 * @param shape the shape, as it is written on the command line
 * @param threads how many threads worked
 * @param work what is counted of one call: operations, bytes or elements
 * @param limitWork what the machine's limit counts of one call: operations or bytes
 * @param speeds of each library, ours first, work in a nanosecond of each fork: the median of its parts
 * @param parts of each library, work in a nanosecond of each part of each fork
 */
public record Row(
        String shape,
        int threads,
        double work,
        double limitWork,
        LinkedHashMap<String, List<Double>> speeds,
        LinkedHashMap<String, List<List<Double>>> parts) {
    /**
     * Returns the row of what was measured.
     *
     * @param task what was done
     * @param threads how many threads worked
     * @param parts of each library, ours first, work in a nanosecond of each part of each fork
     * @return the row
     */
    public static Row of(Task task, int threads, LinkedHashMap<String, List<List<Double>>> parts) {
        LinkedHashMap<String, List<Double>> speeds = new LinkedHashMap<>();
        parts.forEach((library, forks) ->
                speeds.put(library, forks.stream().map(Median::of).toList()));
        return new Row(task.shape(), threads, task.work(), task.limitWork(), speeds, parts);
    }

    /**
     * Returns the speed of a library.
     *
     * @param library its name
     * @return the median of its forks; NaN if it was not measured
     */
    public double speed(String library) {
        return Median.of(speeds.getOrDefault(library, List.of()));
    }

    /**
     * Returns how fast we are in the unit of the machine's limit.
     *
     * @return the median of the forks; NaN if there are none
     */
    public double limitSpeed() {
        return speed(ours()) * limitWork / work;
    }

    /**
     * Returns how far apart the measurements of a library lie.
     *
     * @param library its name
     * @return the distance of the farthest fork from the median, as a part of the median; if there is but one fork, the
     *     median distance of its parts; NaN if it was not measured
     */
    public double spread(String library) {
        List<Double> forks = speeds.get(library);
        return forks.size() == 1 ? Median.deviation(parts.get(library).getFirst()) : Median.spread(forks);
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
