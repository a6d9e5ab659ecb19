package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cli.Program.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lanewise bench} as a user runs it, with a peer that is always there. */
class BenchTest {
    @TempDir
    Path folder;

    @Test
    void aComparisonEndsWithItsRatioAndWritesWhatIsAskedFor() throws IOException {
        assertCompared("matmul", "33x17x65:tn", "scalar", "GFLOP/s");
    }

    @Test
    void layersAreComparedAsProductsAre() throws IOException {
        assertCompared("conv-backward-weights", "mb1ic5ih9oc7oh9kh3ph1n\"small:1\"", "scalar", "GFLOP/s");
        assertCompared("pool", "avg-backward:mb1ic5ih9oh4kh3sh2ph0", "scalar", "GB/s");
    }

    @Test
    void functionsAreComparedAsProductsAre() throws IOException {
        assertCompared("activations", "exp:1000", "jdk", "G elements/s");
    }

    @Test
    void theErrorsOfFunctionsAreFound() {
        Result result = Program.run("bench", "accuracy", "--quick", "--peers", "jdk");
        assertEquals(0, result.code(), result.toString());
        assertTrue(result.out().matches("(?s).*\nrelu +0\\.00 at .*\nexp +[01]\\.\\d\\d at .*"), result.out());
    }

    private void assertCompared(String suite, String shape, String peer, String unit) throws IOException {
        Path json = folder.resolve(suite + ".json");
        Path plot = folder.resolve(suite + ".png");
        Result result = Program.run(
                "bench", suite, "--shapes", shape, "--peers", peer, "--quick", "--json", json, "--plot", plot);
        assertEquals(0, result.code(), result.toString());
        List<String> lines = result.out().lines().toList();
        int last = lines.size() - 1;
        assertTrue(
                lines.get(last - 1).matches("geomean vs fastest peer: \\d+\\.\\d\\d   \\(threads 1, 1 shapes\\)"),
                result.out());
        assertTrue(
                lines.get(last).matches("worst: \\d+\\.\\d\\d at " + Pattern.quote(shape) + " vs " + peer),
                result.out());
        assertTrue(result.out().contains("\n" + unit + " "), result.out());
        assertTrue(Files.readString(json).contains(shape.replace("\"", "\\\"")));
        assertTrue(ImageIO.read(plot.toFile()).getWidth() > 0);
    }

    @Test
    void cliffsEndWithTheWorstFallAndWriteWhatIsAskedFor() throws IOException {
        Path json = folder.resolve("cliffs.json");
        Path plot = folder.resolve("cliffs.png");
        Result result = Program.run(
                "bench", "cliffs", "--shapes", "7..9,5x1..2x3:tn", "--quick", "--json", json, "--plot", plot);
        assertEquals(0, result.code(), result.toString());
        List<String> lines = result.out().lines().toList();
        int last = lines.size() - 1;
        assertTrue(
                lines.get(last - 3).matches("cliffs: \\d of 2 steps fall .* \\(threads 1, 7\\.\\.9\\)"), result.out());
        assertTrue(
                lines.get(last - 1).matches("cliffs: \\d of 1 steps fall .* \\(threads 1, 5x1\\.\\.2x3:tn\\)"),
                result.out());
        assertTrue(lines.get(last).matches("worst fall: (none|\\d+\\.\\d % from 5x1x3:tn to 5x2x3:tn)"), result.out());
        assertTrue(Files.readString(json).contains("8x8x8"));
        assertTrue(ImageIO.read(plot.toFile()).getWidth() > 0);
    }

