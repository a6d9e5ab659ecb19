package dev.lanewise.bench.step;

import dev.lanewise.bench.cli.EmbeddedImages;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.networks.Networks;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What every library is given: a network and a batch of real photographs.
 *
 * @param network lenet, its weights drawn from a fixed seed
 * @param inputs {@code [batch, 28, 28, 1]}, normalised
 * @param labels one class for each image
 */
public record StepData(Sequential network, Tensor inputs, int[] labels) {
    /** The images of a batch. */
    public static final int BATCH = 128;

    /** The learning rate of stochastic gradient descent. */
    public static final double LEARNING_RATE = 0.01;

    /** Its momentum. */
    public static final double MOMENTUM = 0.9;

    /**
     * Reads the batch: the first images of the embedded subset.
     *
     * @return network and batch
     */
    public static StepData read() {
        LabeledImages images;
        try {
            images = FashionMnist.read(new EmbeddedImages()).training();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LabeledImages normalized = images.normalized(images.ownNormalization());
        int[] order = new int[BATCH];
        for (int i = 0; i < BATCH; i++) {
            order[i] = i;
        }
        Tensor inputs = Tensor.zeros(normalized.inputShape().prepend(BATCH));
        int[] labels = normalized.newTargets(BATCH);
        normalized.copy(order, 0, inputs, labels);
        Sequential network =
                Networks.lenet(normalized.inputShape(), normalized.classes().size(), 42);
        return new StepData(network, inputs, labels);
    }
}
