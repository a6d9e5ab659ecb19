package dev.lanewise.bench.compare;

import dev.lanewise.bench.pictures.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openjdk.jmh.runner.RunnerException;

/** A suite that compares ours with other libraries, side by side: a table, ratios, and what they come to. */
public final class ComparisonSuite implements Suite {
    private static final int ROUNDS = 3;

    private final Contest contest;

    /**
     * Creates a suite.
     *
     * @param contest what is compared
     */
    public ComparisonSuite(Contest contest) {
        this.contest = contest;
    }

    @Override
    public String name() {
        return contest.suite();
    }

    @Override
    public String description() {
        return contest.description();
    }

    @Override
    public void run(Request request, Screen screen) throws RunnerException, IOException {
        List<Task> tasks = tasks(request);
        Forks forks = forks(request);
        Map<String, String> versions = new LinkedHashMap<>(Peers.versions(contest.kind(), request, screen));
        if (request.algorithm() != null) {
            versions.computeIfPresent(Libraries.OURS, (name, version) -> version + ", " + request.algorithm());
        }
        screen.line(Machine.text());
        versions.forEach((name, version) -> screen.line(String.format(Locale.ROOT, "%-12s%s", name, version)));
        Comparison comparison = new Comparison(contest, libraries(versions), forks, request.rounds(ROUNDS));
        SortedMap<Integer, List<Row>> rows = new TreeMap<>();
        SortedMap<Integer, Double> peaks = new TreeMap<>();
        try {
            for (int threads : request.threads()) {
                if (screen.isInterrupted()) {
                    return;
                }
                peaks.put(threads, PeakSuite.best(contest.limit(), threads, request));
                rows.put(threads, new ArrayList<>());
                compare(comparison, tasks, threads, peaks.get(threads), screen, rows.get(threads));
            }
        } finally {
            // Also of what was interrupted or failed: an hour's measurements are not thrown away.
            report(request, screen, versions, rows, peaks);
        }
    }

    private Forks forks(Request request) {
        String algorithm = request.algorithm();
        if (algorithm == null) {
            return request.forks();
        }
        if (!contest.algorithms().contains(algorithm)) {
            throw new RefusedException(
                    contest.algorithms().isEmpty()
                            ? "--algorithm: " + name() + " does not take it"
                            : "--algorithm " + algorithm + ": expected " + String.join(" or ", contest.algorithms()));
        }
        return request.forks().with("algorithm", algorithm.toUpperCase(Locale.ROOT));
    }

    private List<Task> tasks(Request request) throws IOException {
        try {
            return ShapeLists.of(contest, request.shapes());
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException("--shapes: " + wrong.getMessage());
        }
    }

    private List<? extends Library> libraries(Map<String, String> versions) {
        List<String> names = List.copyOf(versions.keySet());
        return Libraries.all(contest.kind()).stream()
                .filter(library -> names.contains(library.name()))
                .sorted(Comparator.comparingInt(library -> names.indexOf(library.name())))
                .toList();
    }

    private void compare(
            Comparison comparison, List<Task> tasks, int threads, double peak, Screen screen, List<Row> rows)
            throws RunnerException {
        Table table = new Table(contest, comparison.names(), peak, tasks);
        screen.line("");
        table.title(threads, comparison.rounds()).forEach(screen::line);
        screen.line(table.header());
        long began = System.nanoTime();
        for (Task task : tasks) {
            if (screen.isInterrupted()) {
                return;
            }
            screen.progress(rows.size(), tasks.size(), (System.nanoTime() - began) / 1e9);
            Row row = comparison.row(task, threads, screen::isInterrupted);
            rows.add(row);
            screen.line(table.line(row));
        }
    }

    private void report(
            Request request,
            Screen screen,
            Map<String, String> versions,
            SortedMap<Integer, List<Row>> rows,
            SortedMap<Integer, Double> peaks)
            throws IOException {
        rows.values().removeIf(List::isEmpty);
        if (rows.isEmpty()) {
            return;
        }
        if (request.json() != null) {
            Files.writeString(request.json(), JsonReport.of(contest, Machine.text(), versions, rows, peaks));
        }
        if (request.plot() != null) {
            Picture.save(request.plot(), () -> SpeedChart.draw(contest, rows, peaks));
        }
        screen.line("");
        for (List<Row> measured : rows.values()) {
            Summary.lines(measured).forEach(screen::line);
        }
    }
}
