package dev.lanewise.bench.compare;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.openjdk.jmh.runner.RunnerException;

/** Runs the processes of some libraries at the same time, which then work by {@link Turns}. */
public final class ByTurns {
    /**
     * Runs the process of a library.
     *
     * @param <T> what comes of it
     */
    public interface Measurement<T> {
        /**
         * Measures.
         *
         * @param library its name
         * @param port where the process asks for its {@link Turn}
         * @return what was measured
         * @throws RunnerException if the process fails
         * @throws IOException if it can't be started
         */
        T of(String library, int port) throws RunnerException, IOException;
    }

    private ByTurns() {}

    /**
     * Measures libraries.
     *
     * @param libraries their names
     * @param stop asked now and then whether to end all processes soon, which then fail
     * @param measurement runs a process, which takes turns and leaves
     * @param <T> what is measured
     * @return of each what {@link #result} tells; all have ended
     * @throws RunnerException if there is no port to meet at
     */
    public static <T> Map<String, Future<T>> run(
            List<String> libraries, BooleanSupplier stop, Measurement<T> measurement) throws RunnerException {
        Map<String, Future<T>> running = new LinkedHashMap<>();
        try (Turns turns = new Turns(libraries.size());
                ExecutorService processes = Executors.newCachedThreadPool()) {
            for (int i = 0; i < libraries.size(); i++) {
                int process = i;
                String library = libraries.get(i);
                running.put(library, processes.submit(() -> {
                    try {
                        return measurement.of(library, turns.port(process));
                    } finally {
                        turns.standIn(process);
                    }
                }));
            }
            turns.give(stop);
        } catch (IOException noPort) {
            throw new RunnerException(noPort);
        }
        return running;
    }

    /**
     * Returns what was measured of a library.
     *
     * @param ended its process
     * @param <T> what is measured
     * @return what was measured
     * @throws RunnerException if its process failed
     */
    public static <T> T result(Future<T> ended) throws RunnerException {
        if (ended.state() == Future.State.SUCCESS) {
            return ended.resultNow();
        }
        throw ended.exceptionNow() instanceof RunnerException failed
                ? failed
                : new RunnerException(ended.exceptionNow());
    }
}
