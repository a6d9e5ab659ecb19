package dev.lanewise.bench.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;

/** Progress in a terminal: a bar for the present epoch, which gives way to the epoch's row. */
final class BarDisplay extends ProgressDisplay {
    private static final int REFRESH_MILLIS = 100;
    private static final int WIDEST_BAR = 40;
    private static final int NARROWEST_BAR = 6;
    private static final int WIDE = 90;
    private static final String ERASE_LINE = "\r\033[K";

    private ProgressBar bar;
    private volatile Moment present;

    BarDisplay(Console console) {
        super(console);
    }

    @Override
    void epochStarts(Moment moment) {
        super.epochStarts(moment);
        present = moment;
        int width = console().terminal().width() - 1;
        bar = new ProgressBarBuilder()
                .setTaskName("epoch")
                .setInitialMax(moment.images())
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setConsumer(new Line(console().out(), width))
                .setRenderer(
                        (state, columns) -> render(present, pace().imagesPerSecond(), pace().secondsLeft(), columns))
                .clearDisplayOnFinish()
                .build();
    }

    @Override
    void stepDone(Moment moment) {
        super.stepDone(moment);
        present = moment;
        bar.stepTo(moment.done());
    }

    @Override
    void epochDone(Moment moment, double validationLoss, double validationAccuracy, boolean best) {
        close();
        super.epochDone(moment, validationLoss, validationAccuracy, best);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            // A bar that lived for less than one refresh doesn't clear its line.
            console().out().print(ERASE_LINE);
        }
    }

    /** The line for a moment; {@code secondsLeft} is negative if there is nothing to tell from. */
    String render(Moment moment, double imagesPerSecond, double secondsLeft, int columns) {
        double part = moment.images() == 0 ? 1 : (double) moment.done() / moment.images();
        // In the usual 80 columns everything has to stand close to fit.
        String gap = columns < WIDE ? " " : "  ";
        String front = Texts.right(moment.name(), columns < WIDE ? 6 : 9) + gap;
        String back = " " + Texts.right(Texts.percent(part, 0), 5) + gap + "loss " + Texts.loss(moment.loss());
        String[] more = {
            gap + "accuracy " + Texts.right(Texts.percent(moment.accuracy(), 1), 7),
            gap + Texts.right(Texts.count(imagesPerSecond), 6) + " images/s",
            secondsLeft < 0 ? "" : gap + Texts.right(Texts.clock(secondsLeft), 5) + " left"
        };
        if (moment.done() == 0) {
            back = " " + Texts.right("0 %", 5);
            more = new String[0];
        }
        for (String piece : more) {
            if (front.length() + NARROWEST_BAR + back.length() + piece.length() <= columns) {
                back += piece;
            }
        }
        int room = Math.min(WIDEST_BAR, columns - front.length() - back.length());
        return room < 1
                ? (front + back).substring(0, Math.min(columns, (front + back).length()))
                : front + drawn(part, room) + back;
    }

    private String drawn(double part, int width) {
        Terminal terminal = console().terminal();
        int done = (int) Math.min(width, Math.floor(part * width));
        String full = (terminal.unicode() ? "━" : "=").repeat(done);
        String empty = (terminal.unicode() ? "─" : "-").repeat(width - done);
        return terminal.green(full) + terminal.faint(empty);
    }

    /** The line of the terminal that the bar is written on. */
    private record Line(PrintStream out, int columns) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return columns;
        }

        @Override
        public void accept(String text) {
            out.print(ERASE_LINE + text);
            out.flush();
        }

        @Override
        public void clear() {
            out.print(ERASE_LINE);
            out.flush();
        }

        @Override
        public void close() {
            clear();
        }
    }
}
