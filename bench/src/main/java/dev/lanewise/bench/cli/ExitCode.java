package dev.lanewise.bench.cli;

/** What the program tells the shell when it ends. */
final class ExitCode {
    /** All went well. */
    static final int SUCCESS = 0;

    /** Something went wrong on the way that no argument explains: a loss that is no number, memory that ran out. */
    static final int FAILURE = 1;

    /** The user asked for something that can't be done: a bad option, a file that isn't what it should be. */
    static final int BAD_INPUT = 2;

    /** Stopped by Ctrl-C; the JVM itself ends with this code, or with 143 if it was killed. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
