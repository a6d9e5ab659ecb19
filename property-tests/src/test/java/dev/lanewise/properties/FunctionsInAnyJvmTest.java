package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The functions in JVMs of their own: with the instructions of older processors, interpreted, and compiled by C1 alone. All
 * must give the same bits.
 */
class FunctionsInAnyJvmTest {
    /** Few enough for a processor without fused multiply-adds, where each takes a microsecond. */
    private static final int SIZE = 1000;

    /** Prints one line for each function: a checksum of its results and of its gradients. */
    public static void main(String[] args) {
        UnaryOperator<float[]> damage = args.length > 0 ? FunctionsInAnyJvmTest::damaged : results -> results;
        checksums(Pools.ONE, damage).forEach(System.out::println);
    }

    private static float[] damaged(float[] results) {
        results[SIZE / 2] = Math.nextUp(results[SIZE / 2]);
        return results;
    }

    private static float[] inputs() {
        float[] x = Values.mixed(new Random(5), SIZE);
        System.arraycopy(Values.special(), 0, x, 0, Values.special().length);
        return x;
    }

    private static List<String> checksums(Parallelism parallelism, UnaryOperator<float[]> damage) {
        List<String> lines = new ArrayList<>();
        float[] x = inputs();
        for (Activation f : Activation.values()) {
            Tensor y = Tensor.zeros(SIZE);
            Activations.forward(f, Tensor.of(x.clone(), SIZE), y, parallelism);
            Tensor kept = f.keepsInputs() ? Tensor.of(x.clone(), SIZE) : y;
            Tensor dx = Tensor.zeros(SIZE);
            Activations.gradient(f, kept, Tensor.of(x.clone(), SIZE), dx, parallelism);
            lines.add(line(f, damage.apply(y.toArray()), dx.toArray()));
        }
        return lines;
    }

    private static List<String> checksumsOfTheTwin() {
        List<String> lines = new ArrayList<>();
        float[] x = inputs();
        for (Activation f : Activation.values()) {
            float[] y = ActivationsReference.forward(f, x);
            lines.add(line(f, y, ActivationsReference.gradient(f, f.keepsInputs() ? x : y, x)));
        }
        return lines;
    }

    /** NaNs count as one. */
    private static String line(Activation f, float[] y, float[] dx) {
        return f + " " + Arrays.hashCode(y) + " " + Arrays.hashCode(dx);
    }

    private static List<String> inOwnJvm(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "--add-modules", "jdk.incubator.vector"));
        List<String> arguments = new ArrayList<>(List.of(options));
        boolean wrong = arguments.remove("wrong");
        command.addAll(arguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FunctionsInAnyJvmTest.class.getName()));
        if (wrong) {
            command.add("wrong");
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    }

    @Test
    void giveTheSameBits() throws IOException, InterruptedException {
        List<String> expected = checksumsOfTheTwin();
        assertEquals(expected, checksums(Pools.ONE, results -> results));
        assertEquals(expected, checksums(Pools.TWO, results -> results));
        for (String options : List.of(
                "-XX:UseAVX=3",
                "-XX:UseAVX=2",
                "-XX:UseAVX=1",
                "-XX:UseAVX=0",
                "-Xint",
                "-XX:TieredStopAtLevel=1",
                "-XX:-TieredCompilation -Xcomp")) {
            assertEquals(expected, inOwnJvm(options.split(" ")), options);
        }
    }

    @Test
    void aDifferentBitIsNoticed() throws IOException, InterruptedException {
        assertNotEquals(checksumsOfTheTwin(), inOwnJvm("wrong"));
    }
}
