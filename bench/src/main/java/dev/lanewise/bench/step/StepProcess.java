package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.Forks;
import dev.lanewise.bench.compare.JitCompiler;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.Turn;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trains in a process of its own, which holds one library only: so its memory is that library's.
 *
 * <p>The first steps are checked: their losses must be those that are given. Then it warms up, and times steps. It prints what
 * {@link StepSample#parse} reads; without losses to compare with, the losses of the first steps alone.
 */
public final class StepProcess {
    /** How many steps are checked. The loss of the third depends on two updates. */
    static final int CHECKED = 3;

    private static final Path STATUS = Path.of("/proc/self/status");

    private StepProcess() {}

    /**
     * Trains.
     *
     * @param arguments library, network, threads, milliseconds of warm-up, milliseconds that are timed, the port of the
     *     turns, and the losses of the first steps; or only the first three
     * @throws IOException if nobody gives turns
     */
    public static void main(String[] arguments) throws IOException {
        StepLibrary library = Libraries.named(StepLibrary.class, arguments[0]);
        try (TrainingStep step = library.prepare(StepData.of(arguments[1]), Integer.parseInt(arguments[2]))) {
            if (arguments.length == 3) {
                for (float loss : firstLosses(step)) {
                    System.out.println(loss);
                }
                return;
            }
            long warmUp = Long.parseLong(arguments[3]) * 1_000_000;
            long part = Long.parseLong(arguments[4]) * 1_000_000 / Forks.TURNS;
            try (Turn turn = new Turn(Integer.parseInt(arguments[5]))) {
                turn.begin();
                StepCheck.of(arguments[1], Arrays.asList(arguments).subList(6, arguments.length))
                        .require(firstLosses(step));
                time(step, warmUp);
                JitCompiler.settle(step::run);
                turn.end();
                System.out.println(sample(step, part, turn));
            }
        }
    }

    private static float[] firstLosses(TrainingStep step) {
        float[] losses = new float[CHECKED];
        for (int i = 0; i < CHECKED; i++) {
            losses[i] = step.run();
        }
        return losses;
    }

    private static StepSample sample(TrainingStep step, long partNanos, Turn turn) throws IOException {
        List<Double> parts = new ArrayList<>();
        // Of the part with the fewest: where something is still compiled, every vector is an object.
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < Forks.TURNS; i++) {
            turn.begin();
            long before = allocated();
            Timed timed = time(step, partNanos);
            bytes = Math.min(bytes, (allocated() - before) / timed.steps);
            parts.add((double) timed.nanos / timed.steps);
            turn.end();
        }
        return new StepSample(parts, peakBytes(), bytes);
    }

    private record Timed(long nanos, long steps) {}

    /** Takes steps until the time is over, at least one. */
    private static Timed time(TrainingStep step, long nanos) {
        long began = System.nanoTime();
        long steps = 0;
        long now;
        do {
            step.run();
            steps++;
            now = System.nanoTime();
        } while (now - began < nanos);
        return new Timed(now - began, steps);
    }

    /** Bytes on the Java heap, of all threads. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    /** The most memory that the process ever had of the machine: heap, code, native libraries and all they allocated. */
    private static long peakBytes() {
        try {
            return Files.isReadable(STATUS)
                    ? Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
