package dev.lanewise.bench.cli;

/**
 * Shows a training as it goes: a table with a row for each epoch, and below it what the present epoch has come to.
 * Called by the training thread.
 */
abstract class ProgressDisplay implements AutoCloseable {
    private static final int[] WIDTHS = {9, 10, 12, 11, 12, 11, 13};

    private final Console console;
    private final Pace pace = new Pace();
    private boolean headed;
    private long epochStarted;

    /**
     * What an epoch has come to so far.
     *
     * @param epoch its number, from 1
     * @param epochs how many there will be
     * @param done how many images it has seen
     * @param images how many images it has
     * @param loss the mean loss of those seen
     * @param accuracy the part of those seen that was right
     */
    record Moment(int epoch, int epochs, long done, long images, double loss, double accuracy) {
        String name() {
            int digits = Integer.toString(epochs).length();
            return Texts.right(Integer.toString(epoch), digits) + "/" + epochs;
        }
    }

    ProgressDisplay(Console console) {
        this.console = console;
    }

    /** A bar in a terminal, lines elsewhere. */
    static ProgressDisplay on(Console console) {
        return console.terminal().interactive() ? new BarDisplay(console) : new LineDisplay(console);
    }

    Console console() {
        return console;
    }

    Pace pace() {
        return pace;
    }

    /** An epoch begins, or goes on after a resumption. */
    void epochStarts(Moment moment) {
        if (!headed) {
            console.out().println(row("", "", "training", "", "validation", "", ""));
            console.out().println(row("epoch", "loss", "accuracy", "loss", "accuracy", "images/s", "time"));
            headed = true;
        }
        epochStarted = System.nanoTime();
        int epochsAfter = moment.epochs() - moment.epoch();
        long left = moment.images() - moment.done() + moment.images() * epochsAfter;
        pace.epochStarts(epochStarted, left, epochsAfter + 1);
    }

    /** A step is done. */
    void stepDone(Moment moment) {
        pace.stepDone(System.nanoTime(), moment.done());
    }

    /** An epoch is over; {@code best} if no epoch before it did as well on the images held back. */
    void epochDone(Moment moment, double validationLoss, double validationAccuracy, boolean best) {
        double speed = pace.imagesPerSecond();
        pace.validationDone(System.nanoTime());
        double seconds = (System.nanoTime() - epochStarted) / 1e9;
        String line = row(
                moment.name(),
                Texts.loss(moment.loss()),
                Texts.percent(moment.accuracy(), 2),
                Texts.loss(validationLoss),
                Texts.percent(validationAccuracy, 2),
                Texts.count(speed),
                Texts.duration(seconds));
        console.out().println(line + (best ? "  *" : ""));
    }

    /** Ends whatever is on the screen but the rows. */
    @Override
    public abstract void close();

    static String row(String... cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(Texts.right(cells[i], WIDTHS[i]));
        }
        return line.toString().stripTrailing();
    }
}
