package dev.lanewise.bench.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The program as tests run it, and images to run it on. */
final class Program {
    static final int SIDE = 28;

    private Program() {}

    /**
     * What came of a run.
     *
     * @param code the exit code
     * @param out what it printed
     * @param err what it said of errors and warnings
     */
    record Result(int code, String out, String err) {
        @Override
        public String toString() {
            return "exit code " + code + "\n" + out + "\n" + err;
        }
    }

    static Result run(Object... arguments) {
        String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = LanewiseCommand.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                words);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What a JVM of its own needs to run the program. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Writes a small Fashion-MNIST: an image of class c has two bright rows, 2c + 4 and the next, on dim noise. */
    static Path data(Path folder, int training, int test) throws IOException {
        Files.createDirectories(folder);
        write(folder, "train", training, 1);
        write(folder, "t10k", test, 2);
        return folder;
    }

    private static void write(Path folder, String part, int count, long seed) throws IOException {
        byte[] pixels = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        Random random = new Random(seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(60);
        }
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
            for (int j = 0; j < 2 * SIDE; j++) {
                pixels[i * SIDE * SIDE + (2 * labels[i] + 4) * SIDE + j] = (byte) 220;
            }
        }
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), idx(pixels, count, SIDE, SIDE));
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), idx(labels, count));
    }

    /** An IDX file of bytes. */
    static byte[] idx(byte[] data, int... dimensions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x800 | dimensions.length);
        for (int dimension : dimensions) {
            out.writeInt(dimension);
        }
        out.write(data);
        return bytes.toByteArray();
    }

    /** Cuts a file off in its middle. */
    static void truncate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    /** All files under a folder, with what they hold. */
    static TreeMap<String, String> contents(Path folder) throws IOException {
        TreeMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
