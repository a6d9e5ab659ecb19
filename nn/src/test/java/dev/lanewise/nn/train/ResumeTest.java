package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.io.FileException;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.io.ModelFile;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layers.BatchNorm1d;
import dev.lanewise.nn.optim.Adadelta;
import dev.lanewise.nn.optim.Adagrad;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.AdamW;
import dev.lanewise.nn.optim.AmsGrad;
import dev.lanewise.nn.optim.Clip;
import dev.lanewise.nn.optim.Lion;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Penalty;
import dev.lanewise.nn.optim.RmsProp;
import dev.lanewise.nn.optim.Sgd;
import dev.lanewise.runtime.Parallelism;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training that is stopped and resumed ends with the bits of one that was not. */
class ResumeTest {
    private static final LabeledImages EXAMPLES = Problem.examples(110);

    /** Steps of an epoch: 110 examples less 22 for validation, in batches of 16. */
    private static final int STEPS = 6;

    @TempDir
    private Path folder;

    private Path file;

    enum Kind {
        SGD(parameters -> new Sgd(parameters, 0.05)),
        MOMENTUM(parameters -> new Sgd(parameters, 0.05, 0.9, false)),
        RMS_PROP(parameters -> new RmsProp(parameters, 0.01)),
        ADAGRAD(parameters -> new Adagrad(parameters, 0.05)),
        ADADELTA(parameters -> new Adadelta(parameters, 1)),
        ADAM(parameters -> new Adam(parameters, 0.01)),
        ADAM_W(parameters -> new AdamW(parameters, 0.01)),
        AMS_GRAD(parameters -> new AmsGrad(parameters, 0.01)),
        LION(parameters -> new Lion(parameters, 0.001));

        private final Function<List<Parameter>, Optimizer> maker;

        Kind(Function<List<Parameter>, Optimizer> maker) {
            this.maker = maker;
        }
    }

    @BeforeEach
    void before() {
        file = folder.resolve("checkpoint.safetensors");
    }

    private static Trainer<int[]> trainer(Model model, Kind kind, TrainingOptions options) {
        Optimizer optimizer = kind.maker.apply(model.network().parameters());
        return Trainer.classifier(model, optimizer, options)
                .penalty(new Penalty(1e-4, 1e-3))
                .clip(new Clip(0.25, 0.5));
    }

    /** Trains until a step, then stops; the checkpoint is in the file. */
    private TrainingResult stopAfter(long step, Kind kind, TrainingOptions options, Checkpoint from)
            throws IOException {
        Trainer<int[]> trainer = trainer(Problem.model(), kind, options).checkpoints(file);
        if (from != null) {
            trainer.resume(from);
        }
        return trainer.listener(new TrainingListener() {
                    @Override
                    public void stepDone(StepResult result) {
                        if (result.step() == step) {
                            trainer.stop();
                        }
                    }
                })
                .fit(EXAMPLES, Parallelism.serial());
    }

    @ParameterizedTest
    @EnumSource
    void everyPlaceToStopGivesTheSameBits(Kind kind) throws IOException {
        TrainingOptions options = Problem.options()
                .withEpochs(2)
                .withEarlyStopping(new EarlyStopping(0, EarlyStopping.Quantity.VALIDATION_LOSS, true));
        Model whole = Problem.model();
        TrainingResult expected = trainer(whole, kind, options).fit(EXAMPLES, Parallelism.serial());
        for (long step = 1; step < 2 * STEPS; step++) {
            assertEquals(step, stopAfter(step, kind, options, null).steps());
            Checkpoint checkpoint = Checkpoint.read(file);
            Model model = checkpoint.model();
            TrainingResult result = trainer(model, kind, checkpoint.options())
                    .resume(checkpoint)
                    .fit(EXAMPLES, Parallelism.serial());
            assertEquals(Problem.bits(whole), Problem.bits(model), "stopped after step " + step);
            assertSameHistory(expected, result);
        }
    }

