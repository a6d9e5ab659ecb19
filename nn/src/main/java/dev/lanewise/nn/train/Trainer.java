package dev.lanewise.nn.train;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.io.LayerRegistry;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.losses.CrossEntropy;
import dev.lanewise.nn.losses.Loss;
import dev.lanewise.nn.optim.Clip;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Penalty;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Trains a network: epochs of mini-batches in an order shuffled from the seed, a validation split, early stopping,
 * checkpoints. Trains once; then it is spent.
 *
 * <p>The weights depend on the model, the loss, the optimizer, the penalty, the limits of gradients, the options and the examples, bit for bit;
 * not on threads, on time, or on whether training was stopped and resumed on the way.
 *
 * <pre>{@code
 * Trainer<int[]> trainer = Trainer.classifier(model, optimizer, TrainingOptions.DEFAULT.withEpochs(5))
 *         .checkpoints(Path.of("checkpoint.safetensors"))
 *         .listener(display);
 * TrainingResult result = trainer.fit(images, parallelism);
 * }</pre>
 *
 * @param <T> the targets of a batch
 */
public final class Trainer<T> {
    final Model model;
    final Loss<T> loss;
    final Metric<T> metric;
    final Optimizer optimizer;
    final TrainingOptions options;
    final List<TrainingListener> listeners = new ArrayList<>();
    Penalty penalty = Penalty.NONE;
    Clip clip = Clip.NONE;
    Path checkpointFile;
    LayerRegistry registry = LayerRegistry.builtIn();
    private Checkpoint resumed;
    private boolean spent;
    private volatile boolean stopRequested;

