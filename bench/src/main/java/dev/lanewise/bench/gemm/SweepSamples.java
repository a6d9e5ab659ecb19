package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the processes of a sweep have measured so far. */
final class SweepSamples {
    private final Map<String, List<List<Double>>> nanos = new LinkedHashMap<>();
    private int process;
    private int count;

    /** What is added from now on comes from another process. */
    void nextProcess() {
        process++;
    }

    /** How many samples there are. */
    int count() {
        return count;
    }

    /** Adds a line that {@link SweepProcess} prints. */
    void add(String line) {
        int blank = line.indexOf(' ');
        List<List<Double>> processes = nanos.computeIfAbsent(line.substring(0, blank), shape -> new ArrayList<>());
        if (processes.size() < process) {
            processes.add(new ArrayList<>());
        }
        processes.getLast().add(Double.parseDouble(line.substring(blank + 1)));
        count++;
    }

    /** A row for each size of which there is a sample, in the order in which they came. */
    List<Row> rows(int threads) {
        /** A row for each size of which there is a sample, in the order in which they came. */
        List<Row> rows = new ArrayList<>();
        nanos.forEach((shape, processes) -> {
            Task task = Operation.MATMUL.task(shape);
            LinkedHashMap<String, List<List<Double>>> speeds = new LinkedHashMap<>();
            speeds.put(
                    LanewiseGemm.NAME,
                    processes.stream()
                            .map(passes -> passes.stream()
                                    .map(time -> task.work() / time)
                                    .toList())
                            .toList());
            rows.add(Row.of(task, threads, speeds));
        });
        return rows;
    }
}
