package dev.lanewise.bench.compare;

import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Writes a comparison as JSON: the speed of every fork, so that others can take their own medians. */
public final class JsonReport {
    private JsonReport() {}

    /**
     * Writes a comparison.
     *
     * @param contest what was compared
     * @param machine what is known of the machine, in a line
     * @param versions what each library says that it is
     * @param rows what was measured, by the number of threads
     * @param peaks what the machine can do at most, by the number of threads
     * @return the text
     */
    public static String of(
            Contest contest,
            String machine,
            Map<String, String> versions,
            SortedMap<Integer, List<Row>> rows,
            SortedMap<Integer, Double> peaks) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("suite", contest.suite());
        report.put("unit", contest.unit());
        report.put("machine", machine);
        report.put("libraries", versions);
        report.put("peaks", peaks);
        report.put("rows", rows.values().stream().flatMap(List::stream).toList());
        return text(report);
    }

    /**
     * Writes any report.
     *
     * @param report its entries, in order
     * @return the text
     */
    public static String text(Map<String, Object> report) {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .serializeSpecialFloatingPointValues()
                        .create()
                        .toJson(report) + "\n";
    }
}
