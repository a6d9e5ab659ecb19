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
        float l1,
        float l2,
        float validation,
        int patience,
        long seed) {
    private static final int LARGE = 30_000;

    /** A new training: the options, and a default for each that isn't given. */
    static Settings fresh(TrainOptions options, int trainingImages) {
        String optimizer = or(options.optimizer, "adam");
        if (options.momentum != null && !optimizer.equals("sgd")) {
            throw new Problem(
                    "--momentum " + options.momentum + ": expected with --optimizer sgd only, not " + optimizer);
        }
        return new Settings(
                or(options.network, "lenet"),
                or(options.epochs, trainingImages < LARGE ? 12 : 5),
                or(options.batchSize, 64),
                or(options.learningRate, optimizer.equals("sgd") ? 0.05f : 0.001f),
                optimizer,
                or(options.momentum, optimizer.equals("sgd") ? 0.9f : 0),
                or(options.l1, 0f),
                or(options.l2, 0f),
                or(options.validation, 0.1f),
                or(options.patience, 0),
                or(options.seed, 42L));
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
                from.same("l1", options.l1, Float::valueOf),
                from.same("l2", options.l2, Float::valueOf),
                from.same("validation", options.validation, Float::valueOf),
                from.same("patience", options.patience, Integer::valueOf),
                from.same("seed", options.seed, Long::valueOf));
    }

    /** In a line, without the network. */
    String describe() {
        StringBuilder text = new StringBuilder(optimizer);
        text.append(momentum > 0 ? " with momentum " + Texts.number(momentum) : "");
        text.append(", learning rate ").append(Texts.number(learningRate));
        text.append(", batches of ").append(batchSize);
        text.append(", ").append(epochs).append(epochs == 1 ? " epoch" : " epochs");
        text.append(patience > 0 ? " with patience " + patience : "");
        text.append(l1 > 0 ? ", L1 " + Texts.number(l1) : "").append(l2 > 0 ? ", L2 " + Texts.number(l2) : "");
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
        notes.put("l1", Float.toString(l1));
        notes.put("l2", Float.toString(l2));
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
        <T> T value(String name, Function<String, T> parse) {
            try {
                return parse.apply(Objects.requireNonNull(values.get(name)));
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
