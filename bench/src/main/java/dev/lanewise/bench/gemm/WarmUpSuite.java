package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Machine;
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
import org.openjdk.jmh.runner.RunnerException;

/** Fresh processes of ours: how long until they are fast, and whether they all become equally fast. */
public final class WarmUpSuite implements Suite {
    private static final List<String> USUAL = List.of("512x512x512", "64x64x64", "13x1000x1000");
    private static final int ROUNDS = 10;

    /** Creates it. */
    public WarmUpSuite() {}

    @Override
    public String name() {
        return "warm-up";
    }

    @Override
    public String description() {
        return "first call to 95 % of the steady speed of ours, and whether processes differ; MxNxK";
    }

    @Override
    public void run(Request request, Screen screen) throws RunnerException, IOException {
        request.takesOnly(name(), "--shapes", "--rounds", "--json", "--plot");
        List<GemmShape> shapes = request.shapes(USUAL, GemmShape::parse);
        screen.line(Machine.text());
        List<WarmUps> all = new ArrayList<>();
        try {
            for (int threads : request.threads()) {
                if (screen.isInterrupted()) {
                    return;
                }
                List<WarmUps> rows = shapes.stream()
                        .map(shape -> new WarmUps(shape, threads, new ArrayList<>()))
                        .toList();
                all.addAll(rows);
                try {
                    measure(rows, request, screen);
                } finally {
                    show(rows, threads, request, screen);
                }
            }
        } finally {
            // Also of what was interrupted or failed.
            report(request, screen, all);
        }
    }

    private static int millis(Request request) {
        return request.quick() ? 3000 : 6000;
    }

    /** Shapes take turns, so that a machine that drifts slows some processes of each, not all of one. */
    private static void measure(List<WarmUps> rows, Request request, Screen screen)
            throws RunnerException, IOException {
        int rounds = request.rounds(ROUNDS);
        long began = System.nanoTime();
        for (int run = 0; run < rounds * rows.size() && !screen.isInterrupted(); run++) {
            screen.progress(run, rounds * rows.size(), (System.nanoTime() - began) / 1e9);
            WarmUps row = rows.get(run % rows.size());
            List<WarmUp.Window> windows = new ArrayList<>();
            List<String> arguments =
                    List.of(row.shape().toString(), Integer.toString(row.threads()), Integer.toString(millis(request)));
            request.forks().run(WarmUpProcess.class, arguments, line -> {
                windows.add(WarmUp.Window.parse(line));
                return true;
            });
            row.processes().add(new WarmUp(windows));
        }
    }

    private void show(List<WarmUps> rows, int threads, Request request, Screen screen) {
        int rounds = request.rounds(ROUNDS);
        screen.line("");
        screen.line(String.format(
                Locale.ROOT,
                "%s, %s: %s for each shape, %d s each; steady: the median of the last fifth",
                name(),
                Words.threads(threads),
                rounds == 1 ? "one process" : "medians of " + rounds + " processes",
                millis(request) / 1000));
        screen.line(WarmUpReport.header());
        measured(rows).forEach(row -> screen.line(WarmUpReport.line(row)));
    }

    private static List<WarmUps> measured(List<WarmUps> rows) {
        return rows.stream().filter(row -> !row.processes().isEmpty()).toList();
    }

    private static void report(Request request, Screen screen, List<WarmUps> all) throws IOException {
        List<WarmUps> measured = measured(all);
        if (measured.isEmpty()) {
            return;
        }
        if (request.json() != null) {
            Files.writeString(request.json(), WarmUpReport.json(measured));
        }
        if (request.plot() != null) {
            Picture.save(request.plot(), () -> WarmUpChart.draw(measured));
        }
        screen.line("");
        measured.stream()
                .map(WarmUps::threads)
                .distinct()
                .forEach(threads -> WarmUpReport.summary(measured.stream()
                                .filter(row -> row.threads() == threads)
                                .toList())
                        .forEach(screen::line));
    }
}
