package dev.lanewise.bench.compare;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the user asks of a suite.
 *
 * @param shapes shapes, files or names of lists; null for the suite's own choice
 * @param threads numbers of threads, one after the other
 * @param peers names of the libraries to compare with; null for the native ones
 * @param algorithm what Lanewise is to use where it has a choice; null for its own
 * @param rounds how many processes for each measurement; null for the suite's own choice
 * @param json the file for every measurement; null for none
 * @param plot the file for a picture; null for none
 * @param forks how processes are run
 * @param quick whether a first look is enough
 */
public record Request(
        List<String> shapes,
        List<Integer> threads,
        List<String> peers,
        String algorithm,
        Integer rounds,
        Path json,
        Path plot,
        Forks forks,
        boolean quick) {
    /**
     * Returns how many processes there are for each measurement.
     *
     * @param usual how many, unless the user says so or wants a first look only
     * @return the number
     */
    public int rounds(int usual) {
        return rounds != null ? rounds : quick ? 1 : usual;
    }

    /**
     * Reads the shapes, for a suite that has no lists of them.
     *
     * @param usual what is measured unless the user says so
     * @param parse reads one, and throws {@link IllegalArgumentException} with what was expected if it can't
     * @param <T> what a shape is to the suite
     * @return the shapes
     * @throws RefusedException if one can't be read
     */
    public <T> List<T> shapes(List<String> usual, Function<String, T> parse) {
        try {
            return (shapes == null ? usual : shapes).stream().map(parse).toList();
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException("--shapes: " + wrong.getMessage());
        }
    }

    /**
     * Refuses options that a suite has no use for, rather than not to heed them.
     *
     * @param suite the suite's name
     * @param options those of {@code --shapes}, {@code --peers}, {@code --rounds}, {@code --json} and {@code --plot} that it
     *     takes; it takes all others
     * @throws RefusedException if the user gave another one
     */
    public void takesOnly(String suite, String... options) {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("--shapes", shapes);
        given.put("--peers", peers);
        given.put("--algorithm", algorithm);
        given.put("--rounds", rounds);
        given.put("--json", json);
        given.put("--plot", plot);
        given.keySet().removeAll(List.of(options));
        given.forEach((option, value) -> {
            if (value != null) {
                throw new RefusedException(option + ": " + suite + " does not take it; expected "
                        + (options.length == 0 ? "" : String.join(", ", options) + ", ") + "--threads or --quick");
            }
        });
    }
}
