package dev.lanewise.nn.train;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.train.TrainingResult.Ending;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One training, from its first or resumed step to its end. */
final class TrainingRun<T> {
    private final Trainer<T> trainer;
    private final TrainingOptions options;
    private final Sequential network;
    private final Dataset<T> training;
    private final Order order;
    private final Dataset<T> validation;
    private final int[] validationOrder;
    private final Parallelism parallelism;
    private final Workspace workspace = new Workspace();
    private final Batches<T> batches;
    private final int batchCount;
    private final Map<String, Tensor> best = new LinkedHashMap<>();
    private final long began = System.nanoTime();
    private Position position = new Position();
    /** The last checkpoint, null if there is none yet. */
    private Path kept;
    /** Whether something has changed since it was saved. */
    private boolean changed = true;

    private long epochBegan;
    private long stepNanos;
    private long stepExamples;

    TrainingRun(
            Trainer<T> trainer,
            Dataset<T> training,
            Order order,
            Dataset<T> validation,
            int[] validationOrder,
            Parallelism parallelism) {
        this.trainer = trainer;
        this.options = trainer.options;
        this.network = trainer.model.network();
        this.training = training;
        this.order = order;
        this.validation = validation;
        this.validationOrder = validationOrder;
        this.parallelism = parallelism;
        this.batches = new Batches<>(training, options.batchSize());
        this.batchCount = (order.trainingSize() - 1) / options.batchSize() + 1;
    }

    /** Goes on from a checkpoint. */
    void resume(Checkpoint checkpoint) {
        Position from = checkpoint.state().position();
        if (from.batch > batchCount) {
            throw new IllegalArgumentException("training: the checkpoint is at batch " + from.batch
                    + "; an epoch has only " + batchCount + " batches");
        }
        position = from.copy();
        checkpoint.best().forEach((name, value) -> {
            Tensor copy = Tensor.zeros(value.shape());
            copy.copyFrom(value);
            best.put(name, copy);
        });
        kept = checkpoint.file();
    }

    TrainingResult run() throws IOException {
        tell(listener -> listener.started(new TrainingListener.Start(
                options.epochs(), batchCount, order.trainingSize(), validationOrder.length, position.step)));
        while (position.epoch < options.epochs() && !position.stopsEarly(options.earlyStopping())) {
            if (!epoch()) {
                save();
                return finish(Ending.STOPPED_ON_REQUEST);
            }
        }
        if (options.earlyStopping().restoreBest()) {
            network.state().forEach((name, value) -> restore(value, best.get(name)));
        }
        return finish(position.epoch < options.epochs() ? Ending.STOPPED_EARLY : Ending.COMPLETED);
    }

    private static void restore(Tensor value, Tensor better) {
        if (better != null) {
            value.copyFrom(better);
        }
    }

    private TrainingResult finish(Ending ending) {
        TrainingResult result =
                new TrainingResult(ending, position.step, position.history, position.bestEpoch, secondsSince(began));
        tell(listener -> listener.finished(result));
        return result;
    }

    /** Does an epoch, or what is left of it. Returns false if it was stopped on the way. */
    private boolean epoch() throws IOException {
        epochBegan = System.nanoTime();
        stepNanos = 0;
        stepExamples = 0;
        int[] examples = order.ofEpoch(options.seed(), position.epoch);
        tell(listener -> listener.epochStarted(position.epoch + 1, position.batch, batchCount));
        while (position.batch < batchCount) {
            if (trainer.stopRequested()) {
                return false;
            }
            step(examples);
            int every = options.checkpointEvery();
            // After the last batch comes the checkpoint of the epoch.
            if (every > 0 && position.step % every == 0 && position.batch < batchCount) {
                save();
            }
        }
        endEpoch();
        save();
        return true;
    }

