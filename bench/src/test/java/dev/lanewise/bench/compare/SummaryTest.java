package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.gemm.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Medians, ratios and the lines at the end of a comparison, worked by hand. */
class SummaryTest {
    /** A row of one part in each fork. */
    private static Row row(String shape, List<Double> ours, List<Double> fast, List<Double> slow) {
        LinkedHashMap<String, List<List<Double>>> parts = new LinkedHashMap<>();
        parts.put("lanewise", ours.stream().map(List::of).toList());
        parts.put("slow", slow.stream().map(List::of).toList());
        parts.put("fast", fast.stream().map(List::of).toList());
        return Row.of(new Task(shape, 1e9, 0), 2, parts);
    }

    private static final Row HALF =
            row("512x512x512", List.of(9.0, 50.0, 10.0), List.of(19.0, 20.0, 22.0), List.of(5.0, 5.0, 5.0));
    private static final Row DOUBLE = row("64x64x64", List.of(10.0, 30.0), List.of(10.0), List.of());
    private static final Row ALONE = row("1x1x1", List.of(10.0), List.of(), List.of());

    @Test
    void aRowComparesMediansWithTheFastestPeer() {
        assertEquals(10, HALF.speed("lanewise"));
        assertEquals(4, HALF.spread("lanewise"));
        assertEquals("fast", HALF.fastestPeer());
        assertEquals(0.5, HALF.ratio());
        assertEquals(20, DOUBLE.speed("lanewise"));
        assertEquals(2, DOUBLE.ratio());
        assertTrue(Double.isNaN(DOUBLE.speed("slow")));
        assertNull(ALONE.fastestPeer());
        assertTrue(Double.isNaN(ALONE.ratio()));
    }

    @Test
    void theSpreadIsThatOfForksAndOfPartsWhereThereIsOneFork() {
        LinkedHashMap<String, List<List<Double>>> parts = new LinkedHashMap<>();
        parts.put("lanewise", List.of(List.of(10.0, 12.0, 9.0)));
        parts.put("fast", List.of(List.of(10.0, 99.0, 1.0), List.of(14.0, 14.0, 14.0)));
        Row row = Row.of(new Task("1x1x1", 1, 1), 1, parts);
        assertEquals(10, row.speed("lanewise"));
        assertEquals(0.1, row.spread("lanewise"), 1e-15);
        assertEquals(12, row.speed("fast"));
        assertEquals(2 / 12.0, row.spread("fast"), 1e-15);
    }

    @Test
    void theLastLinesAreTheGeometricMeanAndTheWorst() {
        assertEquals(
                List.of("geomean vs fastest peer: 1.00   (threads 2, 2 shapes)", "worst: 0.50 at 512x512x512 vs fast"),
                Summary.lines(List.of(DOUBLE, HALF, ALONE)));
        assertEquals(List.of("nothing to compare with: no peer was measured"), Summary.lines(List.of(ALONE)));
    }

    @Test
    void theTableShowsWhatWasMeasured() {
        Table table = new Table(Operation.MATMUL, List.of("lanewise", "slow", "fast"), 100, List.of());
        assertEquals(
                List.of(
                        "matmul, 1 thread: one process each, peak 100.0 GFLOP/s",
                        "±: half of a process's 7 turns are that near to their median"),
                table.title(1, 1));
        assertEquals(
                List.of(
                        "matmul, 2 threads: medians of 3 processes, peak 100.0 GFLOP/s",
                        "±: how far the farthest process is from the median"),
                table.title(2, 3));
        assertEquals(
                "GFLOP/s                       lanewise            slow            fast   ratio  of peak",
                table.header());
        assertEquals(
                "64x64x64                   20.00 ±50 %               -     10.00 ± 0 %    2.00     20 %",
                table.line(DOUBLE));
    }

    @Test
    void everyForkIsInTheJson() {
        TreeMap<Integer, List<Row>> rows = new TreeMap<>();
        rows.put(2, List.of(HALF));
        TreeMap<Integer, Double> peaks = new TreeMap<>();
        peaks.put(2, 100.0);
        String json = JsonReport.of(Operation.MATMUL, "a machine", new LinkedHashMap<>(), rows, peaks);
        assertTrue(json.replaceAll("\\s", "").contains("\"lanewise\":[9.0,50.0,10.0]"), json);
    }

    @Test
    void bothKindsOfPictureAreDrawn() {
        TreeMap<Integer, Double> peaks = new TreeMap<>();
        peaks.put(2, 100.0);
        for (Row other : List.of(DOUBLE, row("64x32x64", List.of(1.0), List.of(1.0), List.of(1.0)))) {
            TreeMap<Integer, List<Row>> rows = new TreeMap<>();
            rows.put(2, List.of(HALF, other));
            assertEquals(
                    ChartStyle.WIDTH,
                    SpeedChart.draw(Operation.MATMUL, rows, peaks).getWidth());
        }
    }
}
