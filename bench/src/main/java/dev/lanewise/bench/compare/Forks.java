package dev.lanewise.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks under JMH, each call in a process of its own.
 *
 * @param jvm what is started
 * @param warmupMillis how long a library in Java runs before anything is timed, until C2 has compiled it
 * @param nativeWarmupMillis the same for a native library
 * @param measureMillis how long is timed, in {@value #PARTS} parts
 */
public record Forks(CleanJvm jvm, int warmupMillis, int nativeWarmupMillis, int measureMillis) {
    /** In how many parts a process is timed. */
    public static final int PARTS = 5;

    private static final String DISCARDED = System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null";
    private static final List<String> JVM_OPTIONS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * Compiling the tiles of a product takes C2 a second or two, more if it has to share a core.
     *
     * @param jvm what is started
     * @param quick whether a first look is enough
     * @return how processes are run
     */
    public static Forks of(CleanJvm jvm, boolean quick) {
        return quick ? new Forks(jvm, 1000, 200, 150) : new Forks(jvm, 2200, 300, 300);
    }

    /**
     * Times a task in one library, after checking what it computes.
     *
     * @param contest what is compared
     * @param task the task
     * @param library the library
     * @param threads how many threads work
     * @return nanoseconds for one call, the median of the parts
     * @throws RunnerException if the process fails, or computes something else than it should
     */
    public double nanos(Contest contest, Task task, Library library, int threads) throws RunnerException {
        ChainedOptionsBuilder options =
                options(contest.benchmark(), library.isNative() ? nativeWarmupMillis : warmupMillis);
        contest.parameters().forEach(options::param);
        return median(options.param("shape", task.shape())
                .param("library", library.name())
                .param("threads", Integer.toString(threads)));
    }

    /**
     * Measures a limit of the machine.
     *
     * @param limit which one
     * @param threads how many threads work
     * @return operations or bytes in a nanosecond, of all threads together
     * @throws RunnerException if the process fails
     */
    public double peak(PeakBenchmark.Limit limit, int threads) throws RunnerException {
        double nanos = median(options(PeakBenchmark.class, warmupMillis)
                .param("limit", limit.name())
                .threads(threads));
        return threads * limit.work() / nanos;
    }

    /**
     * Runs another class in a process of its own.
     *
     * @param main the class
     * @param arguments its arguments
     * @return the lines that it printed, those that are empty or a warning of the JVM left out
     * @throws IOException if it ended with an error; the message is its first line
     */
    public List<String> run(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(jvm.executable()));
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> lines = said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                .toList();
        try {
            if (process.waitFor() != 0 || lines.isEmpty()) {
                throw new IOException(lines.isEmpty() ? "its process failed" : lines.getFirst());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        return lines;
    }

    private ChainedOptionsBuilder options(Class<?> benchmark, int warmup) {
        return new OptionsBuilder()
                .include(benchmark.getName().replace(".", "\\."))
                .jvm(jvm.executable())
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(warmup / 2))
                .measurementIterations(PARTS)
                .measurementTime(TimeValue.milliseconds(measureMillis / PARTS))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                // What the processes print, the JVM's warning of the incubator module above all, would tear the table.
                .output(DISCARDED);
    }

    private static double median(ChainedOptionsBuilder options) throws RunnerException {
        RunResult result = new Runner(options.build()).runSingle();
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }
}
