package dev.lanewise.bench.compare;

/** What a suite sees of the command line: where its lines go, and whether the user wants it to end. */
public interface Screen {
    /**
     * Prints a line.
     *
     * @param text the line
     */
    void line(String text);

    /**
     * Shows on a terminal how far the suite is, until the next line is printed.
     *
     * @param done how many parts are done
     * @param all of how many
     * @param seconds how long they took
     */
    void progress(int done, int all, double seconds);

    /**
     * Returns whether the user wants it to end.
     *
     * @return whether Ctrl-C was pressed
     */
    boolean isInterrupted();
}
