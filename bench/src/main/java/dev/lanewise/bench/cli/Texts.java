package dev.lanewise.bench.cli;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers in words, the same in every locale. */
final class Texts {
    private Texts() {}

    static String count(double value) {
        return String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    /** In full, without an exponent: {@code 0.0001}, not {@code 1.0E-4}; but not a row of zeros for what is tiny or huge. */
    static String number(float value) {
        return value != 0 && (Math.abs(value) < 1e-6f || Math.abs(value) >= 1e6f)
                ? Float.toString(value)
                : new BigDecimal(Float.toString(value)).stripTrailingZeros().toPlainString();
    }

    static String percent(double part, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * part);
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    static String loss(double value) {
        return Math.abs(value) < 1000
                ? String.format(Locale.ROOT, "%.4f", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }

    /** As on a watch: {@code 0:07}, {@code 12:34}, {@code 1:02:03}. */
    static String clock(double seconds) {
        long whole = Math.round(Math.max(0, seconds));
        long hours = whole / 3600;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    /** As one says it: {@code 7.3 s}, {@code 12 min 34 s}. */
    static String duration(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole / 60 % 60 + " min";
    }

    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
