package dev.lanewise.bench.elements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.Table;
import dev.lanewise.bench.compare.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The benchmark of functions, softmax, sums and optimizers: what is right may be timed, what is wrong is refused. */
class ElementBenchmarkTest {
    private static final int[] ONE_AXIS = {1003};
    private static final int[] TWO_AXES = {7, 37};
    private static final int[] THREE_AXES = {2, 37, 16};

    private static Problem small(ElementOperation operation) {
        int axes = operation.shapes().getFirst().length;
        return new Problem(operation, axes == 1 ? ONE_AXIS : axes == 2 ? TWO_AXES : THREE_AXES);
    }

    @Test
    void whatIsRightMayBeTimed() {
        for (String name : new String[] {"lanewise", "jdk"}) {
            ElementLibrary library = Libraries.named(ElementLibrary.class, name);
            int timed = 0;
            for (ElementContest contest : ElementContest.values()) {
                for (ElementOperation operation : contest.operations()) {
                    if (library.offers(operation)) {
                        ElementBenchmark benchmark = new ElementBenchmark();
                        benchmark.library = name;
                        benchmark.contest = contest;
                        benchmark.shape = small(operation).toString();
                        benchmark.threads = 2;
                        benchmark.prepare();
                        benchmark.run();
                        benchmark.close();
                        timed++;
                    }
                }
            }
            assertTrue(timed >= 10, name + " times " + timed);
        }
    }

    /** Negative control: one element that is off by a hundredth of what it is made of, and a result of another size. */
    @Test
    void whatIsWrongIsRefused() {
        for (ElementContest contest : ElementContest.values()) {
            for (ElementOperation operation : contest.operations()) {
                Problem problem = small(operation);
                float[][] operands = problem.draw(new Random(3));
                List<Integer> numbers = problem.results();
                for (int wrong = 0; wrong < numbers.size(); wrong++) {
                    List<float[]> results = results(problem, operands);
                    problem.check(operands, results);
                    float[] one = results.get(wrong);
                    int at = one.length / 2;
                    one[at] += 0.2f;
                    String name = operation.operands().get(numbers.get(wrong)).name();
                    assertTrue(refused(problem, operands, results)
                            .startsWith(problem + ": " + name + "[" + at + "] is " + one[at] + "; it must be "));
                    results = new ArrayList<>(results);
                    results.set(wrong, new float[one.length - 1]);
                    assertTrue(refused(problem, operands, results).endsWith("it must have " + one.length));
                }
            }
        }
    }

    private static List<float[]> results(Problem problem, float[][] operands) {
        try (ElementLibrary.Running running =
                Libraries.named(ElementLibrary.class, "lanewise").prepare(problem, operands, 1)) {
            running.run(1);
            return problem.results().stream().map(running::result).toList();
        }
    }

    private static String refused(Problem problem, float[][] operands, List<float[]> results) {
        return assertThrows(IllegalStateException.class, () -> problem.check(operands, results))
                .getMessage();
    }

    /** Two different numbers in a column of 512 leave nothing of a gradient through its normalisation but rounding. */
    @Test
    void columnsAsWideAsThoseOfTheListsDoNotRepeat() {
        int columns = 1 << 15;
        float[] drawn = Operand.read("x", Draw.NORMAL).draw(new Random(1), new int[] {8, columns});
        long different = IntStream.range(0, 8)
                .mapToDouble(row -> drawn[row * columns])
                .distinct()
                .count();
        assertEquals(8, different);
    }

    @Test
    void shortProblemsAreRepeatedAndEachOperandIsMovedOnce() {
        Task gelu = ElementContest.ACTIVATIONS.task("gelu:16384");
        assertEquals("gelu:16Ki", gelu.shape());
        assertEquals(1 << 18, gelu.work());
        assertEquals(2.0 * Float.BYTES * (1 << 18), gelu.limitWork());
        Task adam = ElementContest.OPTIMIZER.task("adam:1Mi");
        assertEquals(1 << 20, adam.work());
        assertEquals(7.0 * Float.BYTES * (1 << 20), adam.limitWork());
        assertEquals(
                "softmax:512x1000",
                ElementContest.SOFTMAX.task("softmax:512x1000").shape());
    }

    @Test
    void aListHasEveryOperationOfItsSuite() throws IOException {
        for (ElementContest contest : ElementContest.values()) {
            for (String list : contest.lists()) {
                try (var in = contest.open(list)) {
                    List<String> lines = new String(in.readAllBytes()).lines().toList();
                    assertEquals(contest.operations().size(), lines.size());
                    lines.forEach(line -> assertEquals(line, contest.task(line).shape()));
                }
            }
        }
    }

    @Test
    void aTableCountsElementsAndBytes() {
        Task task = ElementContest.ACTIVATIONS.task("relu:16Mi");
        Table table = new Table(ElementContest.ACTIVATIONS, List.of("lanewise"), 40, List.of(task));
        LinkedHashMap<String, List<List<Double>>> parts = new LinkedHashMap<>();
        parts.put("lanewise", List.of(List.of(4.0)));
        assertTrue(table.title(1, 3).getFirst().endsWith("peak 40.0 GB/s"));
        assertTrue(table.header().startsWith("G elements/s "), table.header());
        assertTrue(table.header().endsWith("ratio    GB/s  of peak"), table.header());
        String line = table.line(Row.of(task, 1, parts));
        assertTrue(line.endsWith("      -   32.00     80 %"), line);
    }

    @Test
    void whatIsNoProblemIsSaid() {
        for (String[] wrong : new String[][] {
            {"gelo:16Ki", "expected NAME:SIZE, NAME one of relu, relu-gradient, "},
            {"gelu", "expected NAME:SIZE"},
            {"gelu:3x4", "expected gelu:SIZE, such as gelu:16Ki"},
            {"gelu:16ki", "expected a size such as 1000, 16Ki or 16Mi; what is \"16ki\"?"},
            {"gelu:0", "what is \"0\"?"},
            {"gelu:999Mi", "expected at most 256Mi elements"},
        }) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> ElementContest.ACTIVATIONS.task(wrong[0]))
                    .getMessage();
            assertTrue(message.startsWith("shape " + wrong[0] + ": ") && message.contains(wrong[1]), message);
        }
        String message = assertThrows(IllegalArgumentException.class, () -> ElementContest.SOFTMAX.task("softmax:16Ki"))
                .getMessage();
        assertTrue(message.endsWith("expected softmax:ROWSxCOLUMNS, such as softmax:64x256"), message);
    }
}