    @Test
    void runningStatisticsGoOnToo() throws IOException {
        TrainingOptions options = Problem.options()
                .withEpochs(2)
                .withEarlyStopping(new EarlyStopping(0, EarlyStopping.Quantity.VALIDATION_LOSS, true));
        Model whole = Problem.model(new BatchNorm1d(17, Activation.IDENTITY));
        trainer(whole, Kind.ADAM, options).fit(EXAMPLES, Parallelism.serial());
        Model part = Problem.model(new BatchNorm1d(17, Activation.IDENTITY));
        Trainer<int[]> first = trainer(part, Kind.ADAM, options).checkpoints(file);
        first.listener(new TrainingListener() {
                    @Override
                    public void stepDone(StepResult result) {
                        if (result.step() == STEPS + 2) {
                            first.stop();
                        }
                    }
                })
                .fit(EXAMPLES, Parallelism.serial());
        Checkpoint checkpoint = Checkpoint.read(file);
        Model model = Problem.model(new BatchNorm1d(17, Activation.IDENTITY));
        trainer(model, Kind.ADAM, options).resume(checkpoint).fit(EXAMPLES, Parallelism.serial());
        assertEquals(Problem.bits(whole), Problem.bits(model));
        // The control: running statistics that begin anew.
        Model anew = Problem.model(new BatchNorm1d(17, Activation.IDENTITY));
        Trainer<int[]> second = trainer(anew, Kind.ADAM, options).resume(checkpoint);
        anew.network().buffers().forEach(buffer -> buffer.value().fill(0));
        second.fit(EXAMPLES, Parallelism.serial());
        assertNotEquals(Problem.bits(whole), Problem.bits(anew));
    }

    @Test
    void aTrainingMayBeStoppedManyTimes() throws IOException {
        Model whole = Problem.model();
        TrainingResult expected = trainer(whole, Kind.ADAM, Problem.options()).fit(EXAMPLES, Parallelism.serial());
        stopAfter(2, Kind.ADAM, Problem.options(), null);
        for (long step = 5; step < 3 * STEPS; step += 3) {
            stopAfter(step, Kind.ADAM, Problem.options(), Checkpoint.read(file));
        }
        Model model = Problem.model();
        TrainingResult result = trainer(model, Kind.ADAM, Problem.options())
                .resume(Checkpoint.read(file))
                .fit(EXAMPLES, Parallelism.serial());
        assertEquals(Problem.bits(whole), Problem.bits(model));
        assertSameHistory(expected, result);
    }

    @Test
    void theEventsOfAResumedTrainingGoOnWhereItStopped() throws IOException {
        stopAfter(STEPS + 4, Kind.SGD, Problem.options().withEpochs(2), null);
        Problem.Recorder recorder = new Problem.Recorder();
        trainer(Problem.model(), Kind.SGD, Problem.options().withEpochs(2))
                .listener(recorder)
                .resume(Checkpoint.read(file))
                .fit(EXAMPLES, Parallelism.serial());
        assertEquals(
                List.of("started 10", "epoch 2 from 4/6", "step 11", "step 12", "epochDone 2", "finished COMPLETED"),
                recorder.events);
    }

    @Test
    void aFinishedTrainingGoesOnWithMoreEpochs() throws IOException {
        Model whole = Problem.model();
        trainer(whole, Kind.ADAM, Problem.options()).fit(EXAMPLES, Parallelism.serial());
        trainer(Problem.model(), Kind.ADAM, Problem.options().withEpochs(1))
                .checkpoints(file)
                .fit(EXAMPLES, Parallelism.serial());
        Model model = Problem.model();
        trainer(model, Kind.ADAM, Problem.options())
                .resume(Checkpoint.read(file))
                .fit(EXAMPLES, Parallelism.serial());
        assertEquals(Problem.bits(whole), Problem.bits(model));
    }

    @Test
    void stoppingEarlyIsRememberedAcrossAResumption() throws IOException {
        EarlyStopping rule = new EarlyStopping(3, EarlyStopping.Quantity.VALIDATION_ACCURACY, true);
        TrainingOptions options = Problem.options().withEpochs(200).withEarlyStopping(rule);
        Model whole = Problem.model();
        TrainingResult expected = trainer(whole, Kind.ADAM, options).fit(EXAMPLES, Parallelism.serial());
        assertEquals(TrainingResult.Ending.STOPPED_EARLY, expected.ending());
        stopAfter(expected.steps() - STEPS - 2, Kind.ADAM, options, null);
        Model model = Problem.model();
        TrainingResult result =
                trainer(model, Kind.ADAM, options).resume(Checkpoint.read(file)).fit(EXAMPLES, Parallelism.serial());
        assertEquals(expected.steps(), result.steps());
        assertEquals(Problem.bits(whole), Problem.bits(model));
        assertSameHistory(expected, result);
    }

    @Test
    void aCheckpointIsAModelToo() throws IOException {
        stopAfter(4, Kind.ADAM, Problem.options(), null);
        Checkpoint checkpoint = Checkpoint.read(file);
        assertEquals(Problem.bits(checkpoint.model()), Problem.bits(ModelFile.load(file)));
        assertEquals(4, checkpoint.steps());
        assertEquals(0, checkpoint.epochs());
        assertEquals(Problem.options(), checkpoint.options());
        assertTrue(checkpoint.history().isEmpty());
    }

