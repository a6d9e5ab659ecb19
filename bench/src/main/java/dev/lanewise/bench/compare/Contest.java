package dev.lanewise.bench.compare;

import java.io.InputStream;
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
     * Returns the lists of shapes that come with the program.
     *
     * @return their names, in the order in which they are run
     */
    List<String> lists();

    /**
     * Returns the algorithms that Lanewise has a choice of.
     *
     * @return their names, in lower case; none where there is no choice
     */
    default List<String> algorithms() {
        return List.of();
    }

    /**
     * Returns where a list is.
     *
     * @param list its name
     * @return its path on the class path
     */
    default String resource(String list) {
        return "/shapes/" + list + ".txt";
    }

    /**
     * Opens a list, which has a shape on each line.
     *
     * @param list its name
     * @return its text
     */
    default InputStream open(String list) {
        return Contest.class.getResourceAsStream(resource(list));
    }

    /**
     * Returns whether a word looks like a shape rather than the name of a list or a file; it may still be a wrong one.
     *
     * @param word what the user wrote
     * @return whether {@link #task} is to read it
     */
    default boolean isShape(String word) {
        return word.matches("\\d.*");
    }

    /**
     * Reads a shape.
     *
     * @param text the shape, as the user wrote it or as {@link Task#shape} has it
     * @return what is to be done
     * @throws IllegalArgumentException if it is no shape; the message says what was expected
     */
    Task task(String text);

    /**
     * Returns what a library must be able to do, for {@link Libraries}.
     *
     * @return the interface that it implements
     */
    Class<? extends Library> kind();

    /**
     * Returns whether a library offers a task.
     *
     * @param library one of the {@link #kind}
     * @param task the task
     * @return false where the table has no entry
     */
    boolean offers(Library library, Task task);

    /**
     * Returns the JMH benchmark; it has the parameter {@code shape} beside those of all.
     *
     * @return its class
     */
    Class<? extends LibraryBenchmark> benchmark();

    /**
     * Returns further parameters of the benchmark.
     *
     * @return their values by their names
     */
    Map<String, String> parameters();
}
