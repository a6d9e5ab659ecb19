package dev.lanewise.bench.compare;

import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The shapes to compare: lists that come with the program, files of the user, or shapes one by one.
 *
 * <p>A list has a shape on each line; what follows {@code #} is for people.
 */
public final class ShapeLists {
    private ShapeLists() {}

    /**
     * Returns the names of the lists of an operation.
     *
     * @param operation the operation
     * @return the names, in the order in which they are run
     */
    public static List<String> names(Operation operation) {
        return switch (operation) {
            case MATMUL -> List.of("square", "odd", "mlp", "lenet", "resnet50", "bert-base", "gpt2", "vit-b16");
            case DGEMM -> List.of("dgemm");
            case GEMV -> List.of("gemv");
        };
    }

    /**
     * Returns the shapes that a user asks for, each once.
     *
     * @param operation the operation
     * @param words shapes, names of lists, or files; null or none for all lists
     * @return the shapes
     * @throws IOException if a file can't be read
     * @throws IllegalArgumentException if a word is none of these, or a list holds something else than shapes
     */
    public static List<GemmShape> of(Operation operation, List<String> words) throws IOException {
        Set<GemmShape> shapes = new LinkedHashSet<>();
        for (String word : words == null || words.isEmpty() ? names(operation) : words) {
            if (names(operation).contains(word)) {
                try (InputStream in = ShapeLists.class.getResourceAsStream("/shapes/" + word + ".txt")) {
                    shapes.addAll(read(operation, word, in));
                }
            } else if (word.matches("\\d.*") && !Files.exists(Path.of(word))) {
                shapes.add(operation.parse(word));
            } else if (Files.isRegularFile(Path.of(word))) {
                try (InputStream in = Files.newInputStream(Path.of(word))) {
                    shapes.addAll(read(operation, word, in));
                }
            } else {
                throw new IllegalArgumentException("shapes " + word + ": expected a shape, a file, or a list: "
                        + String.join(", ", names(operation)));
            }
        }
        return List.copyOf(shapes);
    }

    private static List<GemmShape> read(Operation operation, String name, InputStream in) throws IOException {
        List<GemmShape> shapes = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            try {
                shapes.add(operation.parse(text));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(name + ", line " + number + ": " + wrong.getMessage());
            }
        }
        return shapes;
    }
}
