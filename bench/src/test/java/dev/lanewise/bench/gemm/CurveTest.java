package dev.lanewise.bench.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.ChartStyle;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Sweeps over sizes, and the cliffs in them, worked by hand. */
class CurveTest {
    /** A sweep of 1x1x1 to 4x4x4, two passes in each of two processes. */
    private static Curve curve(double... speeds) {
        SweepSamples samples = new SweepSamples();
        Sweep sweep = Sweep.parse("1.." + Math.max(2, speeds.length));
        for (int process = 0; process < 2; process++) {
            samples.nextProcess();
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < speeds.length; i++) {
                    GemmShape shape = sweep.shapes().get(i);
                    samples.add(shape + " " + shape.flops() / speeds[i]);
                }
            }
        }
        assertEquals(4 * speeds.length, samples.count());
        return new Curve(sweep, 1, samples.rows(1));
    }

    @Test
    void aFallOfMoreThanFifteenPercentIsACliff() {
        Curve curve = curve(100, 86, 72, 90);
        assertEquals(
                List.of("3x3x3"),
                curve.cliffs().stream().map(step -> step.to().shape()).toList());
        assertEquals(14 / 86.0, curve.worst().orElseThrow().fall(), 1e-12);
        assertEquals(
                List.of(
                        "cliffs: 1 of 3 steps fall by more than 15 %   (threads 1, 1..4)",
                        "worst fall: 16.3 % from 2x2x2 to 3x3x3"),
                CliffReport.summary(curve));
        assertEquals(
                List.of(
                        "GFLOP/s                                  next size                                 fall",
                        "2x2x2                      86.00 ± 0 %   3x3x3                      72.00 ± 0 %  16.3 %"),
                CliffReport.table(curve));
    }

    @Test
    void whereNothingFallsThereIsNoWorstFall() {
        assertEquals("worst fall: none", CliffReport.summary(curve(1, 2, 2)).getLast());
        assertTrue(curve(5).steps().isEmpty());
    }

    @Test
    void cliffsAreInTheJsonAndInThePicture() {
        TreeMap<Integer, Double> peaks = new TreeMap<>();
        peaks.put(1, 120.0);
        List<Curve> curves = List.of(curve(100, 80, 90, 130), curve(1, 2));
        String json = CliffReport.json(curves, peaks).replaceAll("\\s", "");
        assertTrue(json.contains("\"from\":\"1x1x1\",\"to\":\"2x2x2\",\"fall\":0.19999"), json);
        assertEquals(ChartStyle.WIDTH, CurveChart.draw(curves, peaks).getWidth());
    }

    @Test
    void sweepsGrowInTheSizesThatHaveARange() {
        assertEquals(
                List.of("7x7x7", "8x8x8", "9x9x9"),
                Sweep.parse("7..9").shapes().stream().map(GemmShape::toString).toList());
        assertEquals(
                List.of("64x9x5:nt:b3", "64x10x5:nt:b3"),
                Sweep.parse("64x9..10x5:nt:b3").shapes().stream()
                        .map(GemmShape::toString)
                        .toList());
        assertEquals("8x5x8", Sweep.parse("7..8x5x7..8").shapes().getLast().toString());
        assertEquals(9, Sweep.parse("7..9").last());
    }

    @Test
    void whatIsNoSweepIsRefused() {
        assertRefused("512x512x512", "expected a range");
        assertRefused("9..9", "expected at least two sizes");
        assertRefused("9..7", "the smallest first");
        assertRefused("1..20000x1x1", "at most 10000");
        assertRefused("1..9x5", "sweep 1..9x5: shape 1x5: expected MxNxK");
        assertRefused("1..9x1..8x5", "expected MxNxK");
        assertRefused("99998..99999x99999x1", "at most");
    }

    private static void assertRefused(String text, String words) {
        String message = assertThrows(IllegalArgumentException.class, () -> Sweep.parse(text))
                .getMessage();
        assertTrue(message.startsWith("sweep " + text) && message.contains(words), message);
    }
}
