package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What was measured before {@code lanewise bench} was stopped is summed up and written. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "ends at once there when it is stopped")
class BenchInterruptionTest {
    private static final int TERMINATED = 143;

    @TempDir
    Path folder;

    @Test
    void aComparison() throws IOException, InterruptedException {
        Path json = folder.resolve("results.json");
        String out = stopAfter(
                "3x3x3 .*", "matmul", "--shapes", "3x3x3,4x4x4,5x5x5", "--peers", "scalar", "--json", json.toString());
        assertTrue(out.contains("geomean vs fastest peer: "), out);
        String written = Files.readString(json);
        assertTrue(written.contains("3x3x3") && !written.contains("5x5x5"), written);
    }

    @Test
    void fallsFromSizeToSize() throws IOException, InterruptedException {
        Path json = folder.resolve("cliffs.json");
        String out =
                stopAfter("cliffs, 1 thread, 1..9: .*", "cliffs", "--shapes", "1..9,11..19", "--json", json.toString());
        assertTrue(out.contains("cliffs: "), out);
        String written = Files.readString(json);
        assertTrue(written.contains("9x9x9") && !written.contains("19x19x19"), written);
    }

    /** Runs a suite and stops it once it has printed a line; returns what it printed. */
    private static String stopAfter(String line, String... suite) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Djmh.ignoreLock=true",
                "-cp",
                Program.classPath(),
                Main.class.getName(),
                "bench",
                "--quick"));
        words.addAll(List.of(suite));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            for (String next = reader.readLine(); next != null; next = reader.readLine()) {
                output.append(next).append('\n');
                if (next.matches(line)) {
                    // The signal that kill sends; the process's own method would close its output as well.
                    process.toHandle().destroy();
                }
            }
        }
        assertEquals(TERMINATED, process.waitFor(), output::toString);
        return output.toString();
    }
}
