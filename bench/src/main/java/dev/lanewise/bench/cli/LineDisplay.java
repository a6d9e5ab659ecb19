package dev.lanewise.bench.cli;

/** Progress in plain lines, for files and pipes: a row for each epoch, and one each ten seconds within long epochs. */
final class LineDisplay extends ProgressDisplay {
    private static final long INTERVAL = 10_000_000_000L;

    private long lastLine;

    LineDisplay(Console console) {
        super(console);
    }

    @Override
    void epochStarts(Moment moment) {
        super.epochStarts(moment);
        lastLine = System.nanoTime();
    }

    @Override
    void stepDone(Moment moment) {
        super.stepDone(moment);
        long now = System.nanoTime();
        if (now - lastLine < INTERVAL || moment.done() == moment.images()) {
            return;
        }
        lastLine = now;
        String part = Texts.percent((double) moment.done() / moment.images(), 0);
        String left = Texts.clock(pace().secondsLeft()) + " left";
        String soFar =
                row(moment.name(), Texts.loss(moment.loss()), Texts.percent(moment.accuracy(), 2), "", "", "", "");
        console().out().println(soFar + "   after " + part + " of the epoch, " + left);
    }

    @Override
    public void close() {
        console().out().flush();
    }
}
