package dev.lanewise.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times of a training step, in milliseconds: one for each round, neighbours in time under the same index.
 *
 * @param threads how many threads worked
 * @param lanewise the times of Lanewise
 * @param pytorch the times of PyTorch
 */
record StepTimes(int threads, List<Double> lanewise, List<Double> pytorch) {
    void add(double ours, double theirs) {
        lanewise.add(ours);
        pytorch.add(theirs);
    }

    /** Least, median and largest. */
    record Spread(double least, double median, double most) {
        static Spread of(double... values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(sorted[0], median, sorted[sorted.length - 1]);
        }

        String format(String pattern) {
            return String.format(Locale.ROOT, pattern + " (" + pattern + "-" + pattern + ")", median, least, most);
        }
    }

    Spread oursMillis() {
        return Spread.of(lanewise.stream().mapToDouble(Double::doubleValue).toArray());
    }

    Spread theirsMillis() {
        return Spread.of(pytorch.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Our time over theirs: below 1, Lanewise is faster. */
    Spread ratio() {
        double[] ratios = new double[lanewise.size()];
        Arrays.setAll(ratios, i -> lanewise.get(i) / pytorch.get(i));
        return Spread.of(ratios);
    }

    static String table(List<StepTimes> results) {
        StringBuilder table = new StringBuilder();
        table.append("Training step of lenet, batch 128: median (least-most) of ")
                .append(results.getFirst().lanewise.size())
                .append(" rounds\n\n");
        String row = "%-8s  %-22s  %-22s  %s%n";
        table.append(String.format(Locale.ROOT, row, "threads", "Lanewise, ms", "PyTorch, ms", "Lanewise / PyTorch"));
        for (StepTimes times : results) {
            table.append(String.format(
                    Locale.ROOT,
                    row,
                    times.threads,
                    times.oursMillis().format("%.1f"),
                    times.theirsMillis().format("%.1f"),
                    times.ratio().format("%.2f")));
        }
        return table.toString();
    }
}
