package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cli.Program.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be used gets one line that names it, exit code 2, and nothing that was there before is touched. */
class BadInputTest {
    @TempDir
    Path folder;

    private Path data;
    private Path output;

    @BeforeEach
    void prepare() throws IOException {
        data = Program.data(folder.resolve("data"), 60, 10);
        output = Files.createDirectory(folder.resolve("out"));
        Files.writeString(output.resolve("model.safetensors"), "a model from before");
    }

    /** Runs the program; the line must hold all the words. */
    private void assertRefused(Object[] arguments, String... words) throws IOException {
        TreeMap<String, String> before = Program.contents(folder);
        Result result = Program.run(arguments);
        assertEquals(2, result.code(), result::toString);
        assertEquals(1, result.err().lines().count(), result::toString);
        for (String word : words) {
            assertTrue(result.err().contains(word), () -> "\"" + word + "\" is not in: " + result.err());
        }
        assertEquals(before, Program.contents(folder), "files changed");
    }

    private Object[] train(Object... more) {
        Object[] words = {"train", "--data", data, "--network", "mlp", "--epochs", 1, "--output", output};
        Object[] all = new Object[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    @Test
    void options() throws IOException {
        assertRefused(train("--epoch", 3), "--epoch", "expected --epochs?");
        assertRefused(train("--colour"), "--colour", "expected one of");
        assertRefused(train("--batch-size", 0), "--batch-size 0", "expected");
        assertRefused(train("--batch-size", "many"), "--batch-size many", "expected");
        assertRefused(train("--learning-rate", "NaN"), "--learning-rate NaN", "expected");
        assertRefused(train("--learning-rate", "-1"), "--learning-rate -1", "expected");
        assertRefused(train("--epochs", -1), "--epochs -1", "expected");
        assertRefused(train("--network", "resnet"), "--network resnet", "mlp, lenet");
        assertRefused(train("--optimizer", "lbfgs"), "--optimizer lbfgs", "sgd");
        assertRefused(train("--momentum", "0.5"), "--momentum 0.5", "--optimizer sgd", "adam");
        assertRefused(train("--optimizer", "nesterov", "--momentum", "0"), "--momentum 0", "above 0");
        assertRefused(train("--clip-value", "-1"), "--clip-value", "-1", "at least 0");
        assertRefused(train("--clip-norm", "NaN"), "--clip-norm", "NaN", "at least 0");
        assertRefused(train("--weight-decay", "0.1"), "--weight-decay 0.1", "adamw or lion", "adam");
        assertRefused(
                train("--optimizer", "adamw", "--weight-decay", "3", "--learning-rate", "0.5"),
                "--weight-decay 3.0",
                "at most 2.0");
        assertRefused(train("--l2", "-1"), "--l2 -1", "expected");
        assertRefused(train("--patience", "1.5"), "--patience 1.5", "expected");
        assertRefused(train("--epochs"), "--epochs is missing");
        assertRefused(train("--threads", 0), "--threads 0", "expected");
        assertRefused(train("--validation", 1), "--validation 1", "expected");
        assertRefused(train("--seed", "x"), "--seed x", "expected");
        assertRefused(train("photo.png"), "photo.png", "expected");
        assertRefused(new Object[] {"tarin"}, "tarin", "train");
        assertRefused(new Object[] {"predict"}, "MODEL", "missing");
    }

    @Test
    void images() throws IOException {
        Path images = data.resolve("train-images-idx3-ubyte");
        Path labels = data.resolve("train-labels-idx1-ubyte");
        byte[] whole = Files.readAllBytes(images);

        Program.truncate(images);
        assertRefused(train(), images.toString(), "expected");
        Files.writeString(images, "these are no images at all");
        assertRefused(train(), images.toString(), "expected");
        Files.write(images, new byte[0]);
        assertRefused(train(), images.toString(), "expected");
        Files.copy(labels, images, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(train(), images.toString(), "expected");
        Files.write(images, whole);

        Path other = Program.data(folder.resolve("other"), 61, 10);
        Files.copy(other.resolve("train-labels-idx1-ubyte"), labels, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(train(), "train-labels-idx1-ubyte", "60", "61");
        Files.delete(labels);
        assertRefused(train(), "train-labels-idx1-ubyte");
        data = folder.resolve("nowhere");
        assertRefused(train(), data.toString());
    }

    @Test
    void imagesThatAreNotOfFashionMnist() throws IOException {
        Path images = data.resolve("t10k-images-idx3-ubyte");
        Path labels = data.resolve("t10k-labels-idx1-ubyte");
        byte[] whole = Files.readAllBytes(images);
        Files.write(images, Program.idx(new byte[10 * 32 * 32], 10, 32, 32));
        assertRefused(train(), images.toString(), "32x32; expected 28x28");
        Files.write(images, Arrays.copyOf(whole, whole.length + 1));
        assertRefused(train(), images.toString(), "goes on after its data; expected 7840 bytes");
        Files.write(images, whole);
        Files.write(labels, Program.idx(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 10}, 10));
        assertRefused(train(), labels.toString(), "label 9 is 10; expected 0 to 9");
    }

    @Test
    void damagedCompression() throws IOException {
        Path images = data.resolve("train-images-idx3-ubyte");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(Files.readAllBytes(images));
        }
        byte[] bytes = packed.toByteArray();
        Files.write(images, Arrays.copyOf(bytes, bytes.length - 100));
        assertRefused(train(), images.toString(), "truncated", "expected");
        bytes[bytes.length / 2] ^= 0x55;
        bytes[bytes.length / 2 + 1] ^= 0x55;
        Files.write(images, bytes);
        assertRefused(train(), images.toString(), "expected");
    }

    @Test
    void tooFewImages() throws IOException {
        Program.data(data, 1, 10);
        assertRefused(train(), data.toString(), "has 1 training image; expected at least 2");
        Program.data(data, 0, 10);
        assertRefused(train(), data.toString(), "has 0 training images; expected at least 2");
        Program.data(data, 2, 0);
        assertRefused(train(), data.toString(), "has no test images; expected at least 1");
    }

    @Test
    void outputFolders() throws IOException {
        output = folder.resolve("missing");
        assertRefused(train(), "--output " + output, "expected");
        output = Files.writeString(folder.resolve("file"), "not a folder");
        assertRefused(train(), "--output " + output, "expected");
        output = Files.createDirectory(folder.resolve("occupied"));
        Path picture = Files.createDirectory(output.resolve("predictions.png"));
        assertRefused(train(), "--output " + output, picture + " is a folder; expected none");
    }

    @Test
    void modelsAndCheckpoints() throws IOException {
        Path good = Files.createDirectory(folder.resolve("good"));
        Path none = output.resolve("model.safetensors");
        output = good;
        assertEquals(0, Program.run(train()).code());
        Path model = good.resolve("model.safetensors");
        Path checkpoint = good.resolve("checkpoint.safetensors");
        Path image = good.resolve("predictions.png");

        assertRefused(new Object[] {"predict", none, image}, none.toString(), "expected");
        assertRefused(new Object[] {"predict", image, image}, image.toString(), "expected");
        assertRefused(new Object[] {"predict", folder.resolve("no.safetensors"), image}, "no.safetensors");
        assertRefused(new Object[] {"predict", model, none}, none.toString(), "expected");
        assertRefused(new Object[] {"predict", model, folder.resolve("no.png")}, "no.png");
        assertRefused(new Object[] {"train", "--data", data, "--resume", none}, none.toString(), "expected");
        assertRefused(new Object[] {"train", "--data", data, "--resume", model}, model.toString(), "expected");
        assertRefused(
                new Object[] {"train", "--data", data, "--resume", checkpoint, "--batch-size", 7},
                "--batch-size 7",
                "expected 64");
        Program.truncate(model);
        assertRefused(new Object[] {"predict", model, image}, model.toString(), "expected");
        resumptionsWithOtherSettings(checkpoint);
        Program.truncate(checkpoint);
        assertRefused(
                new Object[] {"train", "--data", data, "--resume", checkpoint}, checkpoint.toString(), "expected");
    }

    private void resumptionsWithOtherSettings(Path checkpoint) throws IOException {
        String[][] others = {
            {"--network", "lenet", "mlp"},
            {"--learning-rate", "0.5", "0.001"},
            {"--optimizer", "sgd", "adam"},
            {"--seed", "1", "42"},
            {"--validation", "0.5", "0.1"},
            {"--l2", "0.5", "0.0"}
        };
        for (String[] other : others) {
            assertRefused(
                    new Object[] {"train", "--data", data, "--resume", checkpoint, other[0], other[1]},
                    other[0] + " " + other[1] + ": expected " + other[2]);
        }
        Path strange = Program.data(folder.resolve("strange"), 61, 10);
        assertRefused(
                new Object[] {"train", "--data", strange, "--resume", checkpoint},
                strange.toString(),
                "expected those of " + data);
        output = Files.createDirectory(folder.resolve("longer"));
        assertEquals(0, Program.run(train("--epochs", 2)).code());
        assertRefused(
                new Object[] {"train", "--data", data, "--resume", output, "--epochs", 1},
                "--epochs 1: expected at least 2");
    }
}
