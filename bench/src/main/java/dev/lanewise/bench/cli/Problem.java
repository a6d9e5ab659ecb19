package dev.lanewise.bench.cli;

/** Something that the user can mend. Told in one line, without a stack trace. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /** A problem with the input: exit code 2. The message names the file or option and what was expected. */
    Problem(String message) {
        this(message, ExitCode.BAD_INPUT);
    }

    Problem(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
