package dev.lanewise.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks under JMH, each library in a process of its own.
 *
 * @param jvm what is started
 * @param warmupMillis how long a library in Java runs before anything is timed, once {@link JitCompiler#settle} has ended
 * @param nativeWarmupMillis the same for a native library
 * @param parameters of the benchmarks of tasks, beside those of their contest
 */
public record Forks(CleanJvm jvm, int warmupMillis, int nativeWarmupMillis, Map<String, String> parameters) {
    /** In how many turns a process is timed. */
    public static final int TURNS = 7;

    /** How long a turn is, if a call is not longer. Of 20 ms, two threads were half as fast: docs/benchmarks.md. */
    private static final int TURN_MILLIS = 100;

    private static final String DISCARDED = System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null";
    private static final List<String> JVM_OPTIONS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * Tells how long libraries run.
     *
     * @param jvm what is started
     * @param quick whether a first look is enough
     * @return how processes are run
     */
    public static Forks of(CleanJvm jvm, boolean quick) {
        return quick ? new Forks(jvm, 1000, 200, Map.of()) : new Forks(jvm, 2200, 300, Map.of());
    }

    /**
     * Returns such processes with a parameter of their tasks' benchmarks.
     *
     * @param name the parameter
     * @param value its value
     * @return how processes are run
     */
    public Forks with(String name, String value) {
        return new Forks(jvm, warmupMillis, nativeWarmupMillis, Map.of(name, value));
    }

    /**
     * Times a task in some libraries by turns, after checking what they compute.
     *
     * @param contest what is compared
     * @param task the task
     * @param libraries the libraries
     * @param threads how many threads work
     * @param stop asked now and then whether to end soon, with an exception
     * @return nanoseconds for one call of each library, in each of its turns
     * @throws RunnerException if a process fails, or computes something else than it should
     */
    public Map<String, List<Double>> nanos(
            Contest contest, Task task, List<? extends Library> libraries, int threads, BooleanSupplier stop)
            throws RunnerException {
        Map<String, Future<List<Double>>> ended = ByTurns.run(
                libraries.stream().map(Library::name).toList(),
                stop,
                (library, port) -> parts(options(contest, task, Libraries.named(contest.kind(), library), threads)
                        .param("turns", Integer.toString(port))));
        Map<String, List<Double>> nanos = new LinkedHashMap<>();
        for (String library : ended.keySet()) {
            nanos.put(library, ByTurns.result(ended.get(library)));
        }
        return nanos;
    }

    private ChainedOptionsBuilder options(Contest contest, Task task, Library library, int threads) {
        ChainedOptionsBuilder options =
                options(contest.benchmark(), library.isNative() ? nativeWarmupMillis : warmupMillis);
        contest.parameters().forEach(options::param);
        parameters.forEach(options::param);
        return options.param("shape", task.shape())
                .param("library", library.name())
                .param("threads", Integer.toString(threads));
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
        List<Double> nanos = parts(options(PeakBenchmark.class, warmupMillis)
                .param("limit", limit.name())
                .threads(threads));
        return threads * limit.work() / Median.of(nanos);
    }

    /**
     * Runs another class in a process of its own, with this JVM's options, as JMH runs its forks.
     *
     * @param main the class
     * @param arguments its arguments
     * @param more told each line that it prints; the process is ended once this returns false
     * @throws RunnerException if it ended with an error; the message says which
     * @throws IOException if it can't be started
     */
    public void run(Class<?> main, List<String> arguments, Predicate<String> more) throws RunnerException, IOException {
        List<String> command = new ArrayList<>(List.of(jvm.executable()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Path errors = Files.createTempFile("lanewise-errors", ".txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!more.test(line)) {
                    return;
                }
            }
            if (process.waitFor() != 0) {
                throw new RunnerException(error(Files.readAllLines(errors)));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RunnerException("interrupted");
        } finally {
            process.destroyForcibly();
            Files.delete(errors);
        }
    }

    /** The innermost cause in what a JVM prints of an exception. */
    private static String error(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("Exception in ") || line.startsWith("Caused by: "))
                .reduce((outer, inner) -> inner)
                .orElse("its process failed");
    }

    private ChainedOptionsBuilder options(Class<?> benchmark, int warmup) {
        return new OptionsBuilder()
                .include(benchmark.getName().replace(".", "\\."))
                .jvm(jvm.executable())
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(warmup / 2))
                .measurementIterations(TURNS)
                .measurementTime(TimeValue.milliseconds(TURN_MILLIS))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                // What the processes print, the JVM's warning of the incubator module above all, would tear the table.
                .output(DISCARDED);
    }

    private static List<Double> parts(ChainedOptionsBuilder options) throws RunnerException {
        RunResult result = new Runner(options.build()).runSingle();
        List<Double> parts = new ArrayList<>();
        result.getPrimaryResult().getStatistics().getRawData().forEachRemaining(part -> parts.add(part.getKey()));
        return parts;
    }
}
