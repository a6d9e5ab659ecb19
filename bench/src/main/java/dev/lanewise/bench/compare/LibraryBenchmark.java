package dev.lanewise.bench.compare;

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

/** Time of something that one library computes; what comes out is checked before it is timed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public abstract class LibraryBenchmark {
    /** Which library computes. */
    @Param("lanewise")
    public String library;

    /** How many threads work. */
    @Param("1")
    public int threads;

    private Computation computation;

    /** Creates it, for JMH. */
    protected LibraryBenchmark() {}

    /**
     * Draws what goes in; nothing is computed yet.
     *
     * @return the computation
     */
    protected abstract Computation prepared();

    /**
     * Refuses to go on if what was computed last is wrong.
     *
     * @throws IllegalStateException if something else came out than must; the message says where
     */
    protected abstract void check();

    /** Draws what goes in, computes once, checks what comes out, and computes on until the code is compiled. */
    @Setup
    public void warmUp() {
        prepare();
        JitCompiler.settle(this::run);
    }

    /** Draws what goes in, computes once and checks what comes out. */
    public void prepare() {
        draw();
        runFirst();
        check();
    }

    /** Computes what is checked then. */
    protected void runFirst() {
        run();
    }

    /** Draws what goes in, for who wants to see the first computation too. */
    public void draw() {
        computation = prepared();
    }

    /** Gives memory and threads back. */
    @TearDown
    public void close() {
        computation.close();
    }

    /** Computes. */
    @Benchmark
    public void run() {
        computation.run();
    }
}
