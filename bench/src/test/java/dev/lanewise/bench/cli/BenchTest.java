package dev.lanewise.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cli.Program.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lanewise bench} as a user runs it, with a peer that is always there. */
class BenchTest {
    @TempDir
    Path folder;

    @Test
    void aComparisonEndsWithItsRatioAndWritesWhatIsAskedFor() throws IOException {
        Path json = folder.resolve("results.json");
        Path plot = folder.resolve("results.png");
        Result result = Program.run(
                "bench",
                "matmul",
                "--shapes",
                "33x17x65:tn",
                "--peers",
                "scalar",
                "--quick",
                "--json",
                json,
                "--plot",
                plot);
        assertEquals(0, result.code(), result.toString());
        List<String> lines = result.out().lines().toList();
        int last = lines.size() - 1;
        assertTrue(
                lines.get(last - 1).matches("geomean vs fastest peer: \\d+\\.\\d\\d   \\(threads 1, 1 shapes\\)"),
                result.out());
        assertTrue(lines.get(last).matches("worst: \\d+\\.\\d\\d at 33x17x65:tn vs scalar"), result.out());
        assertTrue(Files.readString(json).contains("33x17x65:tn"));
        assertTrue(ImageIO.read(plot.toFile()).getWidth() > 0);
    }

    @Test
    void thePeakOfTheMachineIsMeasured() {
        Result result = Program.run("bench", "peak", "--quick");
        assertEquals(0, result.code(), result.toString());
        assertTrue(
                result.out().matches("(?s).*FMA, float +[1-9].*FMA, double +[1-9].*memory, read +[1-9].*"),
                result.out());
    }

    @Test
    void whatCannotBeDoneIsSaidAtOnce() {
        for (String[] wrong : new String[][] {
            {"suite conf: expected matmul, dgemm, gemv, peak", "conf"},
            {"--shapes: shape 3x4: expected MxNxK", "matmul", "--shapes", "3x4"},
            {"--shapes: shape 3x4x5: expected MxK", "gemv", "--shapes", "3x4x5"},
            {"--peers cuda: expected probe, scalar", "matmul", "--peers", "cuda"},
            {"--threads 0: expected a whole number from 1 to 1024", "matmul", "--threads", "0"},
            {"expected a file in a folder that can be written to", "matmul", "--plot", folder + "/none/p.png"},
        }) {
            String[] arguments = wrong.clone();
            arguments[0] = "bench";
            Result result = Program.run((Object[]) arguments);
            assertEquals(2, result.code(), result.toString());
            assertTrue(result.err().contains(wrong[0]), result.toString());
        }
    }
}
