package dev.lanewise.bench.step;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one process measured.
 *
 * @param nanos nanoseconds of a step, in each of the parts of the time
 * @param peakBytes the most memory that the process had; 0 where the system does not tell
 * @param allocatedBytes what a step allocated on the Java heap, in the part where that was least
 */
record StepSample(List<Double> nanos, long peakBytes, long allocatedBytes) {
    static StepSample parse(String line) {
        List<String> words = Arrays.asList(line.split(" "));
        return new StepSample(
                words.subList(2, words.size()).stream().map(Double::valueOf).toList(),
                Long.parseLong(words.get(0)),
                Long.parseLong(words.get(1)));
    }

    @Override
    public String toString() {
        return peakBytes + " " + allocatedBytes + " "
                + nanos.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
