package dev.lanewise.nn.train;

/**
 * How one step went.
 *
 * @param epoch which epoch, the first is 1
 * @param batch which batch of the epoch, the first is 1
 * @param batches how many batches an epoch has
 * @param step which step of the whole training, the first is 1
 * @param loss mean loss over this batch, before the update; without penalties
 * @param accuracy share of this batch that was recognised; NaN where the targets are no classes
 * @param epochLoss mean loss over the epoch's examples so far
 * @param epochAccuracy share of the epoch's examples so far that was recognised; NaN where the targets are no classes
 * @param examplesPerSecond examples a second over the epoch so far, counting training alone
 */
public record StepResult(
        int epoch,
        int batch,
        int batches,
        long step,
        double loss,
        double accuracy,
        double epochLoss,
        double epochAccuracy,
        double examplesPerSecond) {}
