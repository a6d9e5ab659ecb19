package dev.lanewise.bench.elements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.layers.Layer;
import dev.lanewise.bench.layers.LayerContest;
import dev.lanewise.bench.layers.LayerLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No loop is more than C1 can compile. It gives up a method with too many operations of the Vector API in it. Where it has
 * compiled it without a profile before, the method stays in that code for ever, and creates an object for each vector: 14
 * times slower for layer normalisation, 70 times for a depthwise gradient. Each operation has a JVM of its own, since what C1
 * inlines depends on what is loaded; sizes are odd, for a method is larger where its masks are used.
 */
@Tag("nightly")
class CompiledByC1Test {
    private static final String TOO_LARGE = "too-large";
    private static final long NANOS = 1_500_000_000L;

    private static final List<String> LAYERS = Stream.of("", "backward-data:", "backward-weights:")
            .flatMap(direction -> Stream.of("kh3ph1", "kh5ph2", "kh7ph3", "oh14kh3sh2ph1", "oh14kh5sh2ph2")
                    .map(kernel -> direction + "g37mb1ic37ih28oc37" + kernel))
            .toList();

    /** Runs one operation for a while. */
    public static void main(String[] args) {
        if (args[0].equals(TOO_LARGE)) {
            float[] x = new float[1003];
            repeat(() -> tooLarge(x, x.length));
            return;
        }
        try (Computation computation = computation(args[0], args[1])) {
            repeat(computation::run);
        }
    }

    private static void repeat(Runnable run) {
        for (long end = System.nanoTime() + NANOS; System.nanoTime() < end; ) {
            run.run();
        }
    }

    private static Computation computation(String suite, String shape) {
        if (suite.equals(LayerContest.DEPTHWISE.suite())) {
            Layer layer = LayerContest.DEPTHWISE.parse(shape);
            return Libraries.named(LayerLibrary.class, Libraries.OURS).prepare(layer, layer.draw(new Random(1)), 1);
        }
        Problem problem = ElementContest.valueOf(suite).parse(shape);
        return Libraries.named(ElementLibrary.class, Libraries.OURS).prepare(problem, problem.draw(new Random(1)), 1);
    }

    private static List<String> givenUp(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+PrintCompilation",
                "-cp",
                System.getProperty("java.class.path"),
                CompiledByC1Test.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines()
                .filter(line -> line.contains("COMPILE SKIPPED") && line.contains("dev.lanewise"))
                .toList();
    }

    @Test
    void noOperationIsGivenUp() throws IOException, InterruptedException {
        List<String> given = new ArrayList<>();
        for (ElementContest contest : ElementContest.values()) {
            for (ElementOperation operation : contest.operations()) {
                given.addAll(givenUp(contest.name(), odd(operation).toString()));
            }
        }
        assertEquals(List.of(), given);
    }

    private static Problem odd(ElementOperation operation) {
        int axes = operation.shapes().getFirst().length;
        int[] extents = axes == 1 ? new int[] {16411} : axes == 2 ? new int[] {64, 251} : new int[] {4, 64, 56};
        return new Problem(operation, extents);
    }

    @Test
    void noDepthwiseLayerIsGivenUp() throws IOException, InterruptedException {
        List<String> given = new ArrayList<>();
        for (String layer : LAYERS) {
            given.addAll(givenUp(LayerContest.DEPTHWISE.suite(), layer));
        }
        assertEquals(List.of(), given);
    }

    /** Negative control. */
    @Test
    void whatIsTooLargeIsNoticed() throws IOException, InterruptedException {
        assertTrue(givenUp(TOO_LARGE).stream().anyMatch(line -> line.contains("tooLarge")));
    }

    private static void tooLarge(float[] x, int size) {
        VectorSpecies<Float> s = FloatVector.SPECIES_PREFERRED;
        for (int i = 0; i < size; i += s.length()) {
            VectorMask<Float> some = s.indexInRange(i, size);
            FloatVector sum = FloatVector.fromArray(s, x, i, some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum = sum.add(FloatVector.fromArray(s, x, i, some), some).sub(FloatVector.fromArray(s, x, i, some), some);
            sum.intoArray(x, i, some);
        }
    }
}
