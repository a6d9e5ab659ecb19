package dev.lanewise.nn.train;

/** Thrown when the loss or a weight became NaN or infinite. The message says what, at which step, and what is kept. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** At which step, from 1. */
    private final long step;

    /** In which epoch, from 1. */
    private final int epoch;

    /** At which batch of the epoch, from 1. */
    private final int batch;

    /**
     * Creates the exception.
     *
     * @param what what went wrong, such as {@code the loss is NaN}
     * @param step at which step, the first is 1
     * @param epoch in which epoch, the first is 1
     * @param batch at which batch of the epoch, the first is 1
     * @param kept where the last good checkpoint is; null if there is none
     */
    DivergedException(String what, long step, int epoch, int batch, Object kept) {
        super("training: " + what + " at step " + step + " (epoch " + epoch + ", batch " + batch
                + "); expected a finite number, try a lower learning rate"
                + (kept == null ? "" : "; the last good checkpoint is " + kept));
        this.step = step;
        this.epoch = epoch;
        this.batch = batch;
    }

    /**
     * Returns the step.
     *
     * @return the number of the step, the first is 1
     */
    public long step() {
        return step;
    }

    /**
     * Returns the epoch.
     *
     * @return the number of the epoch, the first is 1
     */
    public int epoch() {
        return epoch;
    }

    /**
     * Returns the batch.
     *
     * @return the number of the batch within the epoch, the first is 1
     */
    public int batch() {
        return batch;
    }
}
