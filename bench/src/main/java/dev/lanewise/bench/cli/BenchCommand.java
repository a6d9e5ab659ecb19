package dev.lanewise.bench.cli;

import dev.lanewise.bench.cli.Values.Rounds;
import dev.lanewise.bench.cli.Values.Threads;
import dev.lanewise.bench.compare.Comparison;
import dev.lanewise.bench.compare.Forks;
import dev.lanewise.bench.compare.JsonReport;
import dev.lanewise.bench.compare.PeakBenchmark.Limit;
import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.ShapeLists;
import dev.lanewise.bench.compare.SpeedChart;
import dev.lanewise.bench.compare.Summary;
import dev.lanewise.bench.compare.Table;
import dev.lanewise.bench.gemm.GemmLibraries;
import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.LanewiseGemm;
import dev.lanewise.bench.gemm.Operation;
import dev.lanewise.bench.pictures.Picture;
import dev.lanewise.runtime.Explain;
import dev.lanewise.runtime.Explanation.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanewise bench}: a suite of benchmarks, side by side with other libraries. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Times products side by side with other libraries, each in processes of its own, in turn;",
            "what they compute is checked first. Prints medians, how far the farthest process is from",
            "them, and our speed by the fastest other library's.",
            "",
            "Suites:",
            "  matmul   products of float matrices; shapes MxNxK, with :tn, :nt, :tt, :b8",
            "  dgemm    the same in double",
            "  gemv     matrix times vector; shapes MxK, with :t",
            "  peak     what this machine can do at most"
        })
final class BenchCommand implements Callable<Integer> {
    private static final String PEAK = "peak";

    private final Console console;
    private volatile boolean interrupted;

    @Parameters(index = "0", paramLabel = "SUITE", description = "matmul, dgemm, gemv or peak")
    private String suite;

    @Option(
            names = "--shapes",
            split = ",",
            paramLabel = "A,B,C",
            description = "shapes, files with a shape on each line, or lists that come with the program, such as square"
                    + " (default: all lists of the suite)")
    private List<String> shapes;

