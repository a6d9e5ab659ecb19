package dev.lanewise.bench.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results and progress
 * @param err errors and warnings
 * @param terminal what can be done on {@code out}
 */
record Console(PrintStream out, PrintStream err, Terminal terminal) {
    void warn(String message) {
        err.println("lanewise: warning: " + oneLine(message));
    }

    /** Says in one line what went wrong. {@code command} is as the user typed it, such as {@code lanewise train}. */
    void error(String command, String message) {
        err.println(command + ": " + oneLine(message));
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