    @Test
    void readingTwiceOrResumingTwiceIsTheSame() throws IOException {
        stopAfter(4, Kind.ADAM, Problem.options(), null);
        Checkpoint checkpoint = Checkpoint.read(file);
        Model first = Problem.model();
        Model second = Problem.model();
        trainer(first, Kind.ADAM, Problem.options()).resume(checkpoint).fit(EXAMPLES, Parallelism.serial());
        assertEquals(4, checkpoint.steps());
        trainer(second, Kind.ADAM, Problem.options()).resume(checkpoint).fit(EXAMPLES, Parallelism.serial());
        assertEquals(Problem.bits(first), Problem.bits(second));
    }

    @Test
    void whatDoesNotBelongToTheCheckpointIsRefused() throws IOException {
        stopAfter(4, Kind.ADAM, Problem.options(), null);
        Checkpoint checkpoint = Checkpoint.read(file);
        TrainingOptions options = Problem.options();
        assertRefused("seed: 42 and 1;", Kind.ADAM, options.withSeed(1), checkpoint);
        assertRefused("batch size: 16 and 8;", Kind.ADAM, options.withBatchSize(8), checkpoint);
        assertRefused("validation share: 0.2 and 0.1;", Kind.ADAM, options.withValidationShare(0.1), checkpoint);
        assertRefused("optimizer: Adam and Sgd;", Kind.SGD, options, checkpoint);
        Trainer<int[]> trainer = trainer(Problem.model(), Kind.ADAM, options).resume(checkpoint);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> trainer.fit(Problem.examples(111), Parallelism.serial()))
                .getMessage();
        assertEquals("training: number of training examples: 88 and 89; they must be the same", message);
        Trainer<int[]> free = trainer(Problem.model(), Kind.ADAM, options)
                .penalty(Penalty.NONE)
                .resume(checkpoint);
        assertThrows(IllegalArgumentException.class, () -> free.fit(EXAMPLES, Parallelism.serial()));
        Trainer<int[]> wide =
                trainer(Problem.model(), Kind.ADAM, options).clip(Clip.norm(2)).resume(checkpoint);
        assertEquals(
                "training: limits of gradients: Clip[value=0.25, norm=0.5] and Clip[value=0.0, norm=2.0]; they must be "
                        + "the same",
                assertThrows(IllegalArgumentException.class, () -> wide.fit(EXAMPLES, Parallelism.serial()))
                        .getMessage());
    }

    @Test
    void aModelIsNoCheckpointAndADamagedOneIsAnError() throws IOException {
        ModelFile.save(file, Problem.model());
        assertEquals(
                file + ": is a model but no checkpoint; expected lanewise.training in its metadata",
                assertThrows(FileException.class, () -> Checkpoint.read(file)).getMessage());
        stopAfter(4, Kind.ADAM, Problem.options(), null);
        Safetensors good = Safetensors.read(file);
        for (String part : List.of("\"version\":1", "\"step\":4", "\"seed\":\"42\"", "\"batch\":4", "{")) {
            Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
            String json = metadata.get(TrainingState.NAME);
            assertTrue(json.contains(part), json);
            metadata.put(TrainingState.NAME, json.replace(part, part.replaceAll("[\\d{]+", "\"x\"")));
            new Safetensors(metadata, good.tensors()).write(file);
            String message = assertThrows(FileException.class, () -> Checkpoint.read(file))
                    .getMessage();
            assertTrue(message.startsWith(file + ": is no checkpoint that can be read: "), message);
        }
    }

    private static void assertRefused(String message, Kind kind, TrainingOptions options, Checkpoint checkpoint) {
        Model model = Problem.model();
        List<Integer> before = Problem.bits(model);
        Trainer<int[]> trainer = trainer(model, kind, options);
        String actual = assertThrows(IllegalArgumentException.class, () -> trainer.resume(checkpoint))
                .getMessage();
        assertTrue(actual.contains(message), actual);
        assertEquals(before, Problem.bits(model), "nothing may have changed");
    }

    /** All but the seconds. */
    private static void assertSameHistory(TrainingResult expected, TrainingResult actual) {
        assertEquals(expected.history().size(), actual.history().size());
        assertEquals(expected.bestEpoch(), actual.bestEpoch());
        assertEquals(expected.ending(), actual.ending());
        for (int i = 0; i < actual.history().size(); i++) {
            assertEquals(
                    timeless(expected.history().get(i)),
                    timeless(actual.history().get(i)));
        }
    }

    private static EpochResult timeless(EpochResult result) {
        return new EpochResult(
                result.epoch(),
                result.trainingLoss(),
                result.trainingAccuracy(),
                result.validationLoss(),
                result.validationAccuracy(),
                0);
    }
}
