package dev.lanewise.bench.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a comparison comes to: the two lines at its end. */
public final class Summary {
    private Summary() {}

    /**
     * Returns the lines for one number of threads.
     *
     * @param rows what was measured with it; those without a peer do not count
     * @return {@code geomean vs fastest peer: R.RR   (threads T, N shapes)} and {@code worst: R.RR at SHAPE vs PEER}
     */
    public static List<String> lines(List<Row> rows) {
        List<Row> compared =
                rows.stream().filter(row -> row.fastestPeer() != null).toList();
        if (compared.isEmpty()) {
            return List.of("nothing to compare with: no peer was measured");
        }
        double logarithms =
                compared.stream().mapToDouble(row -> Math.log(row.ratio())).sum();
        Row worst =
                compared.stream().min(Comparator.comparingDouble(Row::ratio)).orElseThrow();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "geomean vs fastest peer: %.2f   (threads %d, %d shapes)",
                        Math.exp(logarithms / compared.size()),
                        worst.threads(),
                        compared.size()),
                String.format(
                        Locale.ROOT, "worst: %.2f at %s vs %s", worst.ratio(), worst.shape(), worst.fastestPeer()));
    }
}
