package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Median;
import java.util.List;

/**
 * How the speed of a fresh process grew.
 *
 * @param windows what was measured, the first call first
 */
record WarmUp(List<Window> windows) {
    /** Speed is steady from this part of it on. */
    static final double ENOUGH = 0.95;

    /** One slow window in five, or two, is another program's doing. */
    private static final int IN_A_ROW = 5;

    /** The last fifth of a process is long after C2 has done its work. */
    private static final int LAST_PART = 5;

    /**
     * A short time.
     *
     * @param end seconds from the start of the first call to its end
     * @param nanos nanoseconds for one call in it
     */
    record Window(double end, double nanos) {
        /** Reads a line that {@link WarmUpProcess} prints. */
        static Window parse(String line) {
            int blank = line.indexOf(' ');
            return new Window(
                    Double.parseDouble(line.substring(0, blank)), Double.parseDouble(line.substring(blank + 1)));
        }
    }

    /** Seconds of the first call. */
    double firstCall() {
        return windows.getFirst().end();
    }

    /** Nanoseconds for a call once the speed is steady: the median of the last fifth of the time. */
    double steadyNanos() {
        double from = windows.getLast().end() * (LAST_PART - 1) / LAST_PART;
        return Median.of(windows.stream()
                .filter(window -> window.end() >= from)
                .map(Window::nanos)
                .toList());
    }

    /** Seconds until a window is that fast, and so is the median of the five that begin with it. */
    double secondsToSteady() {
        double fastEnough = steadyNanos() / ENOUGH;
        for (int i = 0; i < windows.size(); i++) {
            List<Window> next = windows.subList(i, Math.min(windows.size(), i + IN_A_ROW));
            double median = Median.of(next.stream().map(Window::nanos).toList());
            if (Math.max(windows.get(i).nanos(), median) <= fastEnough) {
                return i == 0 ? 0 : windows.get(i - 1).end();
            }
        }
        return windows.getLast().end();
    }
}
