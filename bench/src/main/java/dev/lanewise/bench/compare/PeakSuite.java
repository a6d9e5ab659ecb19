package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.PeakBenchmark.Limit;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/** What this machine can do at most: the limits that other suites quote. */
public final class PeakSuite implements Suite {
    private static final int ROUNDS = 3;

    /** Creates it. */
    public PeakSuite() {}

    @Override
    public String name() {
        return "peak";
    }

    @Override
    public String description() {
        return "what this machine can do at most";
    }

    @Override
    public void run(Request request, Screen screen) throws RunnerException {
        request.takesOnly(name());
        screen.line(String.format(Locale.ROOT, "%-16s", name())
                + request.threads().stream()
                        .map(count -> String.format(Locale.ROOT, "%12s", Words.threads(count)))
                        .collect(Collectors.joining()));
        for (Limit limit : Limit.values()) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", limit.text()));
            for (int count : request.threads()) {
                line.append(String.format(Locale.ROOT, "%12.1f", best(limit, count, request)));
            }
            screen.line(line + "   " + limit.unit());
        }
    }

    /**
     * Measures a limit in a few processes.
     *
     * @param limit which one
     * @param threads how many threads work
     * @param request what the user asks for
     * @return the most that one of them reached, in a nanosecond
     * @throws RunnerException if a process fails
     */
    public static double best(Limit limit, int threads, Request request) throws RunnerException {
        double best = 0;
        for (int round = 0; round < (request.quick() ? 1 : ROUNDS); round++) {
            best = Math.max(best, request.forks().peak(limit, threads));
        }
        return best;
    }
}
