package dev.lanewise.bench.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.ChartStyle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a fresh process grew fast, worked by hand. */
class WarmUpTest {
    private static final GemmShape SHAPE = GemmShape.parse("10x10x10");

    /** A first call of a second, windows of 10 ms, slow until a time, then fast with a slow window every now and then. */
    private static WarmUp process(double slowUntil, double fastNanos) {
        List<WarmUp.Window> windows = new ArrayList<>(List.of(new WarmUp.Window(1, 1e9)));
        for (int i = 1; i <= 400; i++) {
            double end = 1 + i / 100.0;
            boolean slow = end <= slowUntil || i % 7 == 0;
            windows.add(new WarmUp.Window(end, slow ? 10 * fastNanos : fastNanos));
        }
        return new WarmUp(windows);
    }

    @Test
    void aProcessIsFastFromWhereMostWindowsAre() {
        WarmUp process = process(2.5, 20);
        assertEquals(1, process.firstCall());
        assertEquals(20, process.steadyNanos());
        assertEquals(2.5, process.secondsToSteady(), 1e-9);
        assertEquals(0, new WarmUp(List.of(new WarmUp.Window(1, 5))).secondsToSteady());
    }

    @Test
    void linesAreRead() {
        assertEquals(new WarmUp.Window(0.25, 1234.5), WarmUp.Window.parse("0.25 1234.5"));
    }

    @Test
    void theLastLinesAreTheLongestTimeAndTheWidestSpread() {
        WarmUps even = new WarmUps(SHAPE, 2, List.of(process(3, 20), process(3, 20), process(3.5, 20)));
        WarmUps uneven =
                new WarmUps(GemmShape.parse("20x10x10"), 2, List.of(process(1, 40), process(2, 50), process(2, 44)));
        assertEquals(0.8, uneven.slowestByFastest(), 1e-12);
        assertEquals(
                List.of(
                        "longest warm-up: 3.00 s from the first call to 95 % of the steady speed at 10x10x10"
                                + "   (threads 2)",
                        "widest spread: slowest 0.80 of fastest of 3 processes at 20x10x10   (threads 2)"),
                WarmUpReport.summary(List.of(even, uneven)));
        String line = WarmUpReport.line(uneven);
        assertTrue(line.matches("20x10x10 +90.91 +80.00 +100.0 +0.80 +1000.0 ms .*"), line);
        assertEquals(line.length(), WarmUpReport.header().length());
        String json = WarmUpReport.json(List.of(uneven)).replaceAll("\\s", "");
        assertTrue(json.contains("\"steady\":[100.0,80.0,"), json);
        assertEquals(ChartStyle.WIDTH, WarmUpChart.draw(List.of(even, uneven)).getWidth());
    }
}
