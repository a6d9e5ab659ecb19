package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Contest;
import dev.lanewise.bench.compare.Peers;
import dev.lanewise.bench.compare.Request;
import dev.lanewise.bench.compare.Screen;
import dev.lanewise.bench.compare.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** How far the functions of libraries are from the truth, over floats at the same distance in the order of all finite ones. */
public final class AccuracySuite implements Suite {
    private static final int STRIDE = 257;
    private static final int QUICK_STRIDE = 65_537;
    private static final int NAME_WIDTH = 14;

    /** Creates it. */
    public AccuracySuite() {}

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public String description() {
        return "largest errors of functions over every " + STRIDE + "th float, in units of the last place";
    }

    @Override
    public void run(Request request, Screen screen) throws RunnerException, IOException {
        request.takesOnly(name(), "--peers");
        Contest contest = ElementContest.ACTIVATIONS;
        Map<String, String> versions = Peers.versions(contest.kind(), request, screen);
        versions.forEach((name, version) -> screen.line(String.format(Locale.ROOT, "%-12s%s", name, version)));
        String stride = Integer.toString(request.quick() ? QUICK_STRIDE : STRIDE);
        Map<String, Map<String, String>> errors = new LinkedHashMap<>();
        for (String library : versions.keySet()) {
            request.forks().run(AccuracyProcess.class, List.of(library, stride), line -> {
                String[] words = line.split(" ");
                errors.computeIfAbsent(words[0], unused -> new LinkedHashMap<>())
                        .put(library, text(Double.parseDouble(words[1]), words[2]));
                return !screen.isInterrupted();
            });
        }
        screen.line("");
        screen.line("errors in ulp, and where; every " + stride + "th finite float");
        List<String> libraries = new ArrayList<>(versions.keySet());
        screen.line(row("", libraries));
        errors.forEach((function, found) -> screen.line(row(
                function,
                libraries.stream()
                        .map(library -> found.getOrDefault(library, "-"))
                        .toList())));
    }

    private static String text(double ulps, String at) {
        return String.format(Locale.ROOT, ulps < 1000 ? "%.2f" : "%.1e", ulps) + " at " + at;
    }

    private static String row(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s", name));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, "  %26s", cell)));
        return line.toString();
    }
}