    /**
     * Creates a trainer.
     *
     * @param model the network, whose parameters change
     * @param loss what is made small
     * @param metric which outputs are right; {@link Metric#none} where that does not apply
     * @param optimizer made for the network's parameters
     * @param options how to train
     */
    public Trainer(Model model, Loss<T> loss, Metric<T> metric, Optimizer optimizer, TrainingOptions options) {
        this.model = Objects.requireNonNull(model, "model");
        this.loss = Objects.requireNonNull(loss, "loss");
        this.metric = Objects.requireNonNull(metric, "metric");
        this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Returns a trainer for a classifier: cross-entropy over the network's outputs, and accuracy.
     *
     * @param model the network, whose parameters change
     * @param optimizer made for the network's parameters
     * @param options how to train
     * @return the trainer
     */
    public static Trainer<int[]> classifier(Model model, Optimizer optimizer, TrainingOptions options) {
        return new Trainer<>(model, new CrossEntropy(), Metric.labels(), optimizer, options);
    }

    /**
     * Makes large weights cost something. Losses are reported without it.
     *
     * @param cost adds to the gradients of each step
     * @return this trainer
     */
    public Trainer<T> penalty(Penalty cost) {
        penalty = Objects.requireNonNull(cost, "cost");
        return this;
    }

    /**
     * Limits the gradients of each step, those of the penalty included.
     *
     * @param limits for each element, or for the norm of all
     * @return this trainer
     */
    public Trainer<T> clip(Clip limits) {
        clip = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener hears what happens, after those added before
     * @return this trainer
     */
    public Trainer<T> listener(TrainingListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Saves checkpoints: at the end of each epoch, when stopped, and as often as the options say.
     *
     * @param file the file, replaced each time; its folder must exist
     * @return this trainer
     */
    public Trainer<T> checkpoints(Path file) {
        return checkpoints(file, LayerRegistry.builtIn());
    }

    /**
     * Saves checkpoints of a network with layers of one's own.
     *
     * @param file the file, replaced each time; its folder must exist
     * @param layers knows the network's kinds of layers
     * @return this trainer
     */
    public Trainer<T> checkpoints(Path file, LayerRegistry layers) {
        checkpointFile = Objects.requireNonNull(file, "file");
        registry = Objects.requireNonNull(layers, "layers");
        return this;
    }

    /**
     * Goes on from a checkpoint: takes its weights and buffers, its optimizer's state and learning rate, and its position.
     *
     * <p>The examples, the loss, the penalty, the limits of gradients and the optimizer's other settings must be those of the training that
     * saved it; what of this a checkpoint knows is checked. The number of epochs, the rule for stopping early and how
     * often to save may differ.
     *
     * @param checkpoint the checkpoint
     * @return this trainer
     * @throws IllegalArgumentException if seed, batch size, validation share, kind of optimizer or parameters differ;
     *     nothing is changed then
     */
    public Trainer<T> resume(Checkpoint checkpoint) {
        TrainingOptions then = checkpoint.options();
        same("seed", then.seed(), options.seed());
        same("batch size", then.batchSize(), options.batchSize());
        same("validation share", then.validationShare(), options.validationShare());
        same("optimizer", checkpoint.state().optimizer(), optimizerName());
        Map<String, Tensor> saved = checkpoint.model().network().state();
        Map<String, Tensor> own = model.network().state();
        same("parameters", describe(saved), describe(own));
        optimizer.restore(checkpoint.state().optimizerSteps(), checkpoint.optimizerState());
        optimizer.setLearningRate(checkpoint.state().learningRate());
        own.forEach((name, value) -> value.copyFrom(saved.get(name)));
        resumed = checkpoint;
        return this;
    }

    /**
     * Trains, keeping a part of the examples for validation.
     *
     * @param examples the examples
     * @param parallelism the threads
     * @return how it went
     * @throws DivergedException if a number becomes NaN or infinite
     * @throws IllegalArgumentException if the examples are none, not of the model's input shape, or not as many as in
     *     the checkpoint that is resumed, or penalty or limits of gradients are not those of the checkpoint
     * @throws IllegalStateException if this trainer has trained before
     * @throws IOException if a checkpoint can't be saved
     */
    public TrainingResult fit(Dataset<T> examples, Parallelism parallelism) throws IOException {
        Order order = Order.split(examples.size(), options.validationShare(), options.seed());
        return fit(examples, order, examples, order.validation(), parallelism);
    }

    /**
     * Trains with validation examples of one's own; the options' validation share is not used.
     *
     * @param training the examples to learn from
     * @param validation the examples to judge by after each epoch; may be empty
     * @param parallelism the threads
     * @return how it went
     * @throws DivergedException if a number becomes NaN or infinite
     * @throws IllegalArgumentException if the training examples are none, some are not of the model's input shape, or
     *     they are not as many as in the checkpoint that is resumed
     * @throws IllegalStateException if this trainer has trained before
     * @throws IOException if a checkpoint can't be saved
     */
    public TrainingResult fit(Dataset<T> training, Dataset<T> validation, Parallelism parallelism) throws IOException {
        Order order = Order.split(training.size(), 0, options.seed());
        return fit(training, order, validation, Order.ascending(validation.size()), parallelism);
    }

    /** Asks training to stop after the present step. Any thread may call this, such as a handler of signals. */
    public void stop() {
        stopRequested = true;
    }

    boolean stopRequested() {
        return stopRequested;
    }

    String optimizerName() {
        return optimizer.getClass().getSimpleName();
    }

    private TrainingResult fit(
            Dataset<T> training, Order order, Dataset<T> validation, int[] validationOrder, Parallelism parallelism)
            throws IOException {
        if (spent) {
            throw new IllegalStateException("training: a trainer trains once; make another");
        }
        if (order.trainingSize() == 0) {
            throw new IllegalArgumentException("training: there are no training examples; expected at least one");
        }
        same("input shape of the model and of the examples", model.input(), training.inputShape());
        same("input shape of the model and of the validation examples", model.input(), validation.inputShape());
        if (options.earlyStopping().patience() > 0 && validationOrder.length == 0) {
            throw new IllegalArgumentException(
                    "training: patience is " + options.earlyStopping().patience()
                            + ", but there are no validation examples; stopping early needs some");
        }
        TrainingRun<T> run = new TrainingRun<>(this, training, order, validation, validationOrder, parallelism);
        if (resumed != null) {
            same("penalty", resumed.state().penalty(), penalty);
            same("limits of gradients", resumed.state().clip(), clip);
            same("number of training examples", resumed.state().examples(), order.trainingSize());
            run.resume(resumed);
        }
        spent = true;
        return run.run();
    }

    private static void same(String what, Object saved, Object given) {
        if (!saved.equals(given)) {
            throw new IllegalArgumentException(
                    "training: " + what + ": " + saved + " and " + given + "; they must be the same");
        }
    }

    private static String describe(Map<String, Tensor> state) {
        List<String> described = new ArrayList<>();
        state.forEach((name, value) -> described.add(name + " " + value.shape()));
        return described.toString();
    }

    /** Copies the values of a network into tensors that stay. */
    static void copyValues(Map<String, Tensor> state, Map<String, Tensor> to) {
        state.forEach((name, value) ->
                to.computeIfAbsent(name, missing -> Tensor.zeros(value.shape())).copyFrom(value));
    }
}
