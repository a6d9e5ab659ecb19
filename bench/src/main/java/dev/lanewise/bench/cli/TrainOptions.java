package dev.lanewise.bench.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that fix what is trained and how. What isn't given is null: its default may depend on other options. */
final class TrainOptions {
    @Option(
            names = {"-n", "--network"},
            paramLabel = "NAME",
            converter = Values.Network.class,
            description = "mlp, lenet or vgg (default: lenet)")
    String network;

    @Option(
            names = {"-e", "--epochs"},
            paramLabel = "N",
            converter = Values.Epochs.class,
            description = "how often to go through the training images (default: 12 for the embedded subset, else 5)")
    Integer epochs;

    @Option(
            names = {"-b", "--batch-size"},
            paramLabel = "N",
            converter = Values.BatchSize.class,
            description = "images in a step (default: 64)")
    Integer batchSize;

    @Option(
            names = {"-l", "--learning-rate"},
            paramLabel = "X",
            converter = Values.LearningRate.class,
            description = "length of a step (default: 0.001; with sgd and nesterov 0.05, adagrad 0.01, adadelta 1, "
                    + "lion 0.0001)")
    Float learningRate;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            converter = Values.Optimizer.class,
            description = "sgd, nesterov, rmsprop, adagrad, adadelta, adam, adamw, amsgrad or lion (default: adam)")
    String optimizer;

    @Option(
            names = "--momentum",
            paramLabel = "X",
            converter = Values.Momentum.class,
            description = "momentum of sgd and nesterov (default: 0.9)")
    Float momentum;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            converter = Values.Penalty.class,
            description = "how fast weights shrink with adamw and lion (default: 0.01; with lion 0)")
    Float weightDecay;

    @Option(
            names = "--l1",
            paramLabel = "X",
            converter = Values.Penalty.class,
            description = "weight of the L1 penalty (default: 0)")
    Float l1;

    @Option(
            names = "--l2",
            paramLabel = "X",
            converter = Values.Penalty.class,
            description = "weight of the L2 penalty (default: 0)")
    Float l2;

    @Option(
            names = "--clip-value",
            paramLabel = "X",
            converter = Values.Penalty.class,
            description = "largest magnitude of a gradient's element; 0 for any (default: 0)")
    Float clipValue;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            converter = Values.Penalty.class,
            description = "largest norm of all gradients together; 0 for any (default: 0)")
    Float clipNorm;

    @Option(
            names = "--validation",
            paramLabel = "X",
            converter = Values.Fraction.class,
            description = "part of the training images that is held back to validate with (default: 0.1)")
    Float validation;

    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Values.Patience.class,
            description = "stop after N epochs in a row that are no better on the images held back; 0 for never "
                    + "(default: 0)")
    Integer patience;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            converter = Values.Seed.class,
            description = "source of all randomness; the same seed gives the same weights (default: 42)")
    Long seed;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            converter = Values.Threads.class,
            description = "threads; their number changes no result (default: one for each core)")
    Integer threads;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "existing folder for model, checkpoint and pictures (default: lanewise-out, created if "
                    + "missing; with --resume the checkpoint's folder)")
    Path output;

    @Option(
            names = "--resume",
            paramLabel = "FILE|DIR",
            description =
                    "go on from a checkpoint, or from the one in a folder; its options hold again, only --epochs, "
                            + "--threads, --output and the data may be given anew")
    Path resume;
}
