package dev.lanewise.bench.step;

import dev.lanewise.bench.cli.EmbeddedImages;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.networks.Networks;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;

/**
 * What every library is given: a network and a batch.
 *
 * @param network the network, its weights drawn from a fixed seed
 * @param inputs {@code [batch, height, width, channels]}, of mean 0 and deviation 1
 * @param labels one class for each image
 */
public record StepData(Sequential network, Tensor inputs, int[] labels) {
    /** The images of a batch. */
    public static final int BATCH = 128;

    /**
     * The learning rate; Adam's other constants are those of its paper. With ten times as much the first losses rise, and what
     * rounding differs by grows too fast to compare them.
     */
    public static final double LEARNING_RATE = 1e-4;

    /** The networks there are. */
    public static final List<String> NETWORKS = List.of("mlp", "lenet", "vgg", "resnet18");

    private static final Shape CLOTHES = Shape.of(28, 28, 1);
    private static final Shape CIFAR = Shape.of(32, 32, 3);
    private static final int CLASSES = 10;
    private static final int SEED = 42;

    /**
     * Builds a network and draws its batch: the first photographs of clothes, 28x28x1, of the embedded subset; for {@code
     * resnet18} noise of 32x32x3 in ten classes.
     *
     * @param network one of {@link #NETWORKS}
     * @return network and batch
     * @throws IllegalArgumentException if there is no such network
     */
    public static StepData of(String network) {
        return switch (network) {
            case "mlp" -> photographs(Networks.mlp(CLOTHES, CLASSES, SEED));
            case "lenet" -> photographs(Networks.lenet(CLOTHES, CLASSES, SEED));
            case "vgg" -> photographs(Networks.vgg(CLOTHES, CLASSES, SEED));
            case "resnet18" -> noise(Networks.resnet18(CIFAR, CLASSES, SEED));
            default ->
                throw new IllegalArgumentException("network " + network + ": expected " + String.join(", ", NETWORKS));
        };
    }

    private static StepData photographs(Sequential network) {
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
        return new StepData(network, inputs, labels);
    }

    private static StepData noise(Sequential network) {
        Random random = new Random(SEED);
        Tensor inputs = Tensor.zeros(CIFAR.prepend(BATCH));
        for (int i = 0; i < inputs.size(); i++) {
            inputs.array()[inputs.offset() + i] = (float) random.nextGaussian();
        }
        return new StepData(network, inputs, random.ints(BATCH, 0, CLASSES).toArray());
    }
}
