package dev.lanewise.nn.train;

import java.util.Objects;

/**
 * How to train, apart from the network, the loss and the optimizer. Together with those, the examples and nothing else
 * it fixes every bit of the weights.
 *
 * @param epochs how often to go through the training examples; at least 1
 * @param batchSize how many examples make one step; at least 1. The last batch of an epoch may be smaller
 * @param seed the source of all randomness: which examples are for validation, the order of the others, dropout
 * @param validationShare the share of examples kept for validation; at least 0 and below 1
 * @param earlyStopping when to stop before the last epoch
 * @param checkpointEvery after how many steps to save a checkpoint, beside the ones at the end of each epoch and when
 *     stopped; 0 for no others
 */
public record TrainingOptions(
        int epochs,
        int batchSize,
        long seed,
        double validationShare,
        EarlyStopping earlyStopping,
        int checkpointEvery) {
    /** 10 epochs of batches of 128, seed 42, a tenth for validation, no early stopping. */
    public static final TrainingOptions DEFAULT = new TrainingOptions(10, 128, 42, 0.1, EarlyStopping.NEVER, 0);

    /** Checks the numbers. */
    public TrainingOptions {
        check(epochs >= 1, "epochs is " + epochs + "; it must be at least 1");
        check(batchSize >= 1, "batch size is " + batchSize + "; it must be at least 1");
        check(
                validationShare >= 0 && validationShare < 1,
                "validation share is " + validationShare + "; it must be at least 0 and below 1");
        check(checkpointEvery >= 0, "steps between checkpoints is " + checkpointEvery + "; it must be at least 0");
        Objects.requireNonNull(earlyStopping, "earlyStopping");
    }

    /**
     * Returns these options with another number of epochs.
     *
     * @param value how often to go through the examples; at least 1
     * @return the options
     */
    public TrainingOptions withEpochs(int value) {
        return new TrainingOptions(value, batchSize, seed, validationShare, earlyStopping, checkpointEvery);
    }

    /**
     * Returns these options with another batch size.
     *
     * @param value how many examples make one step; at least 1
     * @return the options
     */
    public TrainingOptions withBatchSize(int value) {
        return new TrainingOptions(epochs, value, seed, validationShare, earlyStopping, checkpointEvery);
    }

    /**
     * Returns these options with another seed.
     *
     * @param value the source of all randomness
     * @return the options
     */
    public TrainingOptions withSeed(long value) {
        return new TrainingOptions(epochs, batchSize, value, validationShare, earlyStopping, checkpointEvery);
    }

    /**
     * Returns these options with another validation split.
     *
     * @param value the share of examples kept for validation; at least 0 and below 1
     * @return the options
     */
    public TrainingOptions withValidationShare(double value) {
        return new TrainingOptions(epochs, batchSize, seed, value, earlyStopping, checkpointEvery);
    }

    /**
     * Returns these options with another rule for stopping early.
     *
     * @param value the rule
     * @return the options
     */
    public TrainingOptions withEarlyStopping(EarlyStopping value) {
        return new TrainingOptions(epochs, batchSize, seed, validationShare, value, checkpointEvery);
    }

    /**
     * Returns these options with more checkpoints.
     *
     * @param steps after how many steps to save one; 0 for none but at the end of each epoch and when stopped
     * @return the options
     */
    public TrainingOptions withCheckpointEvery(int steps) {
        return new TrainingOptions(epochs, batchSize, seed, validationShare, earlyStopping, steps);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("training: " + message);
        }
    }
}
