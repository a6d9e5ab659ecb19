package dev.lanewise.nn.train;

/**
 * How one epoch went.
 *
 * @param epoch which, the first is 1
 * @param trainingLoss mean loss over the training examples, each taken as the network was when it saw it; without
 *     penalties
 * @param trainingAccuracy share of training examples that were recognised; NaN where the targets are no classes
 * @param validationLoss mean loss over the validation examples after the epoch; NaN if there are none
 * @param validationAccuracy share of validation examples that were recognised; NaN if there are none or the targets are
 *     no classes
 * @param seconds how long it took, with validation; in a resumed epoch without what came before
 */
public record EpochResult(
        int epoch,
        double trainingLoss,
        double trainingAccuracy,
        double validationLoss,
        double validationAccuracy,
        double seconds) {}
