package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Median;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How several fresh processes grew fast at one shape.
 *
 * @param shape the shape
 * @param threads how many threads worked
 * @param processes what was measured, one for each process
 */
record WarmUps(GemmShape shape, int threads, List<WarmUp> processes) {
    /** Operations in a nanosecond of each process, once its speed is steady. */
    List<Double> steady() {
        return processes.stream()
                .map(process -> shape.flops() / process.steadyNanos())
                .toList();
    }

    /** The slowest process by the fastest, once their speeds are steady. */
    double slowestByFastest() {
        return least(steady()) / most(steady());
    }

    /** Seconds to 95 % of the steady speed, of each process. */
    List<Double> secondsToSteady() {
        return processes.stream().map(WarmUp::secondsToSteady).toList();
    }

    /** The median of a figure. */
    double median(ToDoubleFunction<WarmUp> figure) {
        return Median.of(processes.stream().map(figure::applyAsDouble).toList());
    }

    static double least(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    static double most(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }
}
