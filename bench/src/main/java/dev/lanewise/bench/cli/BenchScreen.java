package dev.lanewise.bench.cli;

import dev.lanewise.bench.compare.Screen;

/** The console as a suite of {@code lanewise bench} sees it. */
final class BenchScreen implements Screen {
    /** Writing more often would only disturb what is measured. */
    private static final long SHOW_NANOS = 200_000_000;

    private final Console console;
    private volatile boolean interrupted;
    private long shown;
    private boolean showing;

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
        if (console.terminal().interactive() && !(showing && System.nanoTime() - shown < SHOW_NANOS)) {
            clear();
            showing = true;
            shown = System.nanoTime();
            String left = done == 0 ? "" : ", " + Texts.duration(seconds / done * (all - done)) + " left";
            console.out().print("  " + (done + 1) + " of " + all + left + " ...");
            console.out().flush();
        }
    }

    /** Takes the line that says how far it is off a terminal. */
    void clear() {
        if (showing) {
            console.out().print("\r\033[K");
            showing = false;
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
