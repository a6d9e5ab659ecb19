package dev.lanewise.bench.compare;

import java.util.List;
import java.util.Locale;

/** The table of a comparison, line by line as the rows come. */
public final class Table {
    private static final int LEAST_SHAPE_WIDTH = 22;
    private static final int SPEED_WIDTH = 16;
    private static final int LIMIT_WIDTH = 8;

    private final Contest contest;
    private final List<String> libraries;
    private final double peak;
    private final int shapeWidth;

    /**
     * Creates a table.
     *
     * @param contest what is compared
     * @param libraries the columns, ours first
     * @param peak what the machine can do at most, in the unit of the limit
     * @param tasks whose shapes the first column has to hold
     */
    public Table(Contest contest, List<String> libraries, double peak, List<Task> tasks) {
        this.contest = contest;
        this.libraries = libraries;
        this.peak = peak;
        this.shapeWidth = tasks.stream().mapToInt(task -> task.shape().length()).reduce(LEAST_SHAPE_WIDTH, Math::max);
    }

    /**
     * Returns the lines that say what the figures are.
     *
     * @param threads how many threads work
     * @param rounds how many processes there are for each figure
     * @return the lines
     */
    public List<String> title(int threads, int rounds) {
        String figures = rounds == 1 ? "one process each" : "medians of " + rounds + " processes";
        String peak = String.format(
                Locale.ROOT, "peak %.1f %s", this.peak, contest.limit().unit());
        return List.of(contest.suite() + ", " + Words.threads(threads) + ": " + figures + ", " + peak, spread(rounds));
    }

    /**
     * Returns the line that says what stands behind ±.
     *
     * @param rounds how many processes there are for each figure
     * @return the line
     */
    public static String spread(int rounds) {
        return rounds == 1
                ? "±: half of a process's " + Forks.TURNS + " turns are that near to their median"
                : "±: how far the farthest process is from the median";
    }

    /**
     * Returns the line above the rows.
     *
     * @return the names of the columns
     */
    public String header() {
        StringBuilder line = new StringBuilder(left(contest.unit(), shapeWidth));
        for (String library : libraries) {
            line.append(right(library, SPEED_WIDTH));
        }
        line.append("   ratio");
        if (countsSomethingElse()) {
            line.append(right(contest.limit().unit(), LIMIT_WIDTH));
        }
        return line.append("  of peak").toString();
    }

    /** Whether the machine's limit counts something else than the columns do: bytes, and not elements. */
    private boolean countsSomethingElse() {
        return !contest.unit().equals(contest.limit().unit());
    }

    /**
     * Returns the line of a row: medians, spreads, our speed by the fastest peer's, in the unit of the machine's limit if
     * that is another, and by that limit.
     *
     * @param row the row
     * @return the line
     */
    public String line(Row row) {
        StringBuilder line = new StringBuilder(left(row.shape(), shapeWidth));
        for (String library : libraries) {
            line.append(right(
                    Double.isNaN(row.speed(library))
                            ? "-"
                            : String.format(
                                    Locale.ROOT, "%.4g ±%2.0f %%", row.speed(library), 100 * row.spread(library)),
                    SPEED_WIDTH));
        }
        String ratio = Double.isNaN(row.ratio()) ? "-" : String.format(Locale.ROOT, "%.2f", row.ratio());
        line.append(right(ratio, 8));
        if (countsSomethingElse()) {
            line.append(right(String.format(Locale.ROOT, "%.4g", row.limitSpeed()), LIMIT_WIDTH));
        }
        return line.append(String.format(Locale.ROOT, "%7.0f %%", 100 * row.limitSpeed() / peak))
                .toString();
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }
}
