package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cli.Program.Result;
import dev.lanewise.nn.data.FashionMnist;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photographs classified with a model that has learnt a little, so that it is right about many and wrong about some. */
class PredictTest {
    private static final int TEST_IMAGES = 60;

    @TempDir
    static Path folder;

    private static Path data;
    private static Path model;
    private static Result training;

    @BeforeAll
    static void trainALittle() throws IOException {
        data = Program.data(folder.resolve("data"), 100, TEST_IMAGES);
        Path output = Files.createDirectory(folder.resolve("out"));
        training = Program.run(
                "train", "--data", data, "--network", "mlp", "--epochs", 1, "--batch-size", 45, "--output", output);
        assertEquals(0, training.code(), training::toString);
        model = output.resolve("model.safetensors");
    }

    @Test
    void saysOfEachTestImageWhatTrainingSaidOfIt() throws IOException {
        byte[] pixels = Files.readAllBytes(data.resolve("t10k-images-idx3-ubyte"));
        int size = Program.SIDE * Program.SIDE;
        List<Object> arguments = new ArrayList<>(List.of("predict", model));
        for (int i = 0; i < TEST_IMAGES; i++) {
            BufferedImage image = new BufferedImage(Program.SIDE, Program.SIDE, BufferedImage.TYPE_BYTE_GRAY);
            byte[] own = Arrays.copyOfRange(pixels, 16 + i * size, 16 + (i + 1) * size);
            image.getRaster().setDataElements(0, 0, Program.SIDE, Program.SIDE, own);
            arguments.add(write(image, "test-" + i + ".png"));
        }
        Result prediction = Program.run(arguments.toArray());
        assertEquals(0, prediction.code(), prediction::toString);
        List<String> lines = prediction.out().lines().toList();
        assertEquals(TEST_IMAGES, lines.size());
        int[][] confusion = new int[10][10];
        int right = 0;
        for (int i = 0; i < TEST_IMAGES; i++) {
            assertTrue(lines.get(i).startsWith(arguments.get(i + 2).toString()), lines.get(i));
            int best = FashionMnist.CLASSES.indexOf(best(lines.get(i)));
            confusion[i % 10][best]++;
            right += best == i % 10 ? 1 : 0;
        }
        assertTrue(right > TEST_IMAGES / 5 && right < TEST_IMAGES, right + " right: too easy or too hard to tell");
        List<String> expected = ConfusionMatrix.lines(FashionMnist.CLASSES, confusion, Terminal.plain());
        List<String> said = training.out().lines().toList();
        int table = said.indexOf(expected.get(0));
        assertEquals(expected, said.subList(table, table + expected.size()));
    }

    @Test
    void takesAPhotographOnWhiteAsOneOnBlack() throws IOException {
        Path white = photograph("white.jpg", Color.WHITE, Color.BLACK);
        Path black = photograph("black.png", Color.BLACK, Color.WHITE);
        Result run = Program.run("predict", model, white, black);
        assertEquals(0, run.code(), run::toString);
        List<String> lines = run.out().lines().toList();
        assertEquals(2, lines.size(), run.out());
        assertEquals(best(lines.get(0)), best(lines.get(1)), run.out());
    }

    @Test
    void oneBadImageAmongGoodOnesIsNoticedBeforeAnythingIsSaid() throws IOException {
        Path good = photograph("good.png", Color.BLACK, Color.WHITE);
        Path bad = Files.writeString(folder.resolve("bad.png"), "no picture");
        Result run = Program.run("predict", model, good, bad);
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains(bad.toString()), run.err());
    }

    /** The class that a line names first. */
    private static String best(String line) {
        return line.split(" {3,}")[1].replaceAll(" +[0-9.]+ %$", "").strip();
    }

    private static Path photograph(String name, Color background, Color article) throws IOException {
        BufferedImage image = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(background);
        g.fillRect(0, 0, 300, 300);
        g.setColor(article);
        g.fillRect(40, 60, 220, 20);
        g.fillRect(40, 60, 20, 180);
        g.dispose();
        return write(image, name);
    }

    private static Path write(BufferedImage image, String name) throws IOException {
        Path file = folder.resolve(name);
        assertTrue(ImageIO.write(image, name.endsWith("png") ? "png" : "jpeg", file.toFile()));
        return file;
    }
}
