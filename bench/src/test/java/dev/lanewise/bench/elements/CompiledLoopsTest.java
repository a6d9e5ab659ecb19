package dev.lanewise.bench.elements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.layers.Layer;
import dev.lanewise.bench.layers.LayerContest;
import dev.lanewise.bench.layers.LayerLibrary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No loop is more than the compilers of the JVM can do. Each operation has a JVM of its own, since what they inline depends on what
 * is loaded.
 *
 * <p>C1 gives up a method with too many operations of the Vector API in it. Where it has compiled it without a profile before, the
 * method stays in that code for ever, and creates an object for each vector: 14 times slower for layer normalisation, 70 times for
 * a depthwise gradient. Sizes are odd, for a method is larger where its masks are used.
 *
 * <p>C2 makes objects of vectors where it has inlined too much to follow them: the gradient of group normalisation was fast until
 * C2 compiled its caller, some thousands of calls later, and then four times slower for ever.
 */
@Tag("nightly")
class CompiledLoopsTest {
    private static final String TOO_LARGE = "too-large";
    private static final String BOXED = "boxed";
    private static final Pattern ALLOCATED = Pattern.compile("run allocates (\\d+) bytes");

    /** Until C2 has compiled the callers, too. */
    private static final long NANOS = 3_000_000_000L;

    /** Those of a run of some calls; vectors as objects are many times more. */
    private static final long MOST_BYTES = 1 << 20;

    private static FloatVector kept;

    private static final List<String> LAYERS = Stream.of("", "backward-data:", "backward-weights:")
            .flatMap(direction -> Stream.of("kh3ph1", "kh5ph2", "kh7ph3", "oh14kh3sh2ph1", "oh14kh5sh2ph2")
                    .map(kernel -> direction + "g37mb1ic37ih28oc37" + kernel))
            .toList();

    /** Runs one operation for a while. */
    public static void main(String[] args) {
        float[] x = new float[1003];
        if (args[0].equals(TOO_LARGE)) {
            repeat(() -> tooLarge(x, x.length));
            return;
        }
        if (args[0].equals(BOXED)) {
            repeat(() -> boxed(x));
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
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        run.run();
        System.out.println("run allocates " + (threads.getTotalThreadAllocatedBytes() - before) + " bytes");
    }

    private static Computation computation(String suite, String shape) {
        if (suite.equals(LayerContest.DEPTHWISE.suite())) {
            Layer layer = LayerContest.DEPTHWISE.parse(shape);
            return Libraries.named(LayerLibrary.class, Libraries.OURS).prepare(layer, layer.draw(new Random(1)), 1);
        }
        Problem problem = ElementContest.valueOf(suite).parse(shape);
        return Libraries.named(ElementLibrary.class, Libraries.OURS).prepare(problem, problem.draw(new Random(1)), 1);
    }

    /** What a JVM of its own could not compile, and how much it allocates in the end, if that is much. */
    private static List<String> failures(String... args) throws IOException, InterruptedException {
        String output = output(args);
        List<String> failures = new ArrayList<>(output.lines()
                .filter(line -> line.contains("COMPILE SKIPPED") && line.contains("dev.lanewise"))
                .toList());
        Matcher bytes = ALLOCATED.matcher(output);
        assertTrue(bytes.find(), output);
        if (Long.parseLong(bytes.group(1)) > MOST_BYTES) {
            failures.add(String.join(" ", args) + ": " + bytes.group());
        }
        return failures;
    }

    private static String output(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+PrintCompilation",
                "-cp",
                System.getProperty("java.class.path"),
                CompiledLoopsTest.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void operationsAreCompiled() throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (ElementContest contest : ElementContest.values()) {
            for (ElementOperation operation : contest.operations()) {
                failures.addAll(failures(contest.name(), odd(operation).toString()));
            }
        }
        assertEquals(List.of(), failures);
    }

    private static Problem odd(ElementOperation operation) {
        int axes = operation.shapes().getFirst().length;
        int[] extents = axes == 1 ? new int[] {16411} : axes == 2 ? new int[] {64, 251} : new int[] {4, 64, 56};
        return new Problem(operation, extents);
    }

    @Test
    void depthwiseLayersAreCompiled() throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (String layer : LAYERS) {
            failures.addAll(failures(LayerContest.DEPTHWISE.suite(), layer));
        }
        assertEquals(List.of(), failures);
    }

    /** Negative controls. */
    @Test
    void whatIsTooLargeIsNoticed() throws IOException, InterruptedException {
        assertTrue(failures(TOO_LARGE).stream().anyMatch(line -> line.contains("tooLarge")));
        assertTrue(failures(BOXED).stream().anyMatch(line -> line.contains("bytes")));
    }

    private static void boxed(float[] x) {
        for (int i = 0; i < 100_000; i++) {
            kept = FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, x, i % 100);
        }
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
