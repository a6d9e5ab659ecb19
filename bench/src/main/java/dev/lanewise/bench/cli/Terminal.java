package dev.lanewise.bench.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What can be done on the output: nothing but lines, or a line that is written again and again.
 *
 * @param interactive whether control characters may be sent; false for files and pipes
 * @param unicode whether the output's encoding has block characters
 * @param colour whether colours may be used
 */
record Terminal(boolean interactive, boolean unicode, boolean colour) {
    private static final int USUAL_WIDTH = 80;

    /** Looks at an output: the process's own if it is a terminal's, otherwise lines only. */
    static Terminal of(PrintStream out) {
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        boolean terminal = System.console() != null && System.console().isTerminal();
        boolean interactive = out == System.out && terminal && !dumb;
        boolean unicode = out.charset().newEncoder().canEncode('█');
        return new Terminal(interactive, unicode, interactive && System.getenv("NO_COLOR") == null);
    }

    /** Nothing but lines. */
    static Terminal plain() {
        return new Terminal(false, false, false);
    }

    /** Columns of the terminal now; it may have been resized since it was last asked. */
    int width() {
        if (!interactive) {
            return USUAL_WIDTH;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            stty.waitFor(1, TimeUnit.SECONDS);
            int columns = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
            return columns > 0 ? columns : USUAL_WIDTH;
        } catch (IOException | NumberFormatException noSuchProgram) {
            return USUAL_WIDTH;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }

    String green(String text) {
        return colour ? "\033[32m" + text + "\033[0m" : text;
    }

    String faint(String text) {
        return colour ? "\033[2m" + text + "\033[0m" : text;
    }

    String bold(String text) {
        return colour ? "\033[1m" + text + "\033[0m" : text;
    }

    String yellow(String text) {
        return colour ? "\033[33m" + text + "\033[0m" : text;
    }
}
