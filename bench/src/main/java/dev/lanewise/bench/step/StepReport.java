package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.JsonReport;
import dev.lanewise.bench.compare.Machine;
import dev.lanewise.bench.compare.Row;
import dev.lanewise.bench.compare.Table;
import dev.lanewise.bench.compare.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is printed and written of training steps. */
final class StepReport {
    private static final int WIDTH = 18;

    private StepReport() {}

    /** The lines above the rows. */
    static List<String> title(int threads, int rounds, List<String> libraries) {
        StringBuilder header = new StringBuilder(String.format(Locale.ROOT, "%-10s", "images/s"));
        libraries.forEach(library -> header.append(right(library)));
        return List.of(
                TrainStepSuite.NAME + ", " + Words.threads(threads) + ": batch " + StepData.BATCH + ", Adam, "
                        + (rounds == 1 ? "one process each" : "medians of " + rounds + " processes"),
                Table.spread(rounds),
                header + "   ratio");
    }

    /** The lines of a network: speeds; the most memory of a process; what ours allocates. */
    static List<String> lines(StepRow row) {
        Row speeds = row.speeds();
        StringBuilder speed = new StringBuilder(String.format(Locale.ROOT, "%-10s", row.network()));
        StringBuilder memory = new StringBuilder("  peak    ");
        for (String library : row.samples().keySet()) {
            boolean measured = !row.samples().get(library).isEmpty();
            speed.append(right(
                    measured
                            ? String.format(
                                    Locale.ROOT, "%.4g ±%2.0f %%", speeds.speed(library), 100 * speeds.spread(library))
                            : "-"));
            double peak = row.peakBytes(library);
            memory.append(right(peak > 0 ? String.format(Locale.ROOT, "%.0f MB     ", peak / 1e6) : "-     "));
        }
        double ratio = speeds.ratio();
        speed.append(Double.isNaN(ratio) ? "       -" : String.format(Locale.ROOT, "%8.2f", ratio));
        memory.append(String.format(
                Locale.ROOT, "   ours allocates %.1f KiB a step", row.allocatedBytes(speeds.ours()) / 1024));
        return List.of(speed.toString(), memory.toString());
    }

    /** Every measurement. */
    static String json(Map<String, String> versions, List<StepRow> rows) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("suite", TrainStepSuite.NAME);
        report.put("unit", "images/s");
        report.put("batch", StepData.BATCH);
        report.put("machine", Machine.text());
        report.put("libraries", versions);
        report.put("rows", rows);
        return JsonReport.text(report);
    }

    private static String right(String text) {
        return " ".repeat(Math.max(1, WIDTH - text.length())) + text;
    }
}
