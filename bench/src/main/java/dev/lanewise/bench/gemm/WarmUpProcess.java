package dev.lanewise.bench.gemm;

import java.util.ArrayList;
import java.util.List;

/**
 * Multiplies in a fresh process, from the first call on, and notes how the speed grows: nothing of the kernels has run, or
 * is even loaded, when the clock starts.
 *
 * <p>Prints a line for each window of 10 ms, or of one call where that takes longer: seconds from the start of the first
 * call to the end of the window, a blank, and nanoseconds for one call. It prints when all is done, and the output has been
 * checked, so as not to disturb C2.
 */
public final class WarmUpProcess {
    private static final long WINDOW_NANOS = 10_000_000;

    private WarmUpProcess() {}

    /**
     * Warms up.
     *
     * @param arguments the shape, the number of threads, and for how many milliseconds
     */
    public static void main(String[] arguments) {
        GemmBenchmark benchmark = GemmBenchmark.ours(GemmShape.parse(arguments[0]), Integer.parseInt(arguments[1]));
        List<WarmUp.Window> windows = new ArrayList<>();
        benchmark.draw();
        long start = System.nanoTime();
        long end = start + Long.parseLong(arguments[2]) * 1_000_000;
        benchmark.run();
        long now = System.nanoTime();
        windows.add(new WarmUp.Window((now - start) / 1e9, now - start));
        while (now < end) {
            long began = now;
            int calls = 0;
            do {
                benchmark.run();
                calls++;
                now = System.nanoTime();
            } while (now - began < WINDOW_NANOS);
            windows.add(new WarmUp.Window((now - start) / 1e9, (double) (now - began) / calls));
        }
        benchmark.check();
        benchmark.close();
        windows.forEach(window -> System.out.println(window.end() + " " + window.nanos()));
    }
}
