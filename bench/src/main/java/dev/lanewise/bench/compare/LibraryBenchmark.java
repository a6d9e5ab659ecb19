package dev.lanewise.bench.compare;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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

    /** The port of the {@link Turns} that other libraries take, too; 0 if this one is measured alone. */
    @Param("0")
    public int turns;

    /** Of a call this long, what it finds in the caches is no part that counts. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Computation computation;
    private Turn turn;
    private boolean isLong;

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

    /**
     * Draws what goes in, computes once, checks what comes out, and computes on until the code is compiled.
     *
     * @throws IOException if nobody gives turns
     */
    @Setup
    public void warmUp() throws IOException {
        prepare();
        turn = new Turn(turns);
        turn.begin();
        JitCompiler.settle(this::run);
        turn.end();
    }

    /**
     * Waits for this library's turn, and computes once without being timed, for others have filled the caches.
     *
     * @throws IOException if another one has failed
     */
    @Setup(Level.Iteration)
    public void beginTurn() throws IOException {
        turn.begin();
        if (!isLong) {
            long began = System.nanoTime();
            run();
            isLong = System.nanoTime() - began > LONG_NANOS;
        }
    }

    /**
     * Lets the next library begin.
     *
     * @throws IOException if nobody gives turns any more
     */
    @TearDown(Level.Iteration)
    public void endTurn() throws IOException {
        turn.end();
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

    /**
     * Gives memory and threads back.
     *
     * @throws IOException if nobody gives turns any more
     */
    @TearDown
    public void leave() throws IOException {
        turn.close();
        close();
    }

    /** Gives memory and threads back, for who measures without JMH. */
    public void close() {
        computation.close();
    }

    /** Computes. */
    @Benchmark
    public void run() {
        computation.run();
    }
}
