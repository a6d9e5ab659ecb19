package dev.lanewise.bench.compare;

import dev.lanewise.bench.gemm.GemmBenchmark;
import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
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
 * @param warmupMillis how long a library in Java runs before anything is timed, until C2 has compiled it
 * @param nativeWarmupMillis the same for a native library
 * @param measureMillis how long is timed, in five parts
 */
public record Forks(int warmupMillis, int nativeWarmupMillis, int measureMillis) {
    /** Compiling the tiles of a product takes C2 a second or two, more if it has to share a core. */
    public static final Forks USUAL = new Forks(2200, 300, 300);

    /** For a first look. */
    public static final Forks QUICK = new Forks(1000, 200, 150);

    private static final int PARTS = 5;
    private static final String DISCARDED = System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null";

    /**
     * Times an operation in one library, after checking what it computes.
     *
     * @param operation the operation
     * @param shape its shape
     * @param library the library
     * @param threads how many threads work
     * @return nanoseconds for one call, the median of the parts
     * @throws RunnerException if the process fails, or computes something else than it should
     */
    public double nanos(Operation operation, GemmShape shape, GemmLibrary library, int threads) throws RunnerException {
        return median(options(GemmBenchmark.class, library.isNative() ? nativeWarmupMillis : warmupMillis)
                .param("operation", operation.name())
                .param("shape", operation.text(shape))
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

    private ChainedOptionsBuilder options(Class<?> benchmark, int warmup) {
        return new OptionsBuilder()
                .include(benchmark.getName().replace(".", "\\."))
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