    @Test
    void theWarmUpEndsWithItsTimeAndItsSpreadAndWritesWhatIsAskedFor() throws IOException {
        Path json = folder.resolve("warm-up.json");
        Path plot = folder.resolve("warm-up.png");
        Result result =
                Program.run("bench", "warm-up", "--shapes", "33x17x65", "--quick", "--json", json, "--plot", plot);
        assertEquals(0, result.code(), result.toString());
        List<String> lines = result.out().lines().toList();
        int last = lines.size() - 1;
        assertTrue(lines.get(last - 1).matches("longest warm-up: \\d\\.\\d\\d s .* at 33x17x65 .*"), result.out());
        assertTrue(
                lines.get(last).matches("widest spread: slowest 1.00 of fastest of 1 processes at 33x17x65 .*"),
                result.out());
        assertTrue(Files.readString(json).contains("secondsToSteady"));
        assertTrue(ImageIO.read(plot.toFile()).getWidth() > 0);
    }

    @Test
    void thePeakOfTheMachineIsMeasured() {
        Result result = Program.run("bench", "peak", "--quick");
        assertEquals(0, result.code(), result.toString());
        assertTrue(
                result.out()
                        .matches(
                                "(?s).*FMA, float +[1-9].*FMA, double +[1-9].*memory, read +[1-9].*memory, copy +[1-9].*"),
                result.out());
    }

    @Test
    void whatCannotBeDoneIsSaidAtOnce() {
        for (String[] wrong : new String[][] {
            {"suite conf: expected matmul, dgemm, gemv, conv, conv-backward-data, ", "conf"},
            {"--shapes: shape 3x4: expected MxNxK", "matmul", "--shapes", "3x4"},
            {"--shapes: shape 3x4x5: expected MxK", "gemv", "--shapes", "3x4x5"},
            {"--shapes: shape ic3ih8oc4: kh is missing", "conv", "--shapes", "ic3ih8oc4"},
            {"shapes resnet: expected a shape, a file, or a list: resnet50", "conv", "--shapes", "resnet"},
            {"--peers torch: expected scalar", "pool", "--peers", "torch"},
            {"shapes gelu: expected a shape, a file, or a list: 16Ki", "activations", "--shapes", "gelu"},
            {"--shapes: accuracy does not take it; expected --peers", "accuracy", "--shapes", "gelu:16Ki"},
            {"--peers cuda: expected probe, scalar", "matmul", "--peers", "cuda"},
            {"--threads 0: expected a whole number from 1 to 1024", "matmul", "--threads", "0"},
            {"--shapes: sweep 9..7: expected", "cliffs", "--shapes", "9..7"},
            {"--shapes: shape 64: expected MxNxK", "warm-up", "--shapes", "64"},
            {"--algorithm: matmul does not take it", "matmul", "--algorithm", "fast"},
            {"--algorithm quick: expected exact or fast", "conv", "--algorithm", "quick"},
            {"--peers: cliffs does not take it; expected --shapes", "cliffs", "--peers", "scalar"},
            {"--peers: warm-up does not take it; expected", "warm-up", "--peers", "scalar"},
            {"--json: peak does not take it; expected --threads or --quick", "peak", "--json", folder + "/p.json"},
            {"--rounds many: expected a whole number", "warm-up", "--rounds", "many"},
            {"expected a file in a folder that can be written to", "matmul", "--plot", folder + "/none/p.png"},
        }) {
            String[] arguments = wrong.clone();
            arguments[0] = "bench";
            Result result = Program.run((Object[]) arguments);
            assertEquals(2, result.code(), result.toString());
            assertEquals(1, result.err().lines().count(), result.toString());
            assertTrue(result.err().contains(wrong[0]), result.toString());
        }
    }

    /** Otherwise all that a user would see of a wrong result is "Benchmark error during the run". */
    @Test
    void whatFailedInAProcessIsSaid() {
        Exception benchmark = new Exception("Benchmark error during the run");
        benchmark.addSuppressed(new Exception("Benchmark error", new IllegalStateException("gelu:1000: y[3] is 2.0")));
        assertEquals(
                "gelu:1000: y[3] is 2.0",
                BenchCommand.root(new Exception("failed", benchmark)).getMessage());
    }
}
