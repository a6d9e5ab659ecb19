package dev.lanewise.bench.cli;

import dev.lanewise.bench.cli.Values.Rounds;
import dev.lanewise.bench.cli.Values.Threads;
import dev.lanewise.bench.compare.CleanJvm;
import dev.lanewise.bench.compare.ComparisonSuite;
import dev.lanewise.bench.compare.Forks;
import dev.lanewise.bench.compare.MachineLock;
import dev.lanewise.bench.compare.PeakSuite;
import dev.lanewise.bench.compare.RefusedException;
import dev.lanewise.bench.compare.Request;
import dev.lanewise.bench.compare.Suite;
import dev.lanewise.bench.elements.AccuracySuite;
import dev.lanewise.bench.elements.ElementContest;
import dev.lanewise.bench.gemm.CliffSuite;
import dev.lanewise.bench.gemm.Operation;
import dev.lanewise.bench.gemm.WarmUpSuite;
import dev.lanewise.bench.layers.LayerContest;
import dev.lanewise.bench.step.TrainStepSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise bench}: finds the suite and hands it what the user asks for. */
@Command(name = "bench", mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final List<Suite> SUITES = List.of(
            new ComparisonSuite(Operation.MATMUL),
            new ComparisonSuite(Operation.DGEMM),
            new ComparisonSuite(Operation.GEMV),
            new ComparisonSuite(LayerContest.CONV),
            new ComparisonSuite(LayerContest.CONV_BACKWARD_DATA),
            new ComparisonSuite(LayerContest.CONV_BACKWARD_WEIGHTS),
            new ComparisonSuite(LayerContest.DEPTHWISE),
            new ComparisonSuite(LayerContest.POOL),
            new ComparisonSuite(ElementContest.ACTIVATIONS),
            new ComparisonSuite(ElementContest.SOFTMAX),
            new ComparisonSuite(ElementContest.NORM),
            new ComparisonSuite(ElementContest.ATTENTION),
            new ComparisonSuite(ElementContest.REDUCTIONS),
            new ComparisonSuite(ElementContest.OPTIMIZER),
            new TrainStepSuite(),
            new CliffSuite(),
            new WarmUpSuite(),
            new AccuracySuite(),
            new PeakSuite());

    private final Console console;

    @Parameters(index = "0", paramLabel = "SUITE", description = "one of those above")
    private String suite;

    @Option(
            names = "--shapes",
            split = ",",
            paramLabel = "A,B,C",
            description = "shapes; when comparing, also files with a shape on each line, and lists that come with the"
                    + " program, such as square (default: all lists of the suite)")
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
            names = "--algorithm",
            paramLabel = "A",
            description = "exact or fast, what Lanewise may use for convolutions (default: exact)")
    private String algorithm;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = Rounds.class,
            description = "processes for each measurement (default: 3; warm-up: 10)")
    private Integer rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "write every measurement to this file")
    private Path json;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "draw the results to this file")
    private Path plot;

    @Option(names = "--quick", description = "one short process for each measurement, for a first look")
    private boolean quick;

    BenchCommand(Console console) {
        this.console = console;
    }

    /** Lists the suites in the help. */
    @Spec
    void describe(CommandSpec spec) {
        List<String> lines = new ArrayList<>(List.of(
                "Times Lanewise side by side with other libraries, each in processes of its own, by turns of a",
                "tenth of a second; what they compute is checked first. Prints medians, how far measurements are",
                "from them, and our speed by the fastest other library's.",
                "",
                "Suites:"));
        SUITES.forEach(each -> lines.add(
                "  " + Texts.left(each.name(), 23) + each.description().replace("%", "%%")));
        spec.usageMessage().description(lines.toArray(String[]::new));
    }

    @Override
    public Integer call() throws IOException {
        Suite wanted = SUITES.stream()
                .filter(each -> each.name().equals(suite))
                .findFirst()
                .orElseThrow(() -> new Problem("suite " + suite + ": expected "
                        + SUITES.stream().map(Suite::name).collect(Collectors.joining(", "))));
        writable(json);
        writable(plot);
        BenchScreen screen = new BenchScreen(console);
        try (MachineLock lock = new MachineLock();
                CleanJvm jvm = new CleanJvm(System.getenv());
                Interruption interruption = new Interruption(screen::interrupt)) {
            if (jvm.remark() != null) {
                screen.line(jvm.remark());
            }
            wanted.run(
                    new Request(shapes, threads, peers, algorithm, rounds, json, plot, Forks.of(jvm, quick), quick),
                    screen);
        } catch (RefusedException refused) {
            throw new Problem(refused.getMessage());
        } catch (RunnerException failed) {
            screen.clear();
            if (!screen.isInterrupted()) {
                throw failure(failed);
            }
        }
        return screen.isInterrupted() ? ExitCode.INTERRUPTED : ExitCode.SUCCESS;
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

    private Problem failure(RunnerException failed) {
        return new Problem(suite + ": " + root(failed).getMessage(), ExitCode.FAILURE);
    }

    /** What failed first. JMH attaches what was thrown in its processes as suppressed. */
    static Throwable root(Throwable failed) {
        Throwable root = failed;
        while (true) {
            if (root.getCause() != null) {
                root = root.getCause();
            } else if (root.getSuppressed().length > 0) {
                root = root.getSuppressed()[0];
            } else {
                return root;
            }
        }
    }
}
