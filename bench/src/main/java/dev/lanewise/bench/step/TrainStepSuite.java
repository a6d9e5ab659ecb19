package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.ByTurns;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.Machine;
import dev.lanewise.bench.compare.Peers;
import dev.lanewise.bench.compare.Request;
import dev.lanewise.bench.compare.Screen;
import dev.lanewise.bench.compare.Suite;
import dev.lanewise.bench.compare.Summary;
import dev.lanewise.bench.pictures.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.openjdk.jmh.runner.RunnerException;

/** Whole training steps of networks, ours side by side with other libraries: images a second, and memory. */
public final class TrainStepSuite implements Suite {
    static final String NAME = "train-step";

    private static final int ROUNDS = 3;
    private static final int MEASURE_MILLIS = 4000;

    /** Creates it. */
    public TrainStepSuite() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "training steps, batch 128, Adam; " + String.join(", ", StepData.NETWORKS);
    }

    @Override
    public void run(Request request, Screen screen) throws RunnerException, IOException {
        List<String> networks = request.shapes(StepData.NETWORKS, TrainStepSuite::network);
        Map<String, String> versions = Peers.versions(StepLibrary.class, request, screen);
        screen.line(Machine.text());
        versions.forEach((name, version) -> screen.line(String.format(Locale.ROOT, "%-16s%s", name, version)));
        List<StepRow> rows = new ArrayList<>();
        try {
            for (int threads : request.threads()) {
                List<String> libraries = List.copyOf(versions.keySet());
                screen.line("");
                StepReport.title(threads, request.rounds(ROUNDS), libraries).forEach(screen::line);
                for (String network : networks) {
                    if (screen.isInterrupted()) {
                        return;
                    }
                    StepRow row = StepRow.empty(network, threads, libraries);
                    measure(row, request, screen);
                    rows.add(row);
                    StepReport.lines(row).forEach(screen::line);
                }
            }
        } finally {
            // Also of what was interrupted or failed.
            report(request, screen, versions, rows);
        }
    }

    private static String network(String word) {
        if (!StepData.NETWORKS.contains(word)) {
            throw new IllegalArgumentException(word + ": expected " + String.join(", ", StepData.NETWORKS));
        }
        return word;
    }

    private static void measure(StepRow row, Request request, Screen screen) throws RunnerException, IOException {
        List<String> losses = run(request, Libraries.OURS, row.network(), "1");
        int rounds = request.rounds(ROUNDS);
        long began = System.nanoTime();
        for (int i = 0; i < rounds && !screen.isInterrupted(); i++) {
            screen.progress(i, rounds, (System.nanoTime() - began) / 1e9);
            Map<String, Future<StepSample>> ended = ByTurns.run(
                    List.copyOf(row.samples().keySet()),
                    screen::isInterrupted,
                    (library, port) -> sample(row, request, library, port, losses));
            for (String library : ended.keySet()) {
                add(row.samples().get(library), library, ended.get(library), screen);
            }
        }
    }

    private static void add(List<StepSample> samples, String library, Future<StepSample> ended, Screen screen)
            throws RunnerException {
        try {
            samples.add(ByTurns.result(ended));
        } catch (RunnerException refused) {
            if (library.equals(Libraries.OURS) || screen.isInterrupted()) {
                throw refused;
            }
            screen.line(library + " is left out: " + refused.getMessage());
        }
    }

    private static StepSample sample(StepRow row, Request request, String library, int port, List<String> losses)
            throws RunnerException, IOException {
        List<String> arguments = new ArrayList<>(List.of(
                library,
                row.network(),
                Integer.toString(row.threads()),
                Integer.toString(warmUpMillis(library, request)),
                Integer.toString(request.quick() ? MEASURE_MILLIS / 4 : MEASURE_MILLIS),
                Integer.toString(port)));
        arguments.addAll(losses);
        return StepSample.parse(run(request, arguments.toArray(String[]::new)).getLast());
    }

    /** C2 compiles a whole network's loops before ours is timed; the JVM has little of a native library's to compile. */
    private static int warmUpMillis(String library, Request request) {
        int usual = Libraries.named(StepLibrary.class, library).isNative() ? 2000 : 8000;
        return request.quick() ? usual / 2 : usual;
    }

    private static List<String> run(Request request, String... arguments) throws RunnerException, IOException {
        List<String> lines = new ArrayList<>();
        request.forks().run(StepProcess.class, List.of(arguments), lines::add);
        return lines;
    }

    private static void report(Request request, Screen screen, Map<String, String> versions, List<StepRow> rows)
            throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        if (request.json() != null) {
            Files.writeString(request.json(), StepReport.json(versions, rows));
        }
        if (request.plot() != null) {
            Picture.save(request.plot(), () -> StepChart.draw(rows));
        }
        screen.line("");
        rows.stream()
                .map(StepRow::threads)
                .distinct()
                .forEach(threads -> Summary.lines(rows.stream()
                                .filter(row -> row.threads() == threads)
                                .map(StepRow::speeds)
                                .toList())
                        .forEach(screen::line));
    }
}
