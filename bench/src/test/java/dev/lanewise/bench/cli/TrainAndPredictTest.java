package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cli.Program.Result;
import dev.lanewise.nn.io.ModelFile;
import dev.lanewise.nn.train.Checkpoint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and predicting from the command line, on images small enough for a test. */
class TrainAndPredictTest {
    @TempDir
    Path folder;

    private Path output(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    @Test
    void trainsAndPredicts() throws IOException {
        Path data = Program.data(folder.resolve("data"), 400, 50);
        Path output = output("out");
        Result training = Program.run(
                "train", "--data", data, "--network", "mlp", "--epochs", 3, "--output", output, "--threads", 2);
        assertEquals(0, training.code(), training::toString);
        assertEquals("", training.err());
        assertTrue(training.out().contains("400 training and 50 test images"), training.out());
        assertTrue(training.out().contains(data.toString()), training.out());
        assertTrue(training.out().contains("test accuracy 100.00 %"), training.out());
        assertTrue(training.out().contains("confusion matrix"), training.out());
        Path model = output.resolve("model.safetensors");
        assertEquals(10, ModelFile.load(model).classes().size());
        for (String picture : new String[] {"learning-curves.png", "predictions.png"}) {
            assertTrue(ImageIO.read(output.resolve(picture).toFile()).getWidth() > 500, picture);
        }

        Path image = folder.resolve("photo.png");
        BufferedImage bright = new BufferedImage(Program.SIDE, Program.SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int x = 0; x < Program.SIDE; x++) {
            bright.setRGB(x, 2 * 7 + 4, 0xDCDCDC);
            bright.setRGB(x, 2 * 7 + 5, 0xDCDCDC);
        }
        ImageIO.write(bright, "png", image.toFile());
        Result prediction = Program.run("predict", model, image, "--no-invert");
        assertEquals(0, prediction.code(), prediction::toString);
        // Class 7 of Fashion-MNIST.
        assertTrue(prediction.out().startsWith(image + "   Sneaker"), prediction.out());
    }

    @Test
    void theSameSeedGivesTheSameFileWhateverTheThreads() throws IOException {
        Path data = Program.data(folder.resolve("data"), 150, 10);
        byte[][] models = new byte[3][];
        for (int i = 0; i < 3; i++) {
            Path output = output("out" + i);
            int threads = i == 2 ? 2 : 1;
            Result result = Program.run(
                    "train", "--data", data, "--epochs", 1, "--seed", 7, "--output", output, "--threads", threads);
            assertEquals(0, result.code(), result::toString);
            models[i] = Files.readAllBytes(output.resolve("model.safetensors"));
        }
        assertArrayEquals(models[0], models[1]);
        assertArrayEquals(models[0], models[2]);
    }

    @Test
    void everyNetworkAndOptimizerRuns() throws IOException {
        Path data = Program.data(folder.resolve("data"), 40, 10);
        String[][] choices = {
            {"mlp", "sgd"},
            {"mlp", "nesterov"},
            {"lenet", "rmsprop"},
            {"mlp", "adagrad"},
            {"mlp", "adadelta"},
            {"vgg", "adam"},
            {"mlp", "adamw"},
            {"mlp", "amsgrad"},
            {"mlp", "lion"}
        };
        for (String[] choice : choices) {
            Result result = Program.run(
                    "train",
                    "--data",
                    data,
                    "--network",
                    choice[0],
                    "--optimizer",
                    choice[1],
                    "--epochs",
                    1,
                    "--batch-size",
                    20,
                    "--output",
                    output(choice[1]));
            assertEquals(0, result.code(), result::toString);
            assertTrue(result.out().contains(choice[0]), result.out());
        }
    }

    @Test
    void aLossThatIsNoNumberStopsAndSaysWhere() throws IOException {
        Path data = Program.data(folder.resolve("data"), 200, 10);
        Path output = output("out");
        Result result = Program.run(
                "train",
                "--data",
                data,
                "--network",
                "mlp",
                "--optimizer",
                "sgd",
                "--learning-rate",
                "1e30",
                "--output",
                output);
        assertEquals(1, result.code(), result::toString);
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().matches("(?s).*step \\d+.*"), result.err());
    }

    @Test
    void aLossThatIsNoNumberKeepsTheLastGoodCheckpoint() throws IOException {
        Path data = Program.data(folder.resolve("data"), 60, 10);
        Path output = output("out");
        // One step an epoch, each longer than the last: it takes a few until the loss is no number.
        Result result = Program.run(
                "train",
                "--data",
                data,
                "--network",
                "mlp",
                "--optimizer",
                "sgd",
                "--learning-rate",
                "1000",
                "--output",
                output);
        assertEquals(1, result.code(), result::toString);
        Checkpoint kept = Checkpoint.read(output.resolve("checkpoint.safetensors"));
        assertTrue(kept.steps() > 0, result::toString);
        assertTrue(result.err().contains("at step " + (kept.steps() + 1) + " "), result.err());
        assertTrue(result.err().contains("the last good checkpoint is " + output), result.err());
        for (var parameter : kept.model().network().parameters()) {
            for (float weight : parameter.value().toArray()) {
                assertTrue(Float.isFinite(weight), parameter.name());
            }
        }
    }

    @Test
    void helpAndExplainWork() {
        for (String[] words : new String[][] {{"--help"}, {"train", "--help"}, {"predict", "--help"}, {"explain"}}) {
            Result result = Program.run((Object[]) words);
            assertEquals(0, result.code(), result::toString);
            assertTrue(result.out().lines().count() > 5, result.out());
        }
        assertTrue(Program.run("explain").out().contains("fused multiply-add"));
    }
}
