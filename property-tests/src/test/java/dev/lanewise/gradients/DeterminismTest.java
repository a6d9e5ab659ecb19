package dev.lanewise.gradients;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Backward;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.layers.AvgPool2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.optim.Adadelta;
import dev.lanewise.nn.optim.Adagrad;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.AdamW;
import dev.lanewise.nn.optim.AmsGrad;
import dev.lanewise.nn.optim.Lion;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Penalty;
import dev.lanewise.nn.optim.RmsProp;
import dev.lanewise.nn.optim.Sgd;
import dev.lanewise.nn.train.Trainer;
import dev.lanewise.nn.train.TrainingOptions;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same seed gives the same weights, bit for bit: in every run, for any number of threads, at every vector width. */
@Tag("widths")
class DeterminismTest {
    private static final Shape IMAGE = Shape.of(12, 12, 1);

    /** What the weights were when this was written, at every width. Another value: the changelog tells which bits changed. */
    private static final long ADAM = 3354866729456187960L;

    private static final long SGD = -797713009938951667L;
    private static final long RMS_PROP = -5943910643614739472L;
    private static final long ADAGRAD = -1109100479809971283L;
    private static final long ADADELTA = -7269218387367120208L;
    private static final long ADAM_W = 5683242942669199313L;
    private static final long AMS_GRAD = -7051607926888599824L;
    private static final long LION = -6352836466088028440L;

    private static LabeledImages images() {
        SplittableRandom random = new SplittableRandom(9);
        byte[] pixels = new byte[150 * IMAGE.size()];
        byte[] labels = new byte[150];
        random.nextBytes(pixels);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) random.nextInt(4);
            for (int j = 0; j < 36; j++) {
                pixels[i * IMAGE.size() + labels[i] * 36 + j] = (byte) 250;
            }
        }
        return LabeledImages.of(pixels, labels, IMAGE, List.of("a", "b", "c", "d"));
    }

    private static Sequential network(long seed, Layer between) {
        Sequential network = Sequential.of(
                new Conv2d(ConvolutionGeometry.of(3, 3, 1, 20).withPadding(1, 1, 1, 1), Activation.RELU),
                new MaxPool2d(PoolingGeometry.of(2)),
                new Conv2d(ConvolutionGeometry.of(3, 3, 20, 24).withStride(2, 1).withGroups(2), Activation.TANH),
                new AvgPool2d(PoolingGeometry.of(2)),
                new Flatten(),
                new Linear(48, 70, Activation.SIGMOID),
                new Dropout(0.2f),
                between,
                new Linear(70, 4, Activation.IDENTITY));
        Initializer.HE_NORMAL.fill(network, seed);
        return network;
    }

    /** Trains for two epochs; returns a digest of the bits of all weights. */
    private static long train(long seed, int threads, Layer between, Function<List<Parameter>, Optimizer> optimizer) {
        Sequential network = network(seed, between);
        LabeledImages images = images();
        Model model = Model.of(network, IMAGE, images.classes(), Normalization.NONE);
        TrainingOptions options = TrainingOptions.DEFAULT
                .withEpochs(2)
                .withBatchSize(32)
                .withSeed(seed)
                .withValidationShare(0.1);
        try (Parallelism parallelism = Parallelism.of(threads)) {
            Trainer.classifier(model, optimizer.apply(network.parameters()), options)
                    .penalty(Penalty.l2(1e-3))
                    .fit(images, parallelism);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        long digest = 1;
        for (Parameter parameter : network.parameters()) {
            for (float value : parameter.value().toArray()) {
                digest = digest * 0x9E3779B97F4A7C15L + Float.floatToRawIntBits(value);
            }
        }
        return digest;
    }

    private static long train(long seed, int threads, Layer between) {
        return train(seed, threads, between, parameters -> new Adam(parameters, 0.01));
    }

    @Test
    void everyRunAndEveryNumberOfThreadsGivesTheSameWeights() {
        for (int threads : new int[] {1, 2, 2, 3}) {
            assertEquals(ADAM, train(1, threads, new Flatten()), threads + " threads");
        }
    }

    @Test
    void theOtherOptimizersToo() {
        for (int threads : new int[] {1, 2}) {
            assertEquals(SGD, train(1, threads, new Flatten(), p -> new Sgd(p, 0.05, 0.9, true)));
            assertEquals(RMS_PROP, train(1, threads, new Flatten(), p -> new RmsProp(p, 0.003)));
            assertEquals(ADAGRAD, train(1, threads, new Flatten(), p -> new Adagrad(p, 0.01)));
            assertEquals(ADADELTA, train(1, threads, new Flatten(), p -> new Adadelta(p, 1)));
            assertEquals(ADAM_W, train(1, threads, new Flatten(), p -> new AdamW(p, 0.003)));
            assertEquals(AMS_GRAD, train(1, threads, new Flatten(), p -> new AmsGrad(p, 0.003)));
            assertEquals(LION, train(1, threads, new Flatten(), p -> new Lion(p, 0.001)));
        }
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertNotEquals(ADAM, train(2, 1, new Flatten()));
    }

    /** One bit of one gradient, and only when two threads work. */
    @Test
    void catchesABitThatDependsOnTheThreads() {
        Layer uneven = new ThreadDependent();
        assertEquals(ADAM, train(1, 1, uneven));
        assertCaught(() -> assertEquals(ADAM, train(1, 2, uneven)));
    }

    /** Changes the last bit of one gradient where there are several threads, as a sum split between them would. */
    private record ThreadDependent() implements Layer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            Backward backward = (gradient, wanted) -> {
                if (pass.parallelism().threads() > 1) {
                    float[] array = gradient.array();
                    array[gradient.offset() + 5] = Math.nextUp(array[gradient.offset() + 5]);
                }
                return gradient;
            };
            return new Forward(input, backward);
        }
    }
}
