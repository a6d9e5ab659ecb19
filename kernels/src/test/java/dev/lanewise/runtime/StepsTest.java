package dev.lanewise.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who cuts the loops over steps: the JVM, or we. */
class StepsTest {
    /** Prints whether we do, in a JVM of its own. */
    static final class Asked {
        public static void main(String[] arguments) {
            System.out.println(Steps.CUT);
        }
    }

    @Test
    void theFlagsTell() {
        assertTrue(isCutByJvm(Map.of("UseCountedLoopSafepoints", "true", "LoopStripMiningIter", "1000")));
        assertFalse(isCutByJvm(Map.of("UseCountedLoopSafepoints", "true", "LoopStripMiningIter", "1")));
        assertFalse(isCutByJvm(Map.of("UseCountedLoopSafepoints", "false", "LoopStripMiningIter", "0")));
        assertFalse(isCutByJvm(Map.of()));
    }

    @Test
    void theCollectorDecides() throws IOException, InterruptedException {
        assertEquals("false", cut("-XX:+UseG1GC"));
        assertEquals("true", cut("-XX:+UseSerialGC"));
        assertEquals("true", cut("-XX:+UseParallelGC"));
    }

    private static boolean isCutByJvm(Map<String, String> flags) {
        return Steps.isCutByJvm(new JvmFlags(name -> Optional.ofNullable(flags.get(name))));
    }

    private static String cut(String collector) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        collector,
                        "-cp",
                        // Tests run in the module, whose classes are not on the class path.
                        Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                        Asked.class.getName())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.strip();
    }
}
