package dev.lanewise.nn.train;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A problem small enough to be learned within a test: images whose brightest third says which class they are of. */
final class Problem {
    static final Shape INPUT = Shape.of(3, 4, 1);
    static final List<String> CLASSES = List.of("top", "middle", "bottom");

    private Problem() {}

    static LabeledImages examples(int count) {
        Random random = new Random(7);
        byte[] pixels = new byte[count * INPUT.size()];
        byte[] labels = new byte[count];
        random.nextBytes(pixels);
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(3);
            for (int j = 0; j < INPUT.size(); j++) {
                int at = i * INPUT.size() + j;
                pixels[at] = (byte) ((pixels[at] & 0xFF) / 3 + (j / 4 == labels[i] ? 120 : 0));
            }
        }
        return LabeledImages.of(pixels, labels, INPUT, CLASSES);
    }

    /** A new network; always the same weights. */
    static Model model() {
        return model(new Dropout(0.25f));
    }

    static Model model(Layer between) {
        Sequential network = Sequential.of(
                new Flatten(),
                new Linear(INPUT.size(), 17, Activation.RELU),
                between,
                new Linear(17, 3, Activation.IDENTITY));
        Initializer.HE_NORMAL.fill(network, 5);
        return Model.of(network, INPUT, CLASSES, Normalization.NONE);
    }

    static TrainingOptions options() {
        return TrainingOptions.DEFAULT.withEpochs(3).withBatchSize(16).withValidationShare(0.2);
    }

    /** All weights and buffers of a network, as bits, so that equal means equal. */
    static List<Integer> bits(Model model) {
        List<Integer> bits = new ArrayList<>();
        for (Tensor tensor : model.network().state().values()) {
            for (float value : tensor.toArray()) {
                bits.add(Float.floatToRawIntBits(value));
            }
        }
        return bits;
    }

    /** Remembers what a training tells, one line for each event. */
    static final class Recorder implements TrainingListener {
        final List<String> events = new ArrayList<>();
        final List<StepResult> steps = new ArrayList<>();
        final List<EpochResult> epochs = new ArrayList<>();

        @Override
        public void started(Start start) {
            events.add("started " + start.stepsDone());
        }

        @Override
        public void epochStarted(int epoch, int batchesDone, int batches) {
            events.add("epoch " + epoch + " from " + batchesDone + "/" + batches);
        }

        @Override
        public void stepDone(StepResult step) {
            events.add("step " + step.step());
            steps.add(step);
        }

        @Override
        public void epochDone(EpochResult epoch) {
            events.add("epochDone " + epoch.epoch());
            epochs.add(epoch);
        }

        @Override
        public void checkpointSaved(Path file, long step) {
            events.add("saved " + step);
        }

        @Override
        public void finished(TrainingResult result) {
            events.add("finished " + result.ending());
        }

        @Override
        public void diverged(DivergedException failure) {
            events.add("diverged " + failure.step());
        }
    }
}
