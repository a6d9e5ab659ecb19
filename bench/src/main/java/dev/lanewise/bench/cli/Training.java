package dev.lanewise.bench.cli;

import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.io.Model;
import dev.lanewise.nn.networks.Networks;
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
import dev.lanewise.nn.train.Checkpoint;
import dev.lanewise.nn.train.EarlyStopping;
import dev.lanewise.nn.train.Trainer;
import dev.lanewise.nn.train.TrainingOptions;
import dev.lanewise.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the settings amount to: a model, and a trainer for it, ready to begin or to go on.
 *
 * @param settings the settings
 * @param model the network with its notes
 * @param trainer trains it
 * @param schedule the learning rate of each step
 * @param checkpoint where it goes on from; null if it begins
 */
record Training(Settings settings, Model model, Trainer<int[]> trainer, Schedule schedule, Checkpoint checkpoint) {
    /** Weights, three tensors of an optimizer's state and the best weights; the file before stays until it is replaced. */
    private static final int COPIES = 2 * 5 + 1;

    private static final long PICTURES = 1 << 20;

    static Training create(Settings settings, FashionMnist data, Checkpoint checkpoint) {
        LabeledImages images = data.training();
        Sequential network = network(
                settings.network(), images.inputShape(), images.classes().size(), settings.seed());
        Map<String, String> notes = new LinkedHashMap<>(settings.notes());
        notes.putAll(TrainingData.notes(data));
        Model model = new Model(network, images.inputShape(), images.classes(), images.normalization(), notes);
        Optimizer optimizer = optimizer(settings, network.parameters());
        Trainer<int[]> trainer = Trainer.classifier(model, optimizer, options(settings));
        trainer.penalty(new Penalty(settings.l1(), settings.l2()));
        trainer.clip(new Clip(settings.clipValue(), settings.clipNorm()));
        if (checkpoint != null) {
            trainer.resume(checkpoint);
        }
        return new Training(settings, model, trainer, new Schedule(optimizer, settings.learningRate()), checkpoint);
    }

    /** What tells the display how it goes. */
    ProgressListener listener(ProgressDisplay display) {
        ProgressListener listener = new ProgressListener(display, schedule, settings.batchSize());
        if (checkpoint != null) {
            checkpoint.history().forEach(epoch -> listener.bestSoFar(epoch.validationAccuracy()));
        }
        return listener;
    }

    /** How much may be in the output folder at once. */
    long bytesToWrite() {
        long parameters = 0;
        for (Parameter parameter : model.network().parameters()) {
            parameters += parameter.value().size();
        }
        return parameters * Float.BYTES * COPIES + PICTURES;
    }

    private static Sequential network(String name, Shape image, int classes, long seed) {
        return switch (name) {
            case "mlp" -> Networks.mlp(image, classes, seed);
            case "lenet" -> Networks.lenet(image, classes, seed);
            case "vgg" -> Networks.vgg(image, classes, seed);
            default -> throw new Problem("--network " + name + ": expected mlp, lenet or vgg");
        };
    }

    private static Optimizer optimizer(Settings settings, List<Parameter> parameters) {
        float rate = settings.learningRate();
        return switch (settings.optimizer()) {
            case "sgd" -> new Sgd(parameters, rate, settings.momentum(), false);
            case "nesterov" -> new Sgd(parameters, rate, settings.momentum(), true);
            case "rmsprop" -> new RmsProp(parameters, rate);
            case "adagrad" -> new Adagrad(parameters, rate);
            case "adadelta" -> new Adadelta(parameters, rate);
            case "adam" -> new Adam(parameters, rate);
            case "adamw" ->
                new AdamW(
                        parameters,
                        rate,
                        AdamW.DEFAULT_BETA1,
                        AdamW.DEFAULT_BETA2,
                        AdamW.DEFAULT_EPSILON,
                        settings.weightDecay());
            case "amsgrad" -> new AmsGrad(parameters, rate);
            case "lion" -> new Lion(parameters, rate, Lion.DEFAULT_BETA1, Lion.DEFAULT_BETA2, settings.weightDecay());
            default ->
                throw new Problem("--optimizer " + settings.optimizer()
                        + ": expected sgd, nesterov, rmsprop, adagrad, adadelta, adam, adamw, amsgrad or lion");
        };
    }

    private static TrainingOptions options(Settings settings) {
        EarlyStopping stopping =
                new EarlyStopping(settings.patience(), EarlyStopping.Quantity.VALIDATION_ACCURACY, true);
        return new TrainingOptions(
                settings.epochs(), settings.batchSize(), settings.seed(), settings.validation(), stopping, 0);
    }
}
