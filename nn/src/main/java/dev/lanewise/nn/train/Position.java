package dev.lanewise.nn.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Where training stands: all of its state that is neither in the weights nor in the optimizer. The order of the examples
 * and the masks of dropout are functions of the seed and of these numbers.
 */
final class Position {
    /** Finished epochs. */
    int epoch;

    /** Finished batches of the epoch after those. */
    int batch;

    /** Finished steps of all epochs. */
    long step;

    /** Sum over the epoch's examples so far of the loss. */
    double lossSum;

    /** How many of the epoch's examples so far were recognised; negative where right and wrong do not apply. */
    long correct;

    /** How many of the epoch's examples have been seen. */
    long seen;

    /** The best epoch by the early-stopping rule, the first is 1; 0 if there is none yet. */
    int bestEpoch;

    /** The rule's quantity in that epoch. */
    double best = Double.NaN;

    final List<EpochResult> history = new ArrayList<>();

    /** Returns a position of its own that is the same. */
    Position copy() {
        Position copy = new Position();
        copy.epoch = epoch;
        copy.batch = batch;
        copy.step = step;
        copy.lossSum = lossSum;
        copy.correct = correct;
        copy.seen = seen;
        copy.bestEpoch = bestEpoch;
        copy.best = best;
        copy.history.addAll(history);
        return copy;
    }

    /** Adds a step. */
    void add(int count, double loss, int right) {
        batch++;
        step++;
        lossSum += count * loss;
        correct = right < 0 || correct < 0 ? -1 : correct + right;
        seen += count;
    }

    /** Goes on to the next epoch. Tells whether the one that ends here is the best so far. */
    boolean endEpoch(EpochResult result, EarlyStopping rule) {
        history.add(result);
        epoch++;
        batch = 0;
        lossSum = 0;
        correct = 0;
        seen = 0;
        double value = rule.quantity().of(result);
        if (!rule.quantity().better(value, best)) {
            return false;
        }
        best = value;
        bestEpoch = epoch;
        return true;
    }

    /** Tells whether there has been no better epoch for as long as the rule allows. */
    boolean stopsEarly(EarlyStopping rule) {
        return rule.patience() > 0 && epoch - bestEpoch >= rule.patience();
    }

    double loss() {
        return lossSum / seen;
    }

    double accuracy() {
        return correct < 0 ? Double.NaN : (double) correct / seen;
    }
}
