package dev.lanewise.bench.cli;

import dev.lanewise.bench.pictures.LearningCurves;
import dev.lanewise.bench.pictures.LearningCurves.Point;
import dev.lanewise.bench.pictures.Picture;
import dev.lanewise.bench.pictures.PredictionSheet;
import dev.lanewise.bench.pictures.PredictionSheet.Item;
import dev.lanewise.nn.data.LabeledImages;
import dev.lanewise.nn.train.EpochResult;
import dev.lanewise.nn.train.Evaluation;
import dev.lanewise.nn.train.TrainingResult;
import dev.lanewise.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What is said and drawn at the end of a training: how the network does on images that it has never seen. */
final class TestReport {
    /** The width of the first column of what is said about a training. */
    static final int NAME_WIDTH = 18;

    private static final int ITEMS = 60;

    private final Console console;
    private final String network;
    private final LabeledImages test;
    private final Evaluation evaluation;

    TestReport(Console console, String network, LabeledImages test, Evaluation evaluation) {
        this.console = console;
        this.network = network;
        this.test = test;
        this.evaluation = evaluation;
    }

    /** Prints what the training ended with: which weights, their accuracy, the confusion matrix. */
    void print(TrainingResult result) {
        Terminal terminal = console.terminal();
        console.out().println();
        int last = result.history().size();
        if (result.ending() == TrainingResult.Ending.STOPPED_EARLY) {
            console.out().println("stopped early: " + (last - result.bestEpoch()) + " epochs were no better");
        }
        if (result.bestEpoch() > 0 && result.bestEpoch() < last) {
            console.out().println("the weights are those of epoch " + result.bestEpoch() + ", the best on validation");
        }
        console.out()
                .println(terminal.bold("test accuracy " + Texts.percent(evaluation.accuracy(), 2)) + " on "
                        + Texts.count(test.size()) + " images never seen before (loss " + Texts.loss(evaluation.loss())
                        + ")");
        console.out().println();
        console.out()
                .println("confusion matrix: a row for what the images show, a column for what they were taken for");
        ConfusionMatrix.lines(test.classes(), evaluation.confusion(), terminal).forEach(console.out()::println);
        console.out().println();
    }

    /**
     * Draws the learning curves and the sheet of predictions. A machine that can't draw gets a warning instead.
     *
     * @throws IOException if they can't be written
     */
    void draw(List<EpochResult> history, OutputFolder output) throws IOException {
        try {
            Picture.save(output.curves(), () -> LearningCurves.draw(network + " on Fashion-MNIST", points(history)));
            Picture.save(output.sheet(), this::sheet);
        } catch (Picture.CannotDraw cannot) {
            console.warn("no pictures: " + cannot.getMessage());
            return;
        }
        Terminal terminal = console.terminal();
        console.out().println(terminal.bold(Texts.left("learning curves", NAME_WIDTH)) + output.curves());
        console.out().println(terminal.bold(Texts.left("predictions", NAME_WIDTH)) + output.sheet());
    }

    private static List<Point> points(List<EpochResult> history) {
        return history.stream()
                .map(epoch -> new Point(
                        epoch.epoch(),
                        epoch.trainingLoss(),
                        epoch.trainingAccuracy(),
                        epoch.validationLoss(),
                        epoch.validationAccuracy()))
                .toList();
    }

    private BufferedImage sheet() {
        List<Item> items = new ArrayList<>();
        int right = 0;
        int count = Math.min(ITEMS, test.size());
        for (int i = 0; i < count; i++) {
            // Evenly from all of them, should they be sorted by class.
            int index = (int) ((long) i * test.size() / count);
            int predicted = evaluation.predictions()[index];
            right += predicted == test.label(index) ? 1 : 0;
            items.add(new Item(
                    picture(test.image(index), test.inputShape()),
                    test.classes().get(predicted),
                    test.classes().get(test.label(index))));
        }
        return PredictionSheet.draw(
                "Fashion-MNIST test images and what " + network + " took them for",
                right + " of these " + count + " are right, " + Texts.percent(evaluation.accuracy(), 2) + " of all "
                        + Texts.count(test.size()) + "; mistakes have a red frame",
                items);
    }

    private static BufferedImage picture(byte[] pixels, Shape shape) {
        BufferedImage picture = new BufferedImage(shape.extent(1), shape.extent(0), BufferedImage.TYPE_INT_RGB);
        int channels = shape.extent(2);
        for (int i = 0; i < shape.extent(0) * shape.extent(1); i++) {
            int red = pixels[i * channels] & 0xFF;
            int green = pixels[i * channels + (channels == 3 ? 1 : 0)] & 0xFF;
            int blue = pixels[i * channels + (channels == 3 ? 2 : 0)] & 0xFF;
            picture.setRGB(i % shape.extent(1), i / shape.extent(1), red << 16 | green << 8 | blue);
        }
        return picture;
    }
}
