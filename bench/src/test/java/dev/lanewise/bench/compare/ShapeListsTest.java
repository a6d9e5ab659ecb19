package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.gemm.Operation;
import dev.lanewise.bench.layers.LayerContest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of shapes: those that come with the program, files, and shapes one by one. */
class ShapeListsTest {
    @TempDir
    Path folder;

    @Test
    void everyListThatComesWithTheProgramIsReadAndNamesItsSource() throws IOException {
        List<Contest> contests = new ArrayList<>(List.of(Operation.values()));
        contests.addAll(List.of(LayerContest.values()));
        for (Contest contest : contests) {
            for (String name : contest.lists()) {
                assertFalse(ShapeLists.of(contest, List.of(name)).isEmpty(), name);
                try (var in = ShapeLists.class.getResourceAsStream(contest.resource(name))) {
                    assertTrue(new String(in.readAllBytes()).contains("# Source: "), name);
                }
            }
        }
        assertTrue(ShapeLists.of(Operation.MATMUL, null).size() > 100);
    }

    @Test
    void shapesFilesAndListsMayBeMixedAndCountOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), "# mine\n\n3x4x5:tn # a comment\n1x1x1\n");
        List<String> shapes =
                ShapeLists.of(Operation.MATMUL, List.of("7x7x7", file.toString(), "square", "7x7x7")).stream()
                        .map(Task::shape)
                        .toList();
        assertEquals(List.of("7x7x7", "3x4x5:tn", "1x1x1", "2x2x2"), shapes.subList(0, 4));
        assertEquals(1, shapes.stream().filter("7x7x7"::equals).count());
    }

    @Test
    void whatIsNoShapeIsRefusedByItsPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.txt"), "1x1x1\n2x2\n");
        String message = refused(file.toString());
        assertTrue(message.contains("line 2: shape 2x2: expected MxNxK"), message);
        assertTrue(refused("squares").contains("expected a shape, a file, or a list: square, "), refused("squares"));
        assertTrue(refused("99999x99999x2").contains("at most"), refused("99999x99999x2"));
    }

    @Test
    void layersAreToldFromListsAndFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("layers.txt"), "ic3ih8oc4kh3 # a comment\n");
        List<String> words = List.of("g2mb1ic4ih5oc4kh1n\"mine\"", file.toString(), "resnet50");
        List<String> shapes = ShapeLists.of(LayerContest.CONV, words).stream()
                .map(Task::shape)
                .toList();
        assertEquals(
                List.of(
                        "g2mb1ic4ih5oc4oh5kh1ph0n\"mine\"",
                        "mb2ic3ih8oc4oh6kh3ph0",
                        "mb1ic3ih224oc64oh112kh7sh2ph3n\"resnet50:conv1\""),
                shapes.subList(0, 3));
        String unknown = refused(LayerContest.CONV, "resnet51");
        assertTrue(unknown.contains("expected a shape, a file, or a list: resnet50, mobilenet-v2, "), unknown);
        assertTrue(refused(LayerContest.POOL, "min:ic3ih8kh2").contains("expected max:"));
    }

    private static String refused(String word) {
        return refused(Operation.MATMUL, word);
    }

    private static String refused(Contest contest, String word) {
        return assertThrows(IllegalArgumentException.class, () -> ShapeLists.of(contest, List.of(word)))
                .getMessage();
    }
}
