package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two benchmarks at a time on one machine, one of them here and the other in a process of its own. */
class MachineLockTest {
    private static final int REFUSED = 3;

    @TempDir
    Path folder;

    /** Takes the lock, in a process of its own. */
    static final class Other {
        public static void main(String[] arguments) throws IOException {
            try (MachineLock lock = new MachineLock()) {
                System.out.println("alone");
            } catch (RefusedException refused) {
                System.out.println(refused.getMessage());
                System.exit(REFUSED);
            }
        }
    }

    @Test
    void oneAtATime() throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(
                        folder.resolve("jmh.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = file.lock()) {
            assertTrue(held.isValid());
            assertTrue(other(REFUSED, "false").contains("jmh.lock: held by another benchmark"));
            assertEquals("alone", other(0, "true"));
        }
        assertEquals("alone", other(0, "false"));
    }

    private String other(int code, String ignored) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-Djmh.ignoreLock=" + ignored,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(code, process.waitFor(), out);
        return out.strip();
    }
}
