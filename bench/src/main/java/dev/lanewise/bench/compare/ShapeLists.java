package dev.lanewise.bench.compare;

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
     * Returns the shapes that a user asks for, each once.
     *
     * @param contest what they are shapes of
     * @param words shapes, names of lists, or files; null or none for all lists
     * @return what is to be done
     * @throws IOException if a file can't be read
     * @throws IllegalArgumentException if a word is none of these, or a list holds something else than shapes
     */
    public static List<Task> of(Contest contest, List<String> words) throws IOException {
        Set<Task> tasks = new LinkedHashSet<>();
        for (String word : words == null || words.isEmpty() ? contest.lists() : words) {
            if (contest.lists().contains(word)) {
                try (InputStream in = contest.open(word)) {
                    tasks.addAll(read(contest, word, in));
                }
            } else if (contest.isShape(word) && !Files.exists(Path.of(word))) {
                tasks.add(contest.task(word));
            } else if (Files.isRegularFile(Path.of(word))) {
                try (InputStream in = Files.newInputStream(Path.of(word))) {
                    tasks.addAll(read(contest, word, in));
                }
            } else {
                throw new IllegalArgumentException("shapes " + word + ": expected a shape, a file, or a list: "
                        + String.join(", ", contest.lists()));
            }
        }
        return List.copyOf(tasks);
    }

    private static List<Task> read(Contest contest, String name, InputStream in) throws IOException {
        List<Task> tasks = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            try {
                tasks.add(contest.task(text));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(name + ", line " + number + ": " + wrong.getMessage());
            }
        }
        return tasks;
    }
}
