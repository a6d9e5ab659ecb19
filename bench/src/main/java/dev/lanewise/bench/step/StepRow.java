package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.Median;
import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What was measured of one network.
 *
 * @param network which one
 * @param threads how many threads worked
 * @param samples of each library, ours first, those of its processes; none where it was refused
 */
record StepRow(String network, int threads, LinkedHashMap<String, List<StepSample>> samples) {
    /** Images a step, so that the quotient of nanoseconds is images a second. */
    private static final double WORK = StepData.BATCH * 1e9;

    static StepRow empty(String network, int threads, List<String> libraries) {
        LinkedHashMap<String, List<StepSample>> samples = new LinkedHashMap<>();
        libraries.forEach(library -> samples.put(library, new ArrayList<>()));
        return new StepRow(network, threads, samples);
    }

    /** The speeds, in images a second. */
    Row speeds() {
        LinkedHashMap<String, List<List<Double>>> parts = new LinkedHashMap<>();
        samples.forEach((library, processes) -> parts.put(
                library,
                processes.stream()
                        .map(sample -> sample.nanos().stream()
                                .map(nanos -> WORK / nanos)
                                .toList())
                        .toList()));
        return Row.of(new Task(network, WORK, 0), threads, parts);
    }

    /** The median of a library's peak memory, in bytes; NaN if it was refused. */
    double peakBytes(String library) {
        return Median.of(samples.get(library).stream()
                .map(sample -> (double) sample.peakBytes())
                .toList());
    }

    /** The median of what a step of a library allocates on the Java heap, in bytes. */
    double allocatedBytes(String library) {
        return Median.of(samples.get(library).stream()
                .map(sample -> (double) sample.allocatedBytes())
                .toList());
    }
}
