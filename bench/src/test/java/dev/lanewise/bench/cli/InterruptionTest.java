package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.Main;
import dev.lanewise.bench.cli.Program.Result;
import dev.lanewise.nn.train.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a training, and going on after it: the weights of a training that was never stopped. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends signals with kill")
class InterruptionTest {
    private static final Object[] SETTINGS = {"--network", "lenet", "--batch-size", 20, "--seed", 3, "--threads", 1};
    private static final int EPOCHS = 3;
    /** Of 1500 images a tenth is held back; the others make batches of 20. */
    private static final int BATCHES = 68;

    @TempDir
    Path folder;

    @Test
    void whatIsStoppedTwiceEndsAsWhatNeverWas() throws IOException, InterruptedException {
        Path data = Program.data(folder.resolve("data"), 1500, 10);
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Path parts = Files.createDirectory(folder.resolve("parts"));

        int interrupted = interrupt("INT", "train", "--data", data, "--output", parts, "--epochs", EPOCHS);
        assertEquals(130, interrupted);
        Path checkpoint = parts.resolve("checkpoint.safetensors");
        assertTrue(Files.exists(checkpoint));
        assertTrue(Files.notExists(parts.resolve("model.safetensors")), "it ended before it was stopped");
        byte[] first = Files.readAllBytes(checkpoint);
        long steps = Checkpoint.read(checkpoint).steps();
        assertTrue(steps % BATCHES != 0, () -> "stopped after " + steps + " steps, not within an epoch");
        assertEquals(143, interrupt("TERM", "train", "--data", data, "--resume", parts));
        assertTrue(Files.notExists(parts.resolve("model.safetensors")), "it ended before it was stopped");
        assertTrue(!Arrays.equals(first, Files.readAllBytes(checkpoint)), "nothing was learned in between");

        Result rest = Program.run("train", "--data", data, "--resume", parts);
        assertEquals(0, rest.code(), rest::toString);
        List<Object> arguments = new ArrayList<>(List.of("train", "--data", data, "--output", whole));
        arguments.addAll(List.of(SETTINGS));
        arguments.addAll(List.of("--epochs", EPOCHS));
        Result uninterrupted = Program.run(arguments.toArray());
        assertEquals(0, uninterrupted.code(), uninterrupted::toString);
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model.safetensors")),
                Files.readAllBytes(parts.resolve("model.safetensors")));
    }

    /**
     * A shell without job control makes the jobs in its background ignore SIGINT, and a JVM that is started so never hears
     * it: where the tests run like that, the program must not.
     */
    private static List<String> defaultSignals() throws IOException, InterruptedException {
        List<String> env = List.of("env", "--default-signal=INT");
        List<String> trial = new ArrayList<>(env);
        trial.add("true");
        int code = new ProcessBuilder(trial)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return code == 0 ? env : List.of();
    }

    /** Runs the program in a JVM of its own and interrupts it soon after its training has begun; returns the exit code. */
    private int interrupt(String signal, Object... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(defaultSignals());
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                Program.classPath(),
                Main.class.getName()));
        Stream.of(arguments).map(Object::toString).forEach(words::add);
        if (!words.contains("--resume")) {
            Stream.of(SETTINGS).map(Object::toString).forEach(words::add);
        }
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(Map.of("LC_ALL", "C"));
        Process process = builder.start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            boolean sent = false;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.append(line).append('\n');
                if (line.contains("epoch") && line.contains("loss") && !sent) {
                    sent = true;
                    // Some steps into the epoch.
                    TimeUnit.MILLISECONDS.sleep(1000);
                    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor();
                }
            }
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
        assertTrue(output.toString().contains("checkpoint saved"), output::toString);
        return process.exitValue();
    }
}
