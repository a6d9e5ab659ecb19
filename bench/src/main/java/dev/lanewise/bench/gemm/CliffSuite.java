package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Machine;
import dev.lanewise.bench.compare.PeakSuite;
import dev.lanewise.bench.compare.Request;
import dev.lanewise.bench.compare.Screen;
import dev.lanewise.bench.compare.Suite;
import dev.lanewise.bench.compare.Words;
import dev.lanewise.bench.pictures.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openjdk.jmh.runner.RunnerException;

/** Products of ours whose sizes grow by one: where the speed falls from one size to the next. */
public final class CliffSuite implements Suite {
    private static final List<String> USUAL = List.of("1..300");
    private static final int ROUNDS = 3;
    private static final Operation OPERATION = Operation.MATMUL;

    /** How often each size is timed in a process, and how long. */
    private record Effort(int passes, int millis) {}

    /** Creates it. */
    public CliffSuite() {}

    @Override
    public String name() {
        return "cliffs";
    }

    @Override
    public String description() {
        return "where ours falls from one size to the next; sweeps 1..300, 64x1..300x64:nt";
    }

    @Override
    public void run(Request request, Screen screen) throws RunnerException, IOException {
        request.takesOnly(name(), "--shapes", "--rounds", "--json", "--plot");
        List<Sweep> sweeps = request.shapes(USUAL, Sweep::parse);
        screen.line(Machine.text());
        List<Curve> curves = new ArrayList<>();
        SortedMap<Integer, Double> peaks = new TreeMap<>();
        try {
            for (int threads : request.threads()) {
                for (Sweep sweep : sweeps) {
                    if (screen.isInterrupted()) {
                        return;
                    }
                    if (!peaks.containsKey(threads)) {
                        peaks.put(threads, PeakSuite.best(OPERATION.limit(), threads, request));
                    }
                    Curve curve = new Curve(sweep, threads, new ArrayList<>());
                    curves.add(curve);
                    measure(curve, request, screen);
                    show(curve, peaks.get(threads), request, screen);
                }
            }
        } finally {
            // Also of what was interrupted or failed.
            report(request, screen, curves, peaks);
        }
    }

    private static Effort effort(Request request) {
        return request.quick() ? new Effort(3, 3) : new Effort(5, 10);
    }

    private static void measure(Curve curve, Request request, Screen screen) throws RunnerException, IOException {
        Effort effort = effort(request);
        int rounds = request.rounds(ROUNDS);
        int all = rounds * effort.passes() * curve.sweep().shapes().size();
        List<String> arguments = List.of(
                curve.sweep().text(),
                Integer.toString(curve.threads()),
                Integer.toString(effort.passes()),
                Integer.toString(effort.millis()));
        SweepSamples samples = new SweepSamples();
        long began = System.nanoTime();
        try {
            for (int round = 0; round < rounds && !screen.isInterrupted(); round++) {
                samples.nextProcess();
                screen.progress(samples.count(), all, (System.nanoTime() - began) / 1e9);
                request.forks().run(SweepProcess.class, arguments, line -> {
                    samples.add(line);
                    screen.progress(samples.count(), all, (System.nanoTime() - began) / 1e9);
                    return !screen.isInterrupted();
                });
            }
        } finally {
            curve.rows().addAll(samples.rows(curve.threads()));
        }
    }

    private void show(Curve curve, double peak, Request request, Screen screen) {
        int rounds = request.rounds(ROUNDS);
        screen.line("");
        screen.line(String.format(
                Locale.ROOT,
                "%s, %s, %s: %s with all %d sizes in each, %s; peak %.1f %s",
                name(),
                Words.threads(curve.threads()),
                curve.sweep().text(),
                rounds == 1 ? "one process" : "medians of " + rounds + " processes",
                curve.sweep().shapes().size(),
                effort(request).passes() + " passes",
                peak,
                OPERATION.unit()));
        screen.line("±: how far the farthest " + (rounds == 1 ? "pass" : "process") + " is from the median");
        CliffReport.table(curve).forEach(screen::line);
    }

    private void report(Request request, Screen screen, List<Curve> curves, SortedMap<Integer, Double> peaks)
            throws IOException {
        List<Curve> measured =
                curves.stream().filter(curve -> curve.rows().size() > 1).toList();
        if (measured.isEmpty()) {
            return;
        }
        if (request.json() != null) {
            Files.writeString(request.json(), CliffReport.json(measured, peaks));
        }
        if (request.plot() != null) {
            Picture.save(request.plot(), () -> CurveChart.draw(measured, peaks));
        }
        screen.line("");
        measured.forEach(curve -> CliffReport.summary(curve).forEach(screen::line));
    }
}
