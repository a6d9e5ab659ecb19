package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.JsonReport;
import dev.lanewise.bench.compare.Machine;
import dev.lanewise.bench.compare.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** What is printed and written of sweeps. */
final class CliffReport {
    private CliffReport() {}

    /** A line for each cliff, below a header. */
    static List<String> table(Curve curve) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "%-22s%16s   %-22s%16s%8s", Operation.MATMUL.unit(), "", "next size", "", "fall"));
        for (Curve.Step step : curve.cliffs()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-22s%16s   %-22s%16s%6.1f %%",
                    step.from().shape(),
                    speed(step.from()),
                    step.to().shape(),
                    speed(step.to()),
                    100 * step.fall()));
        }
        return lines;
    }

    private static String speed(Row row) {
        return String.format(Locale.ROOT, "%.4g ±%2.0f %%", row.speed(row.ours()), 100 * row.spread(row.ours()));
    }

    /** The two lines at the end: how many cliffs there are, and the worst fall. */
    static List<String> summary(Curve curve) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "cliffs: %d of %d steps fall by more than %.0f %%   (threads %d, %s)",
                        curve.cliffs().size(),
                        curve.steps().size(),
                        100 * Curve.CLIFF,
                        curve.threads(),
                        curve.sweep().text()),
                curve.worst()
                        .map(step -> String.format(
                                Locale.ROOT,
                                "worst fall: %.1f %% from %s to %s",
                                100 * step.fall(),
                                step.from().shape(),
                                step.to().shape()))
                        .orElse("worst fall: none"));
    }

    /** Every measurement, and the cliffs. */
    static String json(List<Curve> curves, SortedMap<Integer, Double> peaks) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("suite", "cliffs");
        report.put("unit", Operation.MATMUL.unit());
        report.put("machine", Machine.text());
        report.put("peaks", peaks);
        List<Map<String, Object>> cliffs = new ArrayList<>();
        for (Curve curve : curves) {
            for (Curve.Step step : curve.cliffs()) {
                Map<String, Object> cliff = new LinkedHashMap<>();
                cliff.put("threads", curve.threads());
                cliff.put("from", step.from().shape());
                cliff.put("to", step.to().shape());
                cliff.put("fall", step.fall());
                cliffs.add(cliff);
            }
        }
        report.put("cliffs", cliffs);
        report.put(
                "rows", curves.stream().flatMap(curve -> curve.rows().stream()).toList());
        return JsonReport.text(report);
    }
}
