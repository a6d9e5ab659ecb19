package dev.lanewise.bench;

import dev.lanewise.bench.cli.LanewiseCommand;

/** The {@code lanewise} program. */
public final class Main {
    private Main() {}

    /**
     * Runs the command that the arguments name and ends the JVM with its exit code.
     *
     * @param arguments the command and its options; none for help
     */
    public static void main(String[] arguments) {
        System.exit(LanewiseCommand.run(System.out, System.err, arguments));
    }
}
