package dev.lanewise.bench.gemm;

import java.util.List;

/**
 * Times all products of a sweep in one process: pass after pass over all sizes, so that a machine that slows down for a
 * moment slows one pass of a few sizes, not every sample of one. Memory is new in each pass, because where an array lies
 * in its cache lines decides over some per cent of a small product.
 *
 * <p>One process, and so one compiled code for all sizes, is what a program has that multiplies many; a process of its own
 * for each size would let C2 specialise the code for it.
 *
 * <p>Prints a line for each size and timed pass: the shape, a blank, and nanoseconds for one call.
 */
public final class SweepProcess {
    private static final long MILLION = 1_000_000;
    private static final int WARM_UP_PASSES = 2;

    /** For sweeps of few sizes: until C2 has compiled the tiles. */
    private static final long WARM_UP_NANOS = 4000 * MILLION;

    /** Shorter samples would see how coarse the clock is. */
    private static final long SAMPLE_NANOS = MILLION / 2;

    private SweepProcess() {}

    /**
     * Runs a sweep.
     *
     * @param arguments the sweep, the number of threads, of timed passes, and the milliseconds for a size in each
     */
    public static void main(String[] arguments) {
        List<GemmShape> shapes = Sweep.parse(arguments[0]).shapes();
        int threads = Integer.parseInt(arguments[1]);
        int passes = Integer.parseInt(arguments[2]);
        long nanos = Long.parseLong(arguments[3]) * MILLION;
        long began = System.nanoTime();
        for (int pass = 0; pass < WARM_UP_PASSES || System.nanoTime() - began < WARM_UP_NANOS; pass++) {
            shapes.forEach(shape -> time(shape, threads, 2 * nanos));
        }
        for (int pass = 0; pass < passes; pass++) {
            shapes.forEach(shape -> System.out.println(shape + " " + time(shape, threads, nanos)));
        }
    }

    /** Checks what is computed, and times it: nanoseconds for one call. */
    private static double time(GemmShape shape, int threads, long nanos) {
        GemmBenchmark benchmark = GemmBenchmark.ours(shape, threads);
        benchmark.prepare();
        try {
            return nanosPerCall(benchmark, nanos);
        } finally {
            benchmark.close();
        }
    }

    /** The fastest sample: what else runs on a machine only ever makes one slower. */
    private static double nanosPerCall(GemmBenchmark benchmark, long nanos) {
        double fastest = Double.POSITIVE_INFINITY;
        long calls = 1;
        long end = System.nanoTime() + nanos;
        while (fastest == Double.POSITIVE_INFINITY || System.nanoTime() < end) {
            long began = System.nanoTime();
            for (long call = 0; call < calls; call++) {
                benchmark.run();
            }
            long took = System.nanoTime() - began;
            if (took < SAMPLE_NANOS) {
                calls = 1 + Math.min(10 * calls, (long) (1.2 * calls * SAMPLE_NANOS / Math.max(1, took)));
            } else {
                fastest = Math.min(fastest, (double) took / calls);
            }
        }
        return fastest;
    }
}
