package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.Main;
import dev.lanewise.bench.compare.CleanJvm;
import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.gemm.EnvironmentProbe;
import dev.lanewise.bench.gemm.GemmLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code OPENBLAS_CORETYPE} and its like, set where {@code lanewise bench} is started, reach no library. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there, bench asks for an environment without them")
class BenchEnvironmentTest {
    private static final Map<String, String> TUNED =
            Map.of("OPENBLAS_CORETYPE", "Haswell", "OMP_NUM_THREADS", "1", "MKL_CBWR", "AVX2", "UNCONCERNED", "stays");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void neitherForksNorVersionsSeeThem() throws IOException, InterruptedException {
        String out = run(
                JAVA, Main.class, "bench", "matmul", "--shapes", "3x3x3", "--peers", EnvironmentProbe.NAME, "--quick");
        String remark = out.lines().findFirst().orElseThrow();
        assertTrue(remark.startsWith("left out of the environment"), out);
        for (String variable : List.of("MKL_CBWR=AVX2", "OMP_NUM_THREADS=1", "OPENBLAS_CORETYPE=Haswell")) {
            assertTrue(remark.contains(variable), out);
        }
        assertFalse(remark.contains("UNCONCERNED"), out);
        assertTrue(out.contains("finds {UNCONCERNED=stays}"), out);
        // The probe refuses to compute where it finds one.
        assertTrue(out.contains("at 3x3x3 vs probe"), out);
    }

    @Test
    void theProbeSeesThemUnlessTheyAreLeftOut() throws IOException, InterruptedException {
        String all = "finds {MKL_CBWR=AVX2, OMP_NUM_THREADS=1, OPENBLAS_CORETYPE=Haswell, UNCONCERNED=stays}";
        assertTrue(run(JAVA, Libraries.class, GemmLibrary.class.getName(), EnvironmentProbe.NAME)
                .contains(all));
        Path script;
        try (CleanJvm jvm = new CleanJvm(TUNED)) {
            script = Path.of(jvm.executable());
            String out = run(jvm.executable(), Libraries.class, GemmLibrary.class.getName(), EnvironmentProbe.NAME);
            assertTrue(out.contains("finds {UNCONCERNED=stays}"), out);
        }
        assertFalse(Files.exists(script));
    }

    @Test
    void withoutThemTheJvmIsStartedAsItIs() throws IOException {
        try (CleanJvm jvm = new CleanJvm(Map.of("PATH", "/bin", "MKLROOT", "/opt/mkl"))) {
            assertEquals(JAVA, jvm.executable());
            assertNull(jvm.remark());
        }
    }

    private static String run(String java, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                java,
                "--add-modules=jdk.incubator.vector",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djmh.ignoreLock=true",
                "-cp",
                Program.classPath(),
                main.getName()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
        builder.environment().putAll(TUNED);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return String.join(
                "\n", out.lines().filter(line -> !line.startsWith("WARNING")).toList());
    }
}
