package dev.lanewise.nn.train;

import java.nio.file.Path;

/**
 * Hears what happens during training, on the thread that trains, which waits meanwhile: be brief. Each method does
 * nothing unless it is overridden.
 *
 * <p>Order: {@code started}; for each epoch {@code epochStarted}, {@code stepDone} for each step, {@code epochDone}, with
 * {@code checkpointSaved} after the step or epoch it belongs to; last either {@code finished} or {@code diverged}. An
 * epoch that is stopped midway has no {@code epochDone}.
 */
public interface TrainingListener {
    /**
     * Training begins or goes on.
     *
     * @param start what lies ahead
     */
    default void started(Start start) {}

    /**
     * An epoch begins or goes on.
     *
     * @param epoch which, the first is 1
     * @param batchesDone how many of its batches were done before: 0 unless resumed
     * @param batches how many it has
     */
    default void epochStarted(int epoch, int batchesDone, int batches) {}

    /**
     * A step is done.
     *
     * @param step how it went
     */
    default void stepDone(StepResult step) {}

    /**
     * All steps of an epoch are done and the validation examples are judged.
     *
     * @param epoch how it went
     */
    default void epochDone(EpochResult epoch) {}

    /**
     * A checkpoint is on the disk.
     *
     * @param file the file
     * @param step after which step, the first is 1
     */
    default void checkpointSaved(Path file, long step) {}

    /**
     * Training ends: all epochs are done, or it stopped early, or on request.
     *
     * @param result how it went
     */
    default void finished(TrainingResult result) {}

    /**
     * Training ends because a number became NaN or infinite.
     *
     * @param failure says where; it is thrown next
     */
    default void diverged(DivergedException failure) {}

    /**
     * What lies ahead.
     *
     * @param epochs how many epochs, those before a resumption included
     * @param batches how many batches an epoch has
     * @param trainingExamples how many examples an epoch has
     * @param validationExamples how many examples are kept for validation
     * @param stepsDone how many steps were done before: 0 unless resumed
     */
    record Start(int epochs, int batches, int trainingExamples, int validationExamples, long stepsDone) {}
}