    @Option(
            names = {"-t", "--threads"},
            split = ",",
            paramLabel = "N",
            converter = Threads.class,
            description = "threads to compare with, one number after the other (default: 1)")
    private List<Integer> threads = List.of(1);

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "A,B",
            description = "libraries to compare with (default: the native ones)")
    private List<String> peers;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = Rounds.class,
            description = "processes for each library and shape (default: 3)")
    private Integer rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "write every measurement to this file")
    private Path json;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "draw the results to this file")
    private Path plot;

    @Option(names = "--quick", description = "one short process for each library and shape, for a first look")
    private boolean quick;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        writable(json);
        writable(plot);
        Forks forks = quick ? Forks.QUICK : Forks.USUAL;
        try (Interruption interruption = new Interruption(() -> interrupted = true)) {
            if (suite.equals(PEAK)) {
                return peaks(forks, interruption);
            }
            Operation operation = Arrays.stream(Operation.values())
                    .filter(each -> each.suite().equals(suite))
                    .findFirst()
                    .orElseThrow(() -> new Problem("suite " + suite + ": expected matmul, dgemm, gemv or peak"));
            return compare(operation, forks, interruption);
        }
    }

    /** Found out before an hour of measuring, not after. */
    private static void writable(Path file) {
        if (file != null) {
            Path folder = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw new Problem(file + ": expected a file in a folder that can be written to");
            }
        }
    }

    private int peaks(Forks forks, Interruption interruption) {
        console.out().printf(Locale.ROOT, "%-16s%s%n", PEAK, columns());
        for (Limit limit : Limit.values()) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", limit.text()));
            for (int count : threads) {
                line.append(String.format(Locale.ROOT, "%12.1f", peak(forks, limit, count, interruption)));
            }
            console.out().println(line + "   " + limit.unit());
        }
        return ExitCode.SUCCESS;
    }

    private String columns() {
        return threads.stream()
                .map(count -> String.format(Locale.ROOT, "%12s", count + (count == 1 ? " thread" : " threads")))
                .collect(Collectors.joining());
    }

    private double peak(Forks forks, Limit limit, int count, Interruption interruption) {
        try {
            double peak = 0;
            for (int round = 0; round < (quick ? 1 : 3); round++) {
                peak = Math.max(peak, forks.peak(limit, count));
            }
            return peak;
        } catch (RunnerException failed) {
            throw failure(limit.text(), failed, interruption);
        }
    }

    private static Problem failure(String what, RunnerException failed, Interruption interruption) {
        if (interruption.isRequested()) {
            return new Problem("interrupted", ExitCode.INTERRUPTED);
        }
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new Problem(what + ": " + cause.getMessage(), ExitCode.FAILURE);
    }

    private int compare(Operation operation, Forks forks, Interruption interruption) throws IOException {
        List<GemmShape> wanted = wantedShapes(operation);
        Map<String, String> versions = versions();
        console.out().println(machine());
        versions.forEach((name, version) -> console.out().printf("%-10s%s%n", name, version));
        SortedMap<Integer, List<Row>> rows = new TreeMap<>();
        SortedMap<Integer, Double> peaks = new TreeMap<>();
        try {
            for (int count : threads) {
                peaks.put(count, peak(forks, limit(operation), count, interruption));
                Comparison comparison =
                        new Comparison(operation, libraries(versions), forks, quick ? 1 : rounds == null ? 3 : rounds);
                rows.put(count, rows(comparison, wanted, count, peaks.get(count), interruption));
            }
        } finally {
            report(operation, versions, rows, peaks);
        }
        if (interrupted) {
            return ExitCode.INTERRUPTED;
        }
        return ExitCode.SUCCESS;
    }

    private List<Row> rows(
            Comparison comparison, List<GemmShape> wanted, int count, double peak, Interruption interruption) {
        Table table = new Table(comparison.operation(), comparison.names(), peak);
        Operation operation = comparison.operation();
        console.out()
                .printf(
                        Locale.ROOT,
                        "%n%s, %d thread%s: medians of %d, peak %.1f %s%n%s%n",
                        operation.suite(),
                        count,
                        count == 1 ? "" : "s",
                        comparison.rounds(),
                        peak,
                        operation.unit(),
                        table.header());
        List<Row> rows = new ArrayList<>();
        long began = System.nanoTime();
        for (GemmShape shape : wanted) {
            if (interrupted) {
                break;
            }
            showProgress(rows.size(), wanted.size(), (System.nanoTime() - began) / 1e9);
            try {
                Row row = comparison.row(shape, count);
                rows.add(row);
                clearProgress();
                console.out().println(table.line(row));
            } catch (RunnerException failed) {
                clearProgress();
                if (!interrupted) {
                    throw failure(operation.text(shape), failed, interruption);
                }
            }
        }
        return rows;
    }

    private void showProgress(int done, int all, double seconds) {
        if (console.terminal().interactive()) {
            String left = done == 0 ? "" : ", " + Texts.duration(seconds / done * (all - done)) + " left";
            console.out().print("  shape " + (done + 1) + " of " + all + left + " ...");
            console.out().flush();
        }
    }

    private void clearProgress() {
        if (console.terminal().interactive()) {
            console.out().print("\r\033[K");
        }
    }

    private void report(
            Operation operation,
            Map<String, String> versions,
            SortedMap<Integer, List<Row>> rows,
            SortedMap<Integer, Double> peaks)
            throws IOException {
        rows.values().removeIf(List::isEmpty);
        if (rows.isEmpty()) {
            return;
        }
        if (json != null) {
            Files.writeString(json, JsonReport.of(operation, machine(), versions, rows, peaks));
        }
        if (plot != null) {
            Picture.save(plot, () -> SpeedChart.draw(operation, rows, peaks));
        }
        console.out().println();
        for (List<Row> measured : rows.values()) {
            Summary.lines(measured).forEach(console.out()::println);
        }
    }

    private List<GemmShape> wantedShapes(Operation operation) throws IOException {
        try {
            return ShapeLists.of(operation, shapes);
        } catch (IllegalArgumentException wrong) {
            throw new Problem("--shapes: " + wrong.getMessage());
        }
    }

    private static Limit limit(Operation operation) {
        return switch (operation) {
            case MATMUL -> Limit.FLOAT;
            case DGEMM -> Limit.DOUBLE;
            case GEMV -> Limit.MEMORY;
        };
    }

    private static String machine() {
        String processor = Explain.process(1).findings().stream()
                .filter(finding -> finding.name().equals("processor"))
                .map(Finding::value)
                .collect(Collectors.joining());
        return processor + ", " + Runtime.getRuntime().availableProcessors() + " cores; Java "
                + System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + "; "
                + System.getProperty("os.name");
    }

    private static List<GemmLibrary> libraries(Map<String, String> versions) {
        return versions.keySet().stream().map(GemmLibraries::named).toList();
    }

    /** Ours and the peers that are there; what is missing is left out with a line that says so. */
    private Map<String, String> versions() {
        List<GemmLibrary> known = GemmLibraries.all();
        List<String> names = known.stream().map(GemmLibrary::name).toList();
        List<String> asked = new ArrayList<>(List.of(LanewiseGemm.NAME));
        if (peers == null) {
            known.stream().filter(GemmLibrary::isNative).map(GemmLibrary::name).forEach(asked::add);
        } else {
            for (String peer : peers) {
                if (!names.contains(peer)) {
                    throw new Problem("--peers " + peer + ": expected "
                            + names.stream()
                                    .filter(name -> !name.equals(LanewiseGemm.NAME))
                                    .collect(Collectors.joining(", ")));
                }
                asked.add(peer);
            }
        }
        if (peers == null && asked.size() == 1) {
            console.out().println("no native library is on the class path; they come with bench/peers");
        }
        Map<String, String> versions = new LinkedHashMap<>();
        for (String name : asked) {
            try {
                versions.put(name, Comparison.version(name));
            } catch (IOException missing) {
                console.out().println(name + " is left out: " + missing.getMessage());
            }
        }
        return versions;
    }
}
