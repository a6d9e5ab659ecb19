package dev.lanewise.bench.step;

import java.util.List;

/** One step of training lenet on the batch of {@link StepData}, in one library or another. */
public interface TrainingStep extends AutoCloseable {
    /**
     * Forward pass, loss, backward pass and update of the weights.
     *
     * @return the loss before the update
     */
    float run();

    /**
     * Returns the gradients of the last step.
     *
     * @return one array for each parameter, in the order and layout of Lanewise: weights {@code [kernelHeight, kernelWidth,
     *     in, out]} and {@code [in, out]}
     */
    List<float[]> gradients();

    /** Ends threads and gives memory back. */
    @Override
    void close();
}
