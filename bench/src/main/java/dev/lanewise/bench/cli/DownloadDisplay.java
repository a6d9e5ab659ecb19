package dev.lanewise.bench.cli;

/** Shows how far a download is: in a terminal as it goes, elsewhere a line for each file. */
final class DownloadDisplay implements AutoCloseable {
    private static final long REFRESH = 100_000_000;

    private final Console console;
    private String current;
    private long shown;

    DownloadDisplay(Console console) {
        this.console = console;
    }

    /** More of a file has come; {@code total} is negative if the server doesn't say. */
    void received(String file, long bytes, long total) {
        boolean begins = !file.equals(current);
        current = file;
        if (!console.terminal().interactive()) {
            if (begins) {
                console.out().println("downloading " + file + size(total));
            }
            return;
        }
        long now = System.nanoTime();
        if (begins || bytes == total || now - shown >= REFRESH) {
            shown = now;
            String part = total > 0 ? "  " + Texts.percent((double) bytes / total, 0) : "";
            console.out().print("\r\033[Kdownloading " + file + size(total) + part);
            console.out().flush();
        }
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (current != null && console.terminal().interactive()) {
            console.out().print("\r\033[K");
        }
    }

    private static String size(long total) {
        return total > 0 ? ", " + Texts.megabytes(total) : "";
    }
}
