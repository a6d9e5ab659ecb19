package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.Operand.Use;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An operation of certain extents, to be timed.
 *
 * @param operation the operation
 * @param extents its extents
 */
public record Problem(ElementOperation operation, int[] extents) {
    /** Elements of a run at least: short computations are repeated, so that calling them is a small part of it. */
    private static final int LEAST = 1 << 18;

    private static final int MOST_ELEMENTS = 1 << 28;
    private static final int CHECKED_PARTS = 2000;
    private static final int CHECKED_ELEMENTS = 1 << 20;

    /**
     * Some units in the last place of what a result was made of: a few roundings and a polynomial of any library, of which
     * oneDNN's logarithm is the coarsest; far less than a wrong formula.
     */
    private static final double TOLERANCE = 0x1p-18;

    /**
     * Reads a problem.
     *
     * @param operations those that there are
     * @param text such as {@code gelu:128Ki} or {@code softmax:128x1000}
     * @return the problem
     * @throws IllegalArgumentException if it is none, or too large for arrays
     */
    public static Problem parse(List<ElementOperation> operations, String text) {
        int colon = Math.max(0, text.indexOf(':'));
        ElementOperation operation = operations.stream()
                .filter(each -> each.name().equals(text.substring(0, colon)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("shape " + text
                        + ": expected NAME:SIZE, NAME one of "
                        + operations.stream().map(ElementOperation::name).collect(Collectors.joining(", "))));
        String[] words = text.substring(colon + 1).split("x", -1);
        int axes = operation.shapes().getFirst().length;
        if (words.length != axes) {
            throw new IllegalArgumentException("shape " + text + ": expected " + operation.name()
                    + (axes == 1
                            ? ":SIZE, such as "
                            : axes == 2 ? ":ROWSxCOLUMNS, such as " : ":COUNTxROWSxCOLUMNS, such as ")
                    + new Problem(operation, operation.shapes().getFirst()));
        }
        int[] extents =
                Arrays.stream(words).mapToInt(word -> extent(text, word)).toArray();
        if (Arrays.stream(extents).asLongStream().reduce(1, (a, b) -> a * b) > MOST_ELEMENTS) {
            throw new IllegalArgumentException("shape " + text + ": expected at most 256Mi elements");
        }
        return new Problem(operation, extents);
    }

    private static int extent(String text, String word) {
        if (!word.matches("[1-9]\\d{0,8}|[1-9]\\d{0,5}Ki|[1-9]\\d{0,2}Mi")) {
            throw new IllegalArgumentException(
                    "shape " + text + ": expected a size such as 1000, 16Ki or 16Mi; what is \"" + word + "\"?");
        }
        int number = Integer.parseInt(word.replaceFirst("[KM]i", ""));
        return word.endsWith("Ki") ? number << 10 : word.endsWith("Mi") ? number << 20 : number;
    }

    /**
     * Returns how often a run computes the same.
     *
     * @return 1 for large problems
     */
    public int repeats() {
        return Math.max(1, LEAST / elements());
    }

    /** Returns the elements of a computation. */
    private int elements() {
        return Span.ALL.size(extents);
    }

    /** Returns the elements of a run. */
    double work() {
        return (double) repeats() * elements();
    }

    /** Returns the bytes that a run has to move, each operand once. */
    double bytes() {
        return repeats()
                * operation.operands().stream()
                        .mapToDouble(operand -> operand.bytes(extents))
                        .sum();
    }

    /**
     * Draws what the operands hold before the first run.
     *
     * @param random where it comes from
     * @return an array for each operand
     */
    public float[][] draw(Random random) {
        return operation.operands().stream()
                .map(operand -> operand.draw(random, extents))
                .toArray(float[][]::new);
    }

    /**
     * Compares the results of the first computation, or thousands of those of a large one, with the truth.
     *
     * @param before what the operands held
     * @param results what the results hold
     * @throws IllegalStateException if they differ by more than rounding; the message says where
     */
    public void check(float[][] before, List<float[]> results) {
        int parts = operation.part().count(extents);
        int checked = Math.max(1, Math.min(CHECKED_PARTS, (int) ((long) CHECKED_ELEMENTS * parts / elements())));
        for (int part = 0; part < parts; part += Math.max(1, parts / checked | 1)) {
            int number = part;
            double[][] operands = IntStream.range(0, before.length)
                    .mapToObj(i -> operation.part().of(number, span(i), extents, before[i]))
                    .toArray(double[][]::new);
            check(part, operation.truth().of(operands, extents), results);
        }
    }

    private Span span(int operand) {
        return operation.operands().get(operand).span();
    }

    private void check(int part, List<Expected> expected, List<float[]> results) {
        int result = 0;
        for (Operand operand : operation.operands()) {
            if (operand.isResult()) {
                check(part, operand, expected.get(result), results.get(result));
                result++;
            }
        }
    }

    private void check(int part, Operand operand, Expected expected, float[] result) {
        int size = operand.span().size(extents);
        if (result.length != size) {
            throw new IllegalStateException(
                    this + ": " + operand.name() + " has " + result.length + " elements; it must have " + size);
        }
        for (int i = 0; i < expected.values().length; i++) {
            int at = operation.part().index(part, operand.span(), extents, i);
            double wanted = expected.values()[i];
            double bound = TOLERANCE * Math.abs(expected.magnitudes()[i]);
            if (!(Math.abs(result[at] - wanted) <= bound)) {
                throw new IllegalStateException(
                        this + ": " + operand.name() + "[" + at + "] is " + result[at] + "; it must be " + wanted);
            }
        }
    }

    /**
     * Returns the numbers of the operands that are results.
     *
     * @return their places in the list of operands
     */
    public List<Integer> results() {
        return IntStream.range(0, operation.operands().size())
                .filter(i -> operation.operands().get(i).isResult())
                .boxed()
                .toList();
    }

    /**
     * Tells whether an operand holds whole numbers.
     *
     * @param operand which
     * @return whether it does
     */
    public boolean isIndices(int operand) {
        return operation.operands().get(operand).use() == Use.INDICES;
    }

    /**
     * Returns the extents of an operand.
     *
     * @param operand which
     * @return its extents
     */
    public int[] extents(int operand) {
        return span(operand).extents(extents);
    }

    /** Writes the problem as {@link #parse} reads it. */
    @Override
    public String toString() {
        return operation.name() + ":"
                + Arrays.stream(extents)
                        .mapToObj(extent -> extents.length > 1 ? Integer.toString(extent) : size(extent))
                        .collect(Collectors.joining("x"));
    }

    private static String size(int extent) {
        return extent % (1 << 20) == 0
                ? (extent >> 20) + "Mi"
                : extent % (1 << 10) == 0 ? (extent >> 10) + "Ki" : Integer.toString(extent);
    }
}
