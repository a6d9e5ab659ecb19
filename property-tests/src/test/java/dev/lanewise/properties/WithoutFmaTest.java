package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.properties.BatchCase.Factors;
import dev.lanewise.properties.MatmulCase.StartValue;
import dev.lanewise.properties.support.Controls;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Explain;
import dev.lanewise.runtime.Explanation.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a processor without fused multiply-add, products have the same bits, and {@code explain} says that they are slow. */
class WithoutFmaTest {
    @TempDir
    Path folder;

    @Test
    void productsAreRightAndSaidToBeSlow() throws IOException, InterruptedException {
        assertTrue(run("-XX:-UseFMA").endsWith("right and slow\n"));
        assertTrue(run("-XX:+UseFMA").endsWith("right\n"));
    }

    private String run(String option) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WithoutFmaTest.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
        String output = Files.readString(log, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    /**
     * Runs in a JVM of its own.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        for (int transposes = 0; transposes < 4; transposes++) {
            MatmulCase product = new MatmulCase(13, 37, 21, transposes, StartValue.TARGET, Activation.RELU, 1, 5);
            BatchCase batch = new BatchCase(product, Factors.BATCHES, 2, 0.7f, -1.3f, true);
            BatchChecks.checkBits(MatmulChecks::real, batch, Values::normal, Pools.ONE);
            BatchCase other = batch.with(1, -1.3f);
            Controls.assertCaught(() -> BatchChecks.checkBits(
                    (description, a, b, bias, c, threads, workspace) ->
                            MatmulChecks.real(batch.description(), a, b, bias, c, threads, workspace),
                    other,
                    Values::normal,
                    Pools.ONE));
        }
        boolean slow = Explain.process(1).warnings().stream().map(Finding::name).anyMatch("fused multiply-add"::equals);
        System.out.println(slow ? "right and slow" : "right");
        System.exit(0);
    }
}
