package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.JsonReport;
import dev.lanewise.bench.compare.Machine;
import dev.lanewise.bench.compare.Median;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is printed and written of fresh processes. */
final class WarmUpReport {
    private static final String LINE = "%-22s%9s%9s%9s%7s%13s%10s%16s";

    private WarmUpReport() {}

    /** The names of the columns. */
    static String header() {
        return String.format(
                Locale.ROOT,
                LINE,
                Operation.MATMUL.unit(),
                "steady",
                "slowest",
                "fastest",
                "ratio",
                "first call",
                "to 95 %",
                "least - most");
    }

    /** A shape: medians of steady speed, first call and time to 95 % of the steady speed, and how they differ. */
    static String line(WarmUps row) {
        List<Double> steady = row.steady();
        List<Double> seconds = row.secondsToSteady();
        return String.format(
                Locale.ROOT,
                LINE,
                row.shape(),
                speed(Median.of(steady)),
                speed(WarmUps.least(steady)),
                speed(WarmUps.most(steady)),
                String.format(Locale.ROOT, "%.2f", row.slowestByFastest()),
                String.format(Locale.ROOT, "%.1f ms", 1e3 * row.median(WarmUp::firstCall)),
                String.format(Locale.ROOT, "%.2f s", Median.of(seconds)),
                String.format(Locale.ROOT, "%.2f - %.2f s", WarmUps.least(seconds), WarmUps.most(seconds)));
    }

    private static String speed(double speed) {
        return String.format(Locale.ROOT, "%.4g", speed);
    }

    /** The two lines at the end, for one number of threads: the longest time, and the widest spread. */
    static List<String> summary(List<WarmUps> rows) {
        WarmUps longest = rows.stream()
                .max(Comparator.comparingDouble(row -> row.median(WarmUp::secondsToSteady)))
                .orElseThrow();
        WarmUps widest = rows.stream()
                .min(Comparator.comparingDouble(WarmUps::slowestByFastest))
                .orElseThrow();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "longest warm-up: %.2f s from the first call to 95 %% of the steady speed at %s   (threads %d)",
                        longest.median(WarmUp::secondsToSteady),
                        longest.shape(),
                        longest.threads()),
                String.format(
                        Locale.ROOT,
                        "widest spread: slowest %.2f of fastest of %d processes at %s   (threads %d)",
                        widest.slowestByFastest(),
                        widest.processes().size(),
                        widest.shape(),
                        widest.threads()));
    }

    /** The figures of every process. */
    static String json(List<WarmUps> rows) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("suite", "warm-up");
        report.put("unit", Operation.MATMUL.unit());
        report.put("machine", Machine.text());
        List<Map<String, Object>> figures = new ArrayList<>();
        for (WarmUps row : rows) {
            Map<String, Object> figure = new LinkedHashMap<>();
            figure.put("shape", row.shape().toString());
            figure.put("threads", row.threads());
            figure.put("steady", row.steady());
            figure.put(
                    "firstCall", row.processes().stream().map(WarmUp::firstCall).toList());
            figure.put("secondsToSteady", row.secondsToSteady());
            figures.add(figure);
        }
        report.put("rows", figures);
        return JsonReport.text(report);
    }
}
