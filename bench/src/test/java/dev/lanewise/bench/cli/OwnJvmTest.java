package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.Main;
import dev.lanewise.bench.cli.Program.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What depends on how the JVM was started: its options, its modules, its environment. */
class OwnJvmTest {
    private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

    @TempDir
    Path folder;

    @Test
    void withoutTheModuleExplainNamesTheOption() throws Exception {
        Result result = run(List.of(), Map.of(), "explain");
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().contains("start java with --add-modules jdk.incubator.vector"), result.out());
        assertEquals("", result.err());
    }

    @ParameterizedTest
    @CsvSource({"train", "predict a.safetensors b.png"})
    void withoutTheModuleNothingIsComputed(String command) throws Exception {
        Result result = run(List.of(), Map.of(), command.split(" "));
        assertEquals(2, result.code(), result::toString);
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("--add-modules jdk.incubator.vector"), result.err());
    }

    @ParameterizedTest
    @CsvSource({
        "-XX:TieredStopAtLevel=1, compiler C1 only",
        "-Xint, start java without -Xint",
        "-XX:+UseCompactObjectHeaders, start java with -XX:-UseCompactObjectHeaders",
        "-XX:-UseFMA, start java without -XX:-UseFMA",
        "-Ddev.lanewise.lanes=128, forced by -Ddev.lanewise.lanes",
        "-Xmx200m, heap at most 200 MiB"
    })
    void whatMakesItSlowIsWarnedOf(String option, String words) throws Exception {
        List<String> options = new ArrayList<>(VECTORS);
        options.add(option);
        Result result = run(options, Map.of(), "explain");
        assertEquals(0, result.code(), result::toString);
        String warnings = String.join(
                "\n",
                result.out()
                        .lines()
                        .filter(line -> line.startsWith("warning: "))
                        .toList());
        assertTrue(warnings.contains(words), result.out());
        assertFalse(result.out().contains("Nothing here"), result.out());
    }

    @Test
    void aVectorWidthThatThereIsNotIsRefused() throws Exception {
        Result result =
                run(List.of("--add-modules", "jdk.incubator.vector", "-Ddev.lanewise.lanes=77"), Map.of(), "explain");
        assertEquals(2, result.code(), result::toString);
        assertTrue(result.err().contains("dev.lanewise.lanes=77 must be 128, 256 or 512"), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    @Test
    void aHeapThatIsTooSmallIsSaidInALine() throws Exception {
        Path data = Program.data(folder.resolve("data"), 600, 10);
        List<String> options = new ArrayList<>(VECTORS);
        options.add("-Xmx24m");
        Result result = run(options, Map.of(), "train", "--data", data.toString());
        assertEquals(1, result.code(), result::toString);
        assertTrue(result.err().contains("out of memory: the heap may take at most 24 MiB; expected"), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    @Test
    void theEnvironmentNamesTheDataUnlessAnOptionDoes() throws Exception {
        Path named = Program.data(folder.resolve("named"), 40, 10);
        Path other = Program.data(folder.resolve("other"), 30, 10);
        Map<String, String> environment = Map.of("LANEWISE_DATA", named.toString());
        Result fromEnvironment = run(VECTORS, environment, "train", "--network", "mlp", "--epochs", "1");
        assertEquals(0, fromEnvironment.code(), fromEnvironment::toString);
        assertTrue(fromEnvironment.out().contains(named + ": 40 training"), fromEnvironment.out());
        assertTrue(Files.exists(folder.resolve("lanewise-out/model.safetensors")), "the default folder was made");
        Result fromOption =
                run(VECTORS, environment, "train", "--network", "mlp", "--epochs", "1", "--data", other.toString());
        assertEquals(0, fromOption.code(), fromOption::toString);
        assertTrue(fromOption.out().contains(other + ": 30 training"), fromOption.out());
    }

    /** Runs the program in a JVM of its own, in the test's folder. */
    private Result run(List<String> jvmOptions, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvmOptions);
        words.addAll(List.of("-cp", Program.classPath(), Main.class.getName()));
        words.addAll(List.of(arguments));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        // The JVM's own remark on incubator modules is not ours to silence.
        String said = String.join(
                "\n",
                Files.readAllLines(err).stream()
                        .filter(line -> !line.startsWith("WARNING: Using"))
                        .toList());
        return new Result(code, Files.readString(out, StandardCharsets.UTF_8), said);
    }
}
