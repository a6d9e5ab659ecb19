package dev.lanewise.bench.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Everything that fixes the weights of a training but the images: what the options say, with the defaults filled in. Kept
 * in checkpoints and models as notes named after the options, so that a training can go on as it began.
 */
record Settings(
        String network,
        int epochs,
        int batchSize,
        float learningRate,
        String optimizer,
        float momentum,
        float weightDecay,
        float l1,
        float l2,
        float clipValue,
        float clipNorm,
        float validation,
        int patience,
        long seed) {
    private static final int LARGE = 30_000;

    /** A new training: the options, and a default for each that isn't given. */
    static Settings fresh(TrainOptions options, int trainingImages) {
        String optimizer = or(options.optimizer, "adam");
        boolean momentum = optimizer.equals("sgd") || optimizer.equals("nesterov");
        boolean decay = optimizer.equals("adamw") || optimizer.equals("lion");
        if (options.momentum != null && !momentum) {
            throw new Problem("--momentum " + options.momentum
                    + ": expected with --optimizer sgd or nesterov only, not " + optimizer);
        }
        if (options.momentum != null && options.momentum == 0 && optimizer.equals("nesterov")) {
            throw new Problem("--momentum 0: expected a number above 0 with --optimizer nesterov");
        }
        if (options.weightDecay != null && !decay) {
            throw new Problem("--weight-decay " + options.weightDecay
                    + ": expected with --optimizer adamw or lion only, not " + optimizer + "; --l2 is for the others");
        }
        float learningRate = or(options.learningRate, learningRate(optimizer));
        float weightDecay = or(options.weightDecay, optimizer.equals("adamw") ? 0.01f : 0);
        if (learningRate * weightDecay > 1) {
            throw new Problem("--weight-decay " + weightDecay + ": expected at most " + 1 / learningRate
                    + ", so that learning rate times weight decay is at most 1");
        }
        return new Settings(
                or(options.network, "lenet"),
                or(options.epochs, trainingImages < LARGE ? 12 : 5),
                or(options.batchSize, 64),
                learningRate,
                optimizer,
                or(options.momentum, momentum ? 0.9f : 0),
                weightDecay,
                or(options.l1, 0f),
                or(options.l2, 0f),
                or(options.clipValue, 0f),
                or(options.clipNorm, 0f),
                or(options.validation, 0.1f),
                or(options.patience, 0),
                or(options.seed, 42L));
    }

    private static float learningRate(String optimizer) {
        return switch (optimizer) {
            case "sgd", "nesterov" -> 0.05f;
            case "adagrad" -> 0.01f;
            case "adadelta" -> 1;
            case "lion" -> 0.0001f;
            default -> 0.001f;
        };
    }

    /**
     * A training that goes on: the checkpoint's settings. An option given anew must say the same, or the weights would be
     * those of neither training; only the number of epochs may change.
     */
    static Settings resumed(TrainOptions options, Map<String, String> notes, String file) {
        Notes from = new Notes(notes, file);
        return new Settings(
                from.same("network", options.network, Function.identity()),
                options.epochs == null ? from.value("epochs", Integer::valueOf) : options.epochs,
                from.same("batch-size", options.batchSize, Integer::valueOf),
                from.same("learning-rate", options.learningRate, Float::valueOf),
                from.same("optimizer", options.optimizer, Function.identity()),
                from.same("momentum", options.momentum, Float::valueOf),
                from.same("weight-decay", options.weightDecay, Float::valueOf),
                from.same("l1", options.l1, Float::valueOf),
                from.same("l2", options.l2, Float::valueOf),
                from.same("clip-value", options.clipValue, Float::valueOf),
                from.same("clip-norm", options.clipNorm, Float::valueOf),
                from.same("validation", options.validation, Float::valueOf),
                from.same("patience", options.patience, Integer::valueOf),
                from.same("seed", options.seed, Long::valueOf));
    }

    /** In a line, without the network. */
    String describe() {
        StringBuilder text = new StringBuilder(optimizer);
        text.append(momentum > 0 ? " with momentum " + Texts.number(momentum) : "");
        text.append(weightDecay > 0 ? " with weight decay " + Texts.number(weightDecay) : "");
        text.append(", learning rate ").append(Texts.number(learningRate));
        text.append(", batches of ").append(batchSize);
        text.append(", ").append(epochs).append(epochs == 1 ? " epoch" : " epochs");
        text.append(patience > 0 ? " with patience " + patience : "");
        text.append(l1 > 0 ? ", L1 " + Texts.number(l1) : "").append(l2 > 0 ? ", L2 " + Texts.number(l2) : "");
        text.append(clipValue > 0 ? ", gradients up to " + Texts.number(clipValue) : "");
        text.append(clipNorm > 0 ? ", norm of gradients up to " + Texts.number(clipNorm) : "");
        return text.append(", seed ").append(seed).toString();
    }

    /** The settings by the names of their options. */
    Map<String, String> notes() {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("network", network);
        notes.put("epochs", Integer.toString(epochs));
        notes.put("batch-size", Integer.toString(batchSize));
        notes.put("learning-rate", Float.toString(learningRate));
        notes.put("optimizer", optimizer);
        notes.put("momentum", Float.toString(momentum));
        notes.put("weight-decay", Float.toString(weightDecay));
        notes.put("l1", Float.toString(l1));
        notes.put("l2", Float.toString(l2));
        notes.put("clip-value", Float.toString(clipValue));
        notes.put("clip-norm", Float.toString(clipNorm));
        notes.put("validation", Float.toString(validation));
        notes.put("patience", Integer.toString(patience));
        notes.put("seed", Long.toString(seed));
        return notes;
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    /** The notes of a checkpoint. */
    private record Notes(Map<String, String> values, String file) {
        /** What holds for checkpoints from before there was the option. */
        private static final Map<String, String> LATER =
                Map.of("weight-decay", "0", "clip-value", "0", "clip-norm", "0");

        <T> T value(String name, Function<String, T> parse) {
            try {
                return parse.apply(Objects.requireNonNull(values.getOrDefault(name, LATER.get(name))));
            } catch (NullPointerException | NumberFormatException notOurs) {
                throw new Problem("--resume " + file + ": has no " + name + " of a training; expected a checkpoint of "
                        + "lanewise train");
            }
        }

        <T> T same(String name, T given, Function<String, T> parse) {
            T noted = value(name, parse);
            if (given != null && !given.equals(noted)) {
                throw new Problem("--" + name + " " + given + ": expected " + noted
                        + ", as in the training that --resume goes on with; leave it out");
            }
            return noted;
        }
    }
}
