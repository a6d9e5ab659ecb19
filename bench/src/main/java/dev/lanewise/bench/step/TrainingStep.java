package dev.lanewise.bench.step;

/** One step of training on the batch of a {@link StepData}, in one library or another. */
public interface TrainingStep extends AutoCloseable {
    /**
     * Forward pass, loss, backward pass and Adam's update of the weights.
     *
     * @return the loss before the update
     */
    float run();

    /** Ends threads and gives memory back. */
    @Override
    void close();
}
