package dev.lanewise.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that depends on Lanewise by {@code requires dev.lanewise.nn} runs without any flag for the Vector API. */
class ModulePathTest {
    private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

    @TempDir
    Path folder;

    @Test
    void aModuleThatRequiresLanewiseTrainsAStep() throws IOException, InterruptedException {
        Path sources = Files.createDirectories(folder.resolve("src/demo"));
        Files.writeString(folder.resolve("src/module-info.java"), "module demo { requires dev.lanewise.nn; }");
        Files.writeString(sources.resolve("Demo.java"), """
                package demo;

                import dev.lanewise.kernels.Activation;
                import dev.lanewise.nn.*;
                import dev.lanewise.nn.layers.*;
                import dev.lanewise.nn.losses.MeanSquaredError;
                import dev.lanewise.nn.optim.Sgd;
                import dev.lanewise.runtime.*;
                import dev.lanewise.tensor.Tensor;

                public class Demo {
                    public static void main(String[] args) {
                        Linear line = new Linear(1, 1, Activation.IDENTITY);
                        Sgd sgd = new Sgd(line.parameters(), 0.1);
                        Workspace workspace = new Workspace();
                        Tensor x = Tensor.of(new float[] {0, 1, 2}, 3, 1);
                        Tensor y = Tensor.of(new float[] {1, 3, 5}, 3, 1);
                        float loss = 0;
                        for (int step = 0; step < 200; step++) {
                            workspace.reset();
                            Pass pass = Pass.training(1, step, Parallelism.serial(), workspace);
                            Forward forward = line.forward(x, pass);
                            Tensor gradient = workspace.tensor(3, 1);
                            loss = new MeanSquaredError().evaluate(forward.output(), y, gradient, pass);
                            sgd.zeroGradients();
                            forward.backward().apply(gradient, false);
                            sgd.step(Parallelism.serial());
                        }
                        System.out.println(loss < 1e-3 ? "learned" : "loss " + loss);
                    }
                }
                """);
        Path classes = folder.resolve("classes");
        run(List.of(
                JDK.resolve("javac").toString(),
                "-p",
                Modules.path(),
                "-d",
                classes.toString(),
                folder.resolve("src/module-info.java").toString(),
                sources.resolve("Demo.java").toString()));
        String output = run(List.of(
                JDK.resolve("java").toString(),
                "-p",
                Modules.path() + File.pathSeparator + classes,
                "-m",
                "demo/demo.Demo"));
        assertTrue(output.contains("learned"), output);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end: " + command);
        String output = Files.readString(log, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
