package dev.lanewise.nn.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.lanewise.nn.optim.Clip;
import dev.lanewise.nn.optim.Penalty;

/**
 * What a checkpoint says in its metadata, as JSON.
 *
 * @param options how the network is trained
 * @param optimizer the class of the optimizer
 * @param optimizerSteps how many steps the optimizer has taken
 * @param learningRate the optimizer's learning rate
 * @param penalty what large weights cost
 * @param clip the limits of gradients
 * @param examples how many training examples there are
 * @param position where training stands
 */
record TrainingState(
        TrainingOptions options,
        String optimizer,
        long optimizerSteps,
        double learningRate,
        Penalty penalty,
        Clip clip,
        int examples,
        Position position) {
    /** The name of the entry. */
    static final String NAME = "lanewise.training";

    private static final int VERSION = 1;

    String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        json.add("options", options(options));
        json.addProperty("optimizer", optimizer);
        json.addProperty("optimizerSteps", optimizerSteps);
        json.addProperty("learningRate", learningRate);
        json.addProperty("l1", penalty.l1());
        json.addProperty("l2", penalty.l2());
        json.addProperty("clipValue", clip.value());
        json.addProperty("clipNorm", clip.norm());
        json.addProperty("examples", examples);
        json.add("position", position(position));
        JsonArray history = new JsonArray();
        position.history.forEach(epoch -> history.add(epoch(epoch)));
        json.add("history", history);
        return json.toString();
    }

    static TrainingState parse(String text) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        int version = member(json, "version").getAsInt();
        if (version != VERSION) {
            throw new IllegalArgumentException(NAME + " has version " + version + "; expected " + VERSION);
        }
        Position position = position(member(json, "position").getAsJsonObject());
        member(json, "history").getAsJsonArray().forEach(epoch -> position.history.add(epoch(epoch.getAsJsonObject())));
        return new TrainingState(
                options(member(json, "options").getAsJsonObject()),
                member(json, "optimizer").getAsString(),
                member(json, "optimizerSteps").getAsLong(),
                member(json, "learningRate").getAsDouble(),
                new Penalty(member(json, "l1").getAsDouble(), member(json, "l2").getAsDouble()),
                // Files from before there were limits have none.
                json.has("clipValue")
                        ? new Clip(
                                member(json, "clipValue").getAsDouble(),
                                member(json, "clipNorm").getAsDouble())
                        : Clip.NONE,
                member(json, "examples").getAsInt(),
                position);
    }

    private static JsonObject options(TrainingOptions options) {
        JsonObject json = new JsonObject();
        json.addProperty("epochs", options.epochs());
        json.addProperty("batchSize", options.batchSize());
        // As a string: many readers of JSON take numbers for doubles, which do not hold every long.
        json.addProperty("seed", Long.toString(options.seed()));
        json.addProperty("validationShare", options.validationShare());
        json.addProperty("patience", options.earlyStopping().patience());
        json.addProperty("quantity", options.earlyStopping().quantity().name());
        json.addProperty("restoreBest", options.earlyStopping().restoreBest());
        json.addProperty("checkpointEvery", options.checkpointEvery());
        return json;
    }

    private static TrainingOptions options(JsonObject json) {
        return new TrainingOptions(
                member(json, "epochs").getAsInt(),
                member(json, "batchSize").getAsInt(),
                Long.parseLong(member(json, "seed").getAsString()),
                member(json, "validationShare").getAsDouble(),
                new EarlyStopping(
                        member(json, "patience").getAsInt(),
                        EarlyStopping.Quantity.valueOf(member(json, "quantity").getAsString()),
                        member(json, "restoreBest").getAsBoolean()),
                member(json, "checkpointEvery").getAsInt());
    }

    private static JsonObject position(Position position) {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", position.epoch);
        json.addProperty("batch", position.batch);
        json.addProperty("step", position.step);
        json.add("lossSum", number(position.lossSum));
        json.addProperty("correct", position.correct);
        json.addProperty("seen", position.seen);
        json.addProperty("bestEpoch", position.bestEpoch);
        json.add("best", number(position.best));
        return json;
    }

    private static Position position(JsonObject json) {
        Position position = new Position();
        position.epoch = atLeast0(json, "epoch");
        position.batch = atLeast0(json, "batch");
        position.step = member(json, "step").getAsLong();
        position.lossSum = number(json, "lossSum");
        position.correct = member(json, "correct").getAsLong();
        position.seen = member(json, "seen").getAsLong();
        position.bestEpoch = atLeast0(json, "bestEpoch");
        position.best = number(json, "best");
        return position;
    }

    private static JsonObject epoch(EpochResult epoch) {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", epoch.epoch());
        json.add("trainingLoss", number(epoch.trainingLoss()));
        json.add("trainingAccuracy", number(epoch.trainingAccuracy()));
        json.add("validationLoss", number(epoch.validationLoss()));
        json.add("validationAccuracy", number(epoch.validationAccuracy()));
        json.add("seconds", number(epoch.seconds()));
        return json;
    }

    private static EpochResult epoch(JsonObject json) {
        return new EpochResult(
                member(json, "epoch").getAsInt(),
                number(json, "trainingLoss"),
                number(json, "trainingAccuracy"),
                number(json, "validationLoss"),
                number(json, "validationAccuracy"),
                number(json, "seconds"));
    }

    /** A double in the shortest form that gives it back, or null for NaN, which JSON lacks. */
    private static JsonElement number(double value) {
        return Double.isNaN(value) ? JsonNull.INSTANCE : new JsonPrimitive(value);
    }

    private static double number(JsonObject json, String name) {
        JsonElement member = member(json, name);
        return member.isJsonNull() ? Double.NaN : member.getAsDouble();
    }

    private static int atLeast0(JsonObject json, String name) {
        int value = member(json, name).getAsInt();
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 0");
        }
        return value;
    }

    private static JsonElement member(JsonObject json, String name) {
        JsonElement member = json.get(name);
        if (member == null) {
            throw new IllegalArgumentException(NAME + " lacks " + name);
        }
        return member;
    }
}
