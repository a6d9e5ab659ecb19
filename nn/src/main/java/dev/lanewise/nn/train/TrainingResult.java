package dev.lanewise.nn.train;

import java.util.List;

/**
 * How training went.
 *
 * @param ending why it ended
 * @param steps how many steps were done in all, those before a resumption included
 * @param history every finished epoch, those before a resumption included
 * @param bestEpoch the epoch that was best by the early-stopping rule's quantity, the first is 1; 0 if there is none
 * @param seconds how long this run took, without what came before a resumption
 */
public record TrainingResult(Ending ending, long steps, List<EpochResult> history, int bestEpoch, double seconds) {
    /** Why training ended. */
    public enum Ending {
        /** All epochs are done. */
        COMPLETED,
        /** The validation examples were no longer recognised better. */
        STOPPED_EARLY,
        /** {@link Trainer#stop} was called. A checkpoint, if there is a place for it, holds the state. */
        STOPPED_ON_REQUEST
    }

    /** Keeps a copy of the history. */
    public TrainingResult {
        history = List.copyOf(history);
    }
}
