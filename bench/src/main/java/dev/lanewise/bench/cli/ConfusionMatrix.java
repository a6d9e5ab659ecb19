package dev.lanewise.bench.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prints what was taken for what as a table. */
final class ConfusionMatrix {
    private static final int COLUMN = 6;

    private ConfusionMatrix() {}

    /**
     * Returns the table, a line each: a row for each class that images are of, a column for each that they were taken for.
     *
     * @param classes the names of the classes
     * @param counts how often images of a class (row) were taken for a class (column)
     */
    static List<String> lines(List<String> classes, int[][] counts, Terminal terminal) {
        int widest = classes.stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        StringBuilder header = new StringBuilder(" ".repeat(widest));
        for (String name : classes) {
            header.append(Texts.right(name.substring(0, Math.min(COLUMN - 1, name.length())), COLUMN));
        }
        lines.add(header.append("    right").toString());
        for (int i = 0; i < counts.length; i++) {
            lines.add(row(Texts.left(classes.get(i), widest), counts[i], i, terminal));
        }
        return lines;
    }

    private static String row(String name, int[] counts, int actual, Terminal terminal) {
        StringBuilder line = new StringBuilder(name);
        for (int predicted = 0; predicted < counts.length; predicted++) {
            String text = counts[predicted] == 0 ? "." : Integer.toString(counts[predicted]);
            line.append(" ".repeat(Math.max(1, COLUMN - text.length())))
                    .append(actual == predicted ? terminal.bold(text) : text);
        }
        int total = Arrays.stream(counts).sum();
        String share = total == 0 ? "-" : Texts.percent((double) counts[actual] / total, 1);
        return line + Texts.right(share, 9);
    }
}
