package dev.lanewise.bench.cli;

import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.io.ModelFile;
import dev.lanewise.nn.train.Checkpoint;
import dev.lanewise.nn.train.Evaluation;
import dev.lanewise.nn.train.TrainingResult;
import dev.lanewise.nn.train.TrainingResult.Ending;
import dev.lanewise.runtime.Explain;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanewise train}: trains a network on Fashion-MNIST and shows how well it does. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Trains a network to recognise clothes on the photographs of Fashion-MNIST.",
        footer = {
            "",
            "Ctrl-C stops between two steps and saves a checkpoint; --resume goes on from it to the same weights as if "
                    + "training had never stopped. A checkpoint is also saved after each epoch."
        })
final class TrainCommand implements Callable<Integer> {
    private static final int TEST_BATCH = 250;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainOptions options;

    @Mixin
    private DataOptions dataOptions;

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Checkpoint checkpoint = options.resume == null ? null : Checkpoint.read(checkpointFile());
        Map<String, String> notes =
                checkpoint == null ? Map.of() : checkpoint.model().notes();
        FashionMnist data = dataOptions.read(console, notes.get(TrainingData.SOURCE_NOTE));
        TrainingData.checkEnough(data);
        TrainingData.checkSame(data, notes);
        Settings settings = checkpoint == null
                ? Settings.fresh(options, data.training().size())
                : Settings.resumed(options, notes, options.resume.toString());
        if (checkpoint != null && settings.epochs() < checkpoint.epochs()) {
            throw new Problem("--epochs " + settings.epochs() + ": expected at least " + checkpoint.epochs()
                    + ", which the training that --resume goes on with has behind it");
        }
        Training training = Training.create(settings, data, checkpoint);
        OutputFolder output = OutputFolder.open(outputFolder(), training.bytesToWrite());
        int threads = options.threads == null ? Runtime.getRuntime().availableProcessors() : options.threads;
        introduce(settings, training.model(), data, output, threads);
        try (Parallelism parallelism = Parallelism.of(threads)) {
            return run(training, data, output, parallelism);
        }
    }

    private Path checkpointFile() {
        return OutputFolder.checkpointAt(options.resume);
    }

    /** What goes on is kept where it began. */
    private Path outputFolder() {
        if (options.output != null || options.resume == null) {
            return options.output;
        }
        Path folder = checkpointFile().getParent();
        return folder == null ? Path.of(".") : folder;
    }

    private void introduce(Settings settings, Model model, FashionMnist data, OutputFolder output, int threads) {
        LabeledImages training = data.training();
        int heldBack = Math.round(training.size() * settings.validation());
        say(
                "data",
                "Fashion-MNIST, " + data.source() + ": " + Texts.count(training.size()) + " training and "
                        + Texts.count(data.test().size()) + " test images");
        int parameters = model.network().parameters().stream()
                .mapToInt(parameter -> parameter.value().size())
                .sum();
        say("network", settings.network() + ", " + Texts.count(parameters) + " parameters");
        say("training", settings.describe() + "; " + Texts.count(heldBack) + " images held back to validate with");
        say(
                "running",
                threads + (threads == 1 ? " thread, " : " threads, ") + Lanes.LENGTH * Float.SIZE
                        + "-bit vectors; Ctrl-C stops and saves");
        say("output", output.folder().toString());
        console.out().println();
        Explain.process(threads)
                .warnings()
                .forEach(finding -> console.warn(finding.name() + " " + finding.value() + ": " + finding.warning()));
    }

    private int run(Training training, FashionMnist data, OutputFolder output, Parallelism parallelism)
            throws IOException {
        final long began = System.nanoTime();
        TrainingResult result;
        try (Interruption interruption = new Interruption(training.trainer()::stop)) {
            try {
                result = fitAndSave(training, data, output, parallelism);
            } catch (IOException | RuntimeException e) {
                if (!interruption.isRequested()) {
                    throw e;
                }
                // A JVM that is ending waits for this block and no longer.
                return new ErrorLines(console).report(e, spec.qualifiedName());
            }
            if (interruption.isRequested()) {
                interrupted(result, output);
                return ExitCode.INTERRUPTED;
            }
        }
        judge(training, data.test(), result, output, parallelism);
        say("took", Texts.duration((System.nanoTime() - began) / 1e9));
        console.out().println();
        console.out()
                .println("To classify photographs of your own:  ./lanewise predict " + output.model() + " IMAGE...");
        return ExitCode.SUCCESS;
    }

    private TrainingResult fitAndSave(
            Training training, FashionMnist data, OutputFolder output, Parallelism parallelism) throws IOException {
        TrainingResult result = fit(training, data, output, parallelism);
        if (result.ending() != Ending.STOPPED_ON_REQUEST) {
            ModelFile.save(output.model(), training.model());
        }
        return result;
    }

    private TrainingResult fit(Training training, FashionMnist data, OutputFolder output, Parallelism parallelism)
            throws IOException {
        try (ProgressDisplay display = ProgressDisplay.on(console)) {
            return training.trainer()
                    .listener(training.listener(display))
                    .checkpoints(output.checkpoint())
                    .fit(data.training(), parallelism);
        }
    }

    private void interrupted(TrainingResult result, OutputFolder output) {
        console.out().println();
        if (result.ending() == Ending.STOPPED_ON_REQUEST) {
            String steps = Texts.count(result.steps());
            console.out().println("stopped after step " + steps + ", checkpoint saved: " + output.checkpoint());
            console.out().println("To go on:  ./lanewise train --resume " + output.checkpoint());
        } else {
            console.out().println("stopped after the last step, model saved: " + output.model());
        }
        console.out().flush();
    }

    private void judge(
            Training training, LabeledImages test, TrainingResult result, OutputFolder output, Parallelism parallelism)
            throws IOException {
        LabeledImages inputs = test.normalized(training.model().normalization());
        Evaluation evaluation =
                Evaluation.of(training.model().network(), inputs, TEST_BATCH, parallelism, new Workspace());
        TestReport report = new TestReport(console, training.settings().network(), test, evaluation);
        report.print(result);
        say("model", output.model().toString());
        report.draw(result.history(), output);
    }

    private void say(String name, String value) {
        console.out().println(console.terminal().bold(Texts.left(name, TestReport.NAME_WIDTH)) + value);
    }
}
