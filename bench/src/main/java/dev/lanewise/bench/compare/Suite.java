package dev.lanewise.bench.compare;

import java.io.IOException;
import org.openjdk.jmh.runner.RunnerException;

/** A suite of {@code lanewise bench}: something to measure, show and write to files. The command line knows no more of it. */
public interface Suite {
    /**
     * Returns what it is called on the command line.
     *
     * @return a word, such as {@code matmul}
     */
    String name();

    /**
     * Returns what it measures and which shapes it takes, for the help.
     *
     * @return a few words, which fit into a line
     */
    String description();

    /**
     * Measures, prints and writes what is asked for. An interruption ends it soon; what was measured until then is printed
     * and written.
     *
     * @param request what the user asks for
     * @param screen where lines go
     * @throws RefusedException if the request can't be met; thrown before anything is measured
     * @throws RunnerException if a process fails or computes something wrong
     * @throws IOException if a file can't be read or written
     */
    void run(Request request, Screen screen) throws RunnerException, IOException;
}
