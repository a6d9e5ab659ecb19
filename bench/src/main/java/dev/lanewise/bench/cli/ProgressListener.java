package dev.lanewise.bench.cli;

import dev.lanewise.bench.cli.ProgressDisplay.Moment;
import dev.lanewise.nn.train.EpochResult;
import dev.lanewise.nn.train.StepResult;
import dev.lanewise.nn.train.TrainingListener;

/** Passes what a trainer tells on to the display, and keeps the learning rate on its schedule. */
final class ProgressListener implements TrainingListener {
    private final ProgressDisplay display;
    private final Schedule schedule;
    private final int batchSize;
    private Start start;
    private Moment moment;
    private double bestAccuracy = -1;

    ProgressListener(ProgressDisplay display, Schedule schedule, int batchSize) {
        this.display = display;
        this.schedule = schedule;
        this.batchSize = batchSize;
    }

    /** The best of the epochs before a resumption. */
    void bestSoFar(double accuracy) {
        bestAccuracy = Math.max(bestAccuracy, accuracy);
    }

    @Override
    public void started(Start what) {
        start = what;
        schedule.apply(what.stepsDone(), steps());
    }

    @Override
    public void epochStarted(int epoch, int batchesDone, int batches) {
        moment = new Moment(epoch, start.epochs(), images(batchesDone), start.trainingExamples(), 0, 0);
        display.epochStarts(moment);
    }

    @Override
    public void stepDone(StepResult step) {
        schedule.apply(step.step(), steps());
        moment = new Moment(
                step.epoch(),
                start.epochs(),
                images(step.batch()),
                start.trainingExamples(),
                step.epochLoss(),
                step.epochAccuracy());
        display.stepDone(moment);
    }

    @Override
    public void epochDone(EpochResult epoch) {
        boolean best = epoch.validationAccuracy() > bestAccuracy;
        bestSoFar(epoch.validationAccuracy());
        display.epochDone(moment, epoch.validationLoss(), epoch.validationAccuracy(), best);
    }

    private long steps() {
        return (long) start.epochs() * start.batches();
    }

    private long images(int batches) {
        return Math.min((long) batches * batchSize, start.trainingExamples());
    }
}
