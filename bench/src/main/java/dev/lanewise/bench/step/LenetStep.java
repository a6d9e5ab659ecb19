package dev.lanewise.bench.step;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time and allocation of a training step of lenet, batch 128: {@code java -cp "bench/target/lanewise-bench.jar"
 * org.openjdk.jmh.Main LenetStep -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 8, time = 3)
@Measurement(iterations = 5, time = 3)
public class LenetStep {
    /** How many threads work. */
    @Param({"1", "2"})
    public int threads;

    private LanewiseStep step;

    /** Reads the batch and builds the network. */
    @Setup
    public void prepare() {
        step = new LanewiseStep(StepData.read(), threads);
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        step.close();
    }

    /** One step of training. */
    @Benchmark
    public float lanewise() {
        return step.run();
    }
}
