package dev.lanewise.bench.cli;

import dev.lanewise.bench.compare.Screen;

/** The console as a suite of {@code lanewise bench} sees it. */
final class BenchScreen implements Screen {
    private final Console console;
    private volatile boolean interrupted;

    BenchScreen(Console console) {
        this.console = console;
    }

    @Override
    public void line(String text) {
        clear();
        console.out().println(text);
    }

    @Override
    public void progress(int done, int all, double seconds) {
        if (console.terminal().interactive()) {
            clear();
            String left = done == 0 ? "" : ", " + Texts.duration(seconds / done * (all - done)) + " left";
            console.out().print("  " + (done + 1) + " of " + all + left + " ...");
            console.out().flush();
        }
    }

    /** Takes the line that says how far it is off a terminal. */
    void clear() {
        if (console.terminal().interactive()) {
            console.out().print("\r\033[K");
        }
    }

    /** Asks the suite to end; called by another thread. */
    void interrupt() {
        interrupted = true;
    }

    @Override
    public boolean isInterrupted() {
        return interrupted;
    }
}
