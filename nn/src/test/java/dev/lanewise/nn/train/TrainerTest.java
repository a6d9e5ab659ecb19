package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.data.TensorDataset;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.losses.CrossEntropy;
import dev.lanewise.nn.losses.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Clip;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Penalty;
import dev.lanewise.nn.optim.Sgd;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final LabeledImages EXAMPLES = Problem.examples(110);

    @TempDir
    private Path folder;

    private static Trainer<int[]> trainer(Model model, TrainingOptions options) {
        return Trainer.classifier(model, new Adam(model.network().parameters(), 0.01), options);
    }

    private static List<Integer> train(TrainingOptions options, int threads) throws IOException {
        Model model = Problem.model();
        try (Parallelism parallelism = Parallelism.of(threads)) {
            trainer(model, options).fit(EXAMPLES, parallelism);
        }
        return Problem.bits(model);
    }

    @Test
    void learns() throws IOException {
        Model model = Problem.model();
        TrainingResult result = trainer(model, Problem.options().withEpochs(30)).fit(EXAMPLES, Parallelism.serial());
        assertEquals(TrainingResult.Ending.COMPLETED, result.ending());
        assertEquals(30, result.history().size());
        assertEquals(30 * 6, result.steps());
        EpochResult last = result.history().get(29);
        assertTrue(last.trainingLoss() < result.history().get(0).trainingLoss() / 3, last.toString());
        assertTrue(last.validationAccuracy() > 0.9, last.toString());

        Evaluation evaluation =
                Evaluation.of(model.network(), Problem.examples(40), 16, Parallelism.serial(), new Workspace());
        assertTrue(evaluation.accuracy() > 0.9, "accuracy is " + evaluation.accuracy());
    }

    @Test
    void theSeedFixesTheWeightsAndThreadsDoNotChangeThem() throws IOException {
        List<Integer> first = train(Problem.options(), 1);
        assertEquals(first, train(Problem.options(), 1));
        assertEquals(first, train(Problem.options(), 2));
        assertNotEquals(first, train(Problem.options().withSeed(43), 1));
    }

    @Test
    void tellsWhatHappensInOrder() throws IOException {
        Problem.Recorder recorder = new Problem.Recorder();
        trainer(
                        Problem.model(),
                        Problem.options().withEpochs(2).withBatchSize(40).withCheckpointEvery(2))
                .listener(recorder)
                .checkpoints(folder.resolve("c"))
                .fit(EXAMPLES, Parallelism.serial());
        assertEquals(
                List.of(
                        "started 0",
                        "epoch 1 from 0/3",
                        "step 1",
                        "step 2",
                        "saved 2",
                        "step 3",
                        "epochDone 1",
                        "saved 3",
                        "epoch 2 from 0/3",
                        "step 4",
                        "saved 4",
                        "step 5",
                        "step 6",
                        "epochDone 2",
                        "saved 6",
                        "finished COMPLETED"),
                recorder.events);
    }

    @Test
    void anEpochUsesItsLastPartialBatchAndReportsMeansOverExamples() throws IOException {
        Problem.Recorder recorder = new Problem.Recorder();
        trainer(Problem.model(), Problem.options().withEpochs(1).withBatchSize(60))
                .listener(recorder)
                .fit(EXAMPLES, Parallelism.serial());
        StepResult first = recorder.steps.get(0);
        StepResult last = recorder.steps.get(1);
        assertEquals(2, recorder.steps.size());
        assertEquals(2, last.batch());
        assertEquals(2, last.batches());
        // 110 examples less 22 for validation: batches of 60 and 28.
        assertEquals((first.loss() * 60 + last.loss() * 28) / 88, last.epochLoss(), 1e-12);
        assertEquals((first.accuracy() * 60 + last.accuracy() * 28) / 88, last.epochAccuracy(), 1e-12);
        assertEquals(last.epochLoss(), recorder.epochs.get(0).trainingLoss());
        assertEquals(Math.rint(last.accuracy() * 28), last.accuracy() * 28, 1e-9);
    }

    @Test
    void aBatchMayBeLargerThanTheExamples() throws IOException {
        TrainingResult result = trainer(Problem.model(), Problem.options().withBatchSize(Integer.MAX_VALUE))
                .fit(EXAMPLES, Parallelism.serial());
        assertEquals(3, result.steps());
    }

    @Test
    void withoutValidationExamplesTheirResultsAreNaN() throws IOException {
        TrainingResult result = trainer(Problem.model(), Problem.options().withValidationShare(0))
                .fit(EXAMPLES, Parallelism.serial());
        assertTrue(Double.isNaN(result.history().get(0).validationLoss()));
        assertTrue(Double.isNaN(result.history().get(0).validationAccuracy()));
        assertEquals(0, result.bestEpoch());
    }

    @Test
    void stopsEarlyAndRestoresTheBestWeights() throws IOException {
        Model model = Problem.model();
        // A rate that overshoots: validation gets worse after some epoch.
        Optimizer optimizer = new Sgd(model.network().parameters(), 3);
        EarlyStopping rule = EarlyStopping.afterEpochs(4);
        TrainingOptions options = Problem.options().withEpochs(500).withEarlyStopping(rule);
        TrainingResult result = Trainer.classifier(model, optimizer, options).fit(EXAMPLES, Parallelism.serial());

        assertEquals(TrainingResult.Ending.STOPPED_EARLY, result.ending());
        double[] losses = result.history().stream()
                .mapToDouble(EpochResult::validationLoss)
                .toArray();
        int best = result.bestEpoch();
        assertEquals(best + 4, losses.length);
        assertEquals(Arrays.stream(losses).min().orElseThrow(), losses[best - 1]);
        int[] validation = Order.split(EXAMPLES.size(), 0.2, 42).validation();
        double restored = new Evaluator<>(
                        model.network(), new CrossEntropy(), 16, Parallelism.serial(), new Workspace())
                .summarize(EXAMPLES, validation, Metric.labels())
                .loss();
        assertEquals(losses[best - 1], restored);
    }

    @Test
    void stopsAtTheNextStepWhenAsked() throws IOException {
        Problem.Recorder recorder = new Problem.Recorder();
        Trainer<int[]> trainer = trainer(Problem.model(), Problem.options());
        trainer.listener(recorder).checkpoints(folder.resolve("c")).listener(new TrainingListener() {
            @Override
            public void stepDone(StepResult step) {
                if (step.step() == 3) {
                    trainer.stop();
                }
            }
        });
        TrainingResult result = trainer.fit(EXAMPLES, Parallelism.serial());
        assertEquals(TrainingResult.Ending.STOPPED_ON_REQUEST, result.ending());
        assertEquals(3, result.steps());
        assertEquals(
                List.of("step 3", "saved 3", "finished STOPPED_ON_REQUEST"),
                recorder.events.subList(4, recorder.events.size()));
        assertEquals(3, Checkpoint.read(folder.resolve("c")).steps());
    }

    @Test
    void aLossThatIsNoNumberStopsBeforeTheUpdateAndKeepsTheCheckpoint() throws IOException {
        Path file = folder.resolve("c");
        Model model = Problem.model();
        Problem.Recorder recorder = new Problem.Recorder();
        Optimizer optimizer = new Sgd(model.network().parameters(), 0.01);
        TrainingListener poison = new TrainingListener() {
            @Override
            public void stepDone(StepResult step) {
                if (step.step() == 8) {
                    model.network().parameters().get(3).value().set(Float.NaN, 1);
                }
            }
        };
        Trainer<int[]> trainer = Trainer.classifier(model, optimizer, Problem.options())
                .checkpoints(file)
                .listener(recorder)
                .listener(poison);
        DivergedException failure =
                assertThrows(DivergedException.class, () -> trainer.fit(EXAMPLES, Parallelism.serial()));
        assertEquals(
                "training: the loss is NaN at step 9 (epoch 2, batch 3); expected a finite number, try a lower learning"
                        + " rate; the last good checkpoint is " + file,
                failure.getMessage());
        assertEquals(9, failure.step());
        assertEquals(8, optimizer.steps(), "the update must not be applied");
        assertEquals("diverged 9", recorder.events.get(recorder.events.size() - 1));
        assertEquals(6, Checkpoint.read(file).steps());
    }

    @Test
    void weightsThatAreNoNumbersAreNotSaved() throws IOException {
        Path file = folder.resolve("c");
        Model model = Problem.model();
        Optimizer optimizer = new Sgd(model.network().parameters(), 0.01);
        Trainer<int[]> trainer = Trainer.classifier(
                        model, optimizer, Problem.options().withCheckpointEvery(2))
                .checkpoints(file)
                .listener(new TrainingListener() {
                    @Override
                    public void stepDone(StepResult step) {
                        if (step.step() == 4) {
                            model.network().parameters().get(0).value().set(Float.POSITIVE_INFINITY, 0, 0);
                        }
                    }
                });
        String message = assertThrows(DivergedException.class, () -> trainer.fit(EXAMPLES, Parallelism.serial()))
                .getMessage();
        assertTrue(message.contains("weight 1.weight is Infinity at step 4 (epoch 1, batch 4)"), message);
        assertEquals(2, Checkpoint.read(file).steps());
    }

    @Test
    void aRateThatIsTooHighDiverges() {
        Model model = Problem.model();
        Optimizer optimizer = new Sgd(model.network().parameters(), 1e30);
        Trainer<int[]> trainer = Trainer.classifier(model, optimizer, Problem.options());
        String message = assertThrows(DivergedException.class, () -> trainer.fit(EXAMPLES, Parallelism.serial()))
                .getMessage();
        assertTrue(message.endsWith("try a lower learning rate"), message);
    }

    @Test
    void regressionHasALossButNoAccuracy() throws IOException {
        Random random = new Random(3);
        Tensor inputs = Tensor.zeros(64, 3);
        Tensor targets = Tensor.zeros(64, 1);
        for (int i = 0; i < 64; i++) {
            for (int j = 0; j < 3; j++) {
                float value = random.nextFloat() - 0.5f;
                inputs.set(value, i, j);
                targets.set(targets.get(i, 0) + (j + 1) * value, i, 0);
            }
        }
        Model model = Model.of(
                Sequential.of(new Linear(3, 1, Activation.IDENTITY)), Shape.of(3), List.of(), Normalization.NONE);
        TrainingResult result = new Trainer<>(
                        model,
                        new MeanSquaredError(),
                        Metric.none(),
                        new Sgd(model.network().parameters(), 0.5),
                        TrainingOptions.DEFAULT.withEpochs(60).withBatchSize(10))
                .fit(new TensorDataset(inputs, targets), Parallelism.serial());
        EpochResult last = result.history().get(59);
        assertTrue(last.validationLoss() < 1e-4, last.toString());
        assertTrue(Double.isNaN(last.trainingAccuracy()));
        assertEquals(2, model.network().parameters().get(0).value().get(1, 0), 0.02);
    }

    @Test
    void aPenaltyMakesWeightsSmall() throws IOException {
        Model free = Problem.model();
        Model bound = Problem.model();
        trainer(free, Problem.options()).fit(EXAMPLES, Parallelism.serial());
        trainer(bound, Problem.options()).penalty(new Penalty(0, 1)).fit(EXAMPLES, Parallelism.serial());
        assertTrue(squares(bound) < squares(free) / 2);
    }

    @Test
    void aLimitKeepsStepsShort() throws IOException {
        TrainingOptions options = Problem.options().withEpochs(1);
        double[] ways = new double[2];
        long steps = 0;
        for (int limited = 0; limited < 2; limited++) {
            Model model = Problem.model();
            Optimizer sgd = new Sgd(model.network().parameters(), 0.5);
            Trainer<int[]> trainer = Trainer.classifier(model, sgd, options);
            if (limited == 1) {
                trainer.clip(Clip.norm(0.01));
            }
            steps = trainer.fit(EXAMPLES, Parallelism.serial()).steps();
            ways[limited] = distance(model, Problem.model());
        }
        assertTrue(ways[1] <= steps * 0.5 * 0.01 * 1.0001, ways[1] + " after " + steps);
        assertTrue(ways[0] > 2 * ways[1], ways[0] + " and " + ways[1]);
    }

    private static double distance(Model a, Model b) {
        double squares = 0;
        for (int i = 0; i < a.network().parameters().size(); i++) {
            float[] x = a.network().parameters().get(i).value().toArray();
            float[] y = b.network().parameters().get(i).value().toArray();
            for (int j = 0; j < x.length; j++) {
                squares += ((double) x[j] - y[j]) * (x[j] - y[j]);
            }
        }
        return Math.sqrt(squares);
    }

    @Test
    void refusesWhatCannotBe() {
        TrainingOptions good = Problem.options();
        assertMessage("training: batch size is 0; it must be at least 1", () -> good.withBatchSize(0));
        assertMessage("training: epochs is 0; it must be at least 1", () -> good.withEpochs(0));
        assertMessage(
                "training: validation share is 1.0; it must be at least 0 and below 1",
                () -> good.withValidationShare(1));
        assertMessage(
                "training: validation share is NaN; it must be at least 0 and below 1",
                () -> good.withValidationShare(Double.NaN));
        assertMessage(
                "training: steps between checkpoints is -1; it must be at least 0", () -> good.withCheckpointEvery(-1));
        assertMessage("early stopping: patience is -1; it must be at least 0", () -> EarlyStopping.afterEpochs(-1));
        Model other = Model.of(Sequential.of(new Flatten()), Shape.of(4, 3, 1), List.of(), Normalization.NONE);
        assertMessage(
                "training: input shape of the model and of the examples: 4x3x1 and 3x4x1; they must be the same",
                () -> trainer(other, good).fit(EXAMPLES, Parallelism.serial()));
        assertMessage(
                "training: there are no training examples; expected at least one",
                () -> trainer(Problem.model(), good).fit(Problem.examples(0), Parallelism.serial()));
        assertMessage(
                "training: patience is 2, but there are no validation examples; stopping early needs some",
                () -> trainer(
                                Problem.model(),
                                good.withValidationShare(0).withEarlyStopping(EarlyStopping.afterEpochs(2)))
                        .fit(EXAMPLES, Parallelism.serial()));
    }

    @Test
    void aTrainerTrainsOnce() throws IOException {
        Trainer<int[]> trainer = trainer(Problem.model(), Problem.options());
        trainer.fit(EXAMPLES, Parallelism.serial());
        assertThrows(IllegalStateException.class, () -> trainer.fit(EXAMPLES, Parallelism.serial()));
    }

    @Test
    void aCheckpointThatCannotBeSavedIsAnError() throws IOException {
        Trainer<int[]> trainer = trainer(Problem.model(), Problem.options())
                .checkpoints(folder.resolve("none").resolve("c"));
        String message = assertThrows(IOException.class, () -> trainer.fit(EXAMPLES, Parallelism.serial()))
                .getMessage();
        assertTrue(message.contains("is no folder"), message);
        assertEquals(0, Files.list(folder).count());
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void assertMessage(String message, Action action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    private static double squares(Model model) {
        double sum = 0;
        for (float value : model.network().parameters().get(0).value().toArray()) {
            sum += value * value;
        }
        return sum;
    }
}
