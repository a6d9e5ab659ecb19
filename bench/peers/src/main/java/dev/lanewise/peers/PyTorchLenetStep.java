package dev.lanewise.peers;

import dev.lanewise.bench.step.StepData;
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

/** The same step in PyTorch as {@code LenetStep} in Lanewise; refuses to run where the two disagree. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class PyTorchLenetStep {
    /** How many threads work. */
    @Param({"1", "2"})
    public int threads;

    private PyTorchStep step;

    /** Converts network and batch, and compares the libraries. */
    @Setup
    public void prepare() {
        step = new PyTorchStep(StepData.read(), threads);
        Agreement.check(step);
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        step.close();
    }

    /** One step of training. */
    @Benchmark
    public float pytorch() {
        return step.run();
    }
}
