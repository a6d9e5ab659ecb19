package dev.lanewise.bench.compare;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
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
import org.openjdk.jmh.annotations.Warmup;

/** What the machine can do at most: multiply-adds in registers, and bytes read from memory or copied within it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class PeakBenchmark {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int STEPS = 10_000;

    /** Independent chains: more than units times latency on any CPU of today, and few enough for 16 registers. */
    private static final int CHAINS = 12;

    /** Floats of the memory that is read: 256 MiB, more than a last-level cache holds. */
    private static final int FLOATS_READ = 1 << 26;

    /** Floats that are copied: as many as the largest arrays of the suites that quote the limit have. */
    private static final int FLOATS_COPIED = 1 << 24;

    /** Which limit. */
    public enum Limit {
        /** Multiply-adds of floats. */
        FLOAT("FMA, float", "GFLOP/s"),

        /** Multiply-adds of doubles. */
        DOUBLE("FMA, double", "GFLOP/s"),

        /** Reading memory from end to end. */
        MEMORY("memory, read", "GB/s"),

        /** Copying one array to another; what is read and what is written both count. */
        COPY("memory, copy", "GB/s");

        private final String text;
        private final String unit;

        Limit(String text, String unit) {
            this.text = text;
            this.unit = unit;
        }

        /**
         * Returns what it is a limit of.
         *
         * @return a few words
         */
        public String text() {
            return text;
        }

        /**
         * Returns the unit of work in a nanosecond.
         *
         * @return {@code GFLOP/s} or {@code GB/s}
         */
        public String unit() {
            return unit;
        }

        /** Operations or bytes of one call. Asked for only when measuring: the command line starts without vectors. */
        double work() {
            return switch (this) {
                case FLOAT -> 2.0 * STEPS * CHAINS * FLOATS.length();
                case DOUBLE -> 2.0 * STEPS * CHAINS * DOUBLES.length();
                case MEMORY -> (double) Float.BYTES * FLOATS_READ;
                case COPY -> 2.0 * Float.BYTES * FLOATS_COPIED;
            };
        }
    }

    /** Which limit is measured. */
    @Param("FLOAT")
    public Limit limit;

    private float[] memory;
    private float[] target;

    /** Creates the memory that is read and written. */
    @Setup
    public void prepare() {
        memory = new float
                [switch (limit) {
                    case FLOAT, DOUBLE -> FLOATS.length();
                    case MEMORY -> FLOATS_READ;
                    case COPY -> FLOATS_COPIED;
                }];
        target = new float[limit == Limit.COPY ? FLOATS_COPIED : 0];
    }

    /**
     * Works at the limit.
     *
     * @return a sum, which depends on all the work
     */
    @Benchmark
    public double run() {
        return switch (limit) {
            case FLOAT -> floats(memory);
            case DOUBLE -> doubles(memory[0]);
            case MEMORY -> read(memory);
            case COPY -> copy(memory, target);
        };
    }

    private static float floats(float[] start) {
        FloatVector x = FloatVector.fromArray(FLOATS, start, 0);
        FloatVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < STEPS; step++) {
            a = a.lanewise(VectorOperators.FMA, x, x);
            b = b.lanewise(VectorOperators.FMA, x, x);
            c = c.lanewise(VectorOperators.FMA, x, x);
            d = d.lanewise(VectorOperators.FMA, x, x);
            e = e.lanewise(VectorOperators.FMA, x, x);
            f = f.lanewise(VectorOperators.FMA, x, x);
            g = g.lanewise(VectorOperators.FMA, x, x);
            h = h.lanewise(VectorOperators.FMA, x, x);
            i = i.lanewise(VectorOperators.FMA, x, x);
            j = j.lanewise(VectorOperators.FMA, x, x);
            k = k.lanewise(VectorOperators.FMA, x, x);
            l = l.lanewise(VectorOperators.FMA, x, x);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .reduceLanes(VectorOperators.ADD);
    }

    private static double doubles(double start) {
        DoubleVector x = DoubleVector.broadcast(DOUBLES, start);
        DoubleVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < STEPS; step++) {
            a = a.lanewise(VectorOperators.FMA, x, x);
            b = b.lanewise(VectorOperators.FMA, x, x);
            c = c.lanewise(VectorOperators.FMA, x, x);
            d = d.lanewise(VectorOperators.FMA, x, x);
            e = e.lanewise(VectorOperators.FMA, x, x);
            f = f.lanewise(VectorOperators.FMA, x, x);
            g = g.lanewise(VectorOperators.FMA, x, x);
            h = h.lanewise(VectorOperators.FMA, x, x);
            i = i.lanewise(VectorOperators.FMA, x, x);
            j = j.lanewise(VectorOperators.FMA, x, x);
            k = k.lanewise(VectorOperators.FMA, x, x);
            l = l.lanewise(VectorOperators.FMA, x, x);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .reduceLanes(VectorOperators.ADD);
    }

    /** Four streams, each a quarter of the memory: one alone leaves the prefetcher idle at the ends of pages. */
    private static float read(float[] memory) {
        int quarter = memory.length / 4;
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int at = 0; at < quarter; at += FLOATS.length()) {
            a = a.lanewise(VectorOperators.ADD, FloatVector.fromArray(FLOATS, memory, at));
            b = b.lanewise(VectorOperators.ADD, FloatVector.fromArray(FLOATS, memory, quarter + at));
            c = c.lanewise(VectorOperators.ADD, FloatVector.fromArray(FLOATS, memory, 2 * quarter + at));
            d = d.lanewise(VectorOperators.ADD, FloatVector.fromArray(FLOATS, memory, 3 * quarter + at));
        }
        return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
    }

    private static float copy(float[] memory, float[] target) {
        System.arraycopy(memory, 0, target, 0, memory.length);
        return target[0];
    }
}
