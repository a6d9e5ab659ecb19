package dev.lanewise.bench.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Products whose sizes grow by one from each to the next: a shape in which {@code FROM..TO} stands for the sizes that grow,
 * all together. {@code 64x1..300x64} grows in its columns; {@code 1..300} is short for {@code 1..300x1..300x1..300}, the
 * square products.
 *
 * @param text the sweep as it is written on the command line
 * @param first the first size
 * @param shapes the products, one for each size
 */
public record Sweep(String text, int first, List<GemmShape> shapes) {
    private static final Pattern RANGE = Pattern.compile("([1-9]\\d{0,8})\\.\\.([1-9]\\d{0,8})");
    private static final int MOST = 10_000;

    /**
     * Reads a sweep.
     *
     * @param text such as {@code 64x1..300x64:nt}
     * @return the sweep
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static Sweep parse(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.find()) {
            throw new IllegalArgumentException(
                    "sweep " + text + ": expected a range, such as 1..300 for squares, or 64x1..300x64");
        }
        int from = Integer.parseInt(range.group(1));
        int to = Integer.parseInt(range.group(2));
        if (to <= from || to - from >= MOST) {
            throw new IllegalArgumentException(
                    "sweep " + text + ": expected at least two sizes and at most " + MOST + ", the smallest first");
        }
        String each = text.replace(range.group(), "#");
        String form = each.equals("#") ? "#x#x#" : each;
        List<GemmShape> shapes = new ArrayList<>();
        for (int size = from; size <= to; size++) {
            try {
                shapes.add(GemmShape.parse(form.replace("#", Integer.toString(size))));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("sweep " + text + ": " + wrong.getMessage());
            }
        }
        return new Sweep(text, from, List.copyOf(shapes));
    }

    /**
     * Returns the last size.
     *
     * @return the size
     */
    public int last() {
        return first + shapes.size() - 1;
    }
}