    private void step(int[] examples) throws IOException {
        final long stepBegan = System.nanoTime();
        int from = position.batch * options.batchSize();
        int count = Math.min(options.batchSize(), examples.length - from);
        workspace.reset();
        Tensor inputs = workspace.tensor(training.inputShape().prepend(count));
        T targets = batches.fill(examples, from, inputs);
        Pass pass = Pass.training(options.seed(), position.step, parallelism, workspace);
        Forward forward = network.forward(inputs, pass);
        Tensor gradient = workspace.tensor(forward.output().shape());
        float loss = trainer.loss.evaluate(forward.output(), targets, gradient, pass);
        final int right = trainer.metric.correct(forward.output(), targets);
        requireFinite("the loss", loss, position.batch + 1);
        trainer.optimizer.zeroGradients();
        forward.backward().apply(gradient, false);
        float penalty = trainer.penalty.apply(network.parameters(), parallelism, workspace);
        requireFinite("the penalty", penalty, position.batch + 1);
        requireFinite(
                "the gradients' norm",
                trainer.clip.apply(network.parameters(), parallelism, workspace),
                position.batch + 1);
        trainer.optimizer.step(parallelism);
        position.add(count, loss, right);
        changed = true;
        stepNanos += System.nanoTime() - stepBegan;
        stepExamples += count;
        tellStep(count, loss, right);
    }

    private void tellStep(int count, float loss, int right) {
        StepResult result = new StepResult(
                position.epoch + 1,
                position.batch,
                batchCount,
                position.step,
                loss,
                right < 0 ? Double.NaN : (double) right / count,
                position.loss(),
                position.accuracy(),
                stepExamples * 1e9 / Math.max(1, stepNanos));
        tell(listener -> listener.stepDone(result));
    }

    private void endEpoch() throws IOException {
        Evaluator<T> evaluator = new Evaluator<>(network, trainer.loss, options.batchSize(), parallelism, workspace);
        Evaluator.Summary summary = evaluator.summarize(validation, validationOrder, trainer.metric);
        if (validationOrder.length > 0) {
            requireFinite("the validation loss", summary.loss(), position.batch);
        }
        EpochResult result = new EpochResult(
                position.epoch + 1,
                position.loss(),
                position.accuracy(),
                summary.loss(),
                summary.accuracy(),
                secondsSince(epochBegan));
        boolean better = position.endEpoch(result, options.earlyStopping());
        if (better && options.earlyStopping().restoreBest()) {
            Trainer.copyValues(network.state(), best);
        }
        changed = true;
        tell(listener -> listener.epochDone(result));
    }

    /** Saves a checkpoint, if there is a place for it and there is news, and only if every weight and buffer is a number. */
    private void save() throws IOException {
        if (trainer.checkpointFile == null || !changed) {
            return;
        }
        network.state().forEach(this::requireFinite);
        TrainingState state = new TrainingState(
                options,
                trainer.optimizerName(),
                trainer.optimizer.steps(),
                trainer.optimizer.learningRate(),
                trainer.penalty,
                trainer.clip,
                order.trainingSize(),
                position);
        new Checkpoint(trainer.checkpointFile, trainer.model, state, trainer.optimizer.state(), best)
                .write(trainer.registry);
        kept = trainer.checkpointFile;
        changed = false;
        tell(listener -> listener.checkpointSaved(trainer.checkpointFile, position.step));
    }

    private void requireFinite(String name, Tensor value) {
        for (int i = value.offset(); i < value.offset() + value.size(); i++) {
            if (!Float.isFinite(value.array()[i])) {
                requireFinite("weight " + name, value.array()[i], position.batch);
            }
        }
    }

    private void requireFinite(String what, double value, int batch) {
        if (!Double.isFinite(value)) {
            DivergedException failure = new DivergedException(
                    what + " is " + value,
                    position.step + (batch > position.batch ? 1 : 0),
                    position.epoch + 1,
                    batch,
                    kept);
            tell(listener -> listener.diverged(failure));
            throw failure;
        }
    }

    private void tell(Consumer<TrainingListener> event) {
        List<TrainingListener> listeners = trainer.listeners;
        for (int i = 0; i < listeners.size(); i++) {
            event.accept(listeners.get(i));
        }
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
