package dev.lanewise.bench.compare;

import java.util.List;
import java.util.Map;

/** An operation that libraries are compared at: what {@link ComparisonSuite} needs to know of it. */
public interface Contest {
    /**
     * Returns the name of the suite.
     *
     * @return a word, such as {@code matmul}
     */
    String suite();

    /**
     * Returns what the suite measures and how shapes are written, for the help.
     *
     * @return a few words
     */
    String description();

    /**
     * Returns the unit of work in a nanosecond.
     *
     * @return such as {@code GFLOP/s}
     */
    String unit();

    /**
     * Returns the limit of the machine that bounds the speed.
     *
     * @return the limit
     */
    PeakBenchmark.Limit limit();

    /**
     * Returns the lists of shapes that come with the program, {@code /shapes/NAME.txt} on the class path.
     *
     * @return their names, in the order in which they are run
     */
    List<String> lists();

    /**
     * Reads a shape.
     *
     * @param text the shape, as the user wrote it or as {@link Task#shape} has it
     * @return what is to be done
     * @throws IllegalArgumentException if it is no shape; the message says what was expected
     */
    Task task(String text);

    /**
     * Returns all libraries on the class path; none is loaded or started yet.
     *
     * @return the libraries, Lanewise first
     */
    List<? extends Library> libraries();

    /**
     * Returns whether a library offers a task.
     *
     * @param library the name of the library
     * @param task the task
     * @return false where the table has no entry
     */
    boolean offers(String library, Task task);

    /**
     * Returns the JMH benchmark; it has the parameters {@code library}, {@code shape} and {@code threads}, checks what is
     * computed before it is timed, and its time is that of one call in nanoseconds.
     *
     * @return its class
     */
    Class<?> benchmark();

    /**
     * Returns further parameters of the benchmark.
     *
     * @return their values by their names
     */
    Map<String, String> parameters();

    /**
     * Returns a class whose {@code main} prints, as its last line, {@link Library#version} of the library that is named by
     * its argument.
     *
     * @return the class
     */
    Class<?> versionPrinter();
}
