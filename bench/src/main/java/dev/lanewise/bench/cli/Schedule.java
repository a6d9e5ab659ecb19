package dev.lanewise.bench.cli;

import dev.lanewise.nn.optim.Optimizer;

/**
 * The learning rate over a training: constant for the first half, then down to a twentieth along a straight line. A
 * function of the step alone, so that a resumed training goes on as it would have.
 */
final class Schedule {
    private static final double CONSTANT_PART = 0.5;
    private static final double LAST = 0.05;

    private final Optimizer optimizer;
    private final float learningRate;

    Schedule(Optimizer optimizer, float learningRate) {
        this.optimizer = optimizer;
        this.learningRate = learningRate;
    }

    /** Sets the rate for the step after those done. */
    void apply(long stepsDone, long steps) {
        optimizer.setLearningRate((float) (learningRate * factor((double) stepsDone / steps)));
    }

    static double factor(double part) {
        double way = Math.min(1, Math.max(0, (part - CONSTANT_PART) / (1 - CONSTANT_PART)));
        return 1 - (1 - LAST) * way;
    }
}
