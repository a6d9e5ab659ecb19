package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Contest;
import dev.lanewise.bench.compare.Library;
import dev.lanewise.bench.compare.PeakBenchmark.Limit;
import dev.lanewise.bench.compare.Task;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is timed: functions of each element, and sums along rows and columns, that libraries are compared at. */
public enum ElementContest implements Contest {
    /** Functions and activations, and their gradients. */
    ACTIVATIONS("functions of each element and their gradients, gelu:128Ki, gelu-gradient:128Ki", ActivationTable.ROWS),

    /** Softmax and the loss on it. */
    SOFTMAX("softmax, its gradient and cross-entropy, softmax:128x1024", SoftmaxTable.ROWS),

    /** Normalisations. */
    NORM(
            "normalisations of rows, columns and images, alone or with the gradient, layer-norm:128x1024",
            Stream.concat(NormTable.ROWS.stream(), GroupNormTable.ROWS.stream()).toList()),

    /** Attention, which is products of matrices. */
    ATTENTION("attention of heads, alone or with the gradient, attention:8x256x64", AttentionTable.ROWS) {
        @Override
        public String unit() {
            return "GFLOP/s";
        }

        @Override
        public Limit limit() {
            return Limit.FLOAT;
        }

        @Override
        public Task task(String text) {
            Problem problem = parse(text);
            return new Task(problem.toString(), AttentionTable.operations(problem), 0);
        }
    },

    /** The steps of optimizers. */
    OPTIMIZER("updates of parameters, adam:16Mi", OptimizerTable.ROWS),

    /** Sums and maxima. */
    REDUCTIONS("sums and maxima of all or along an axis, and what is added, row-sum:128x1024", ReductionTable.ROWS);

    private final String description;
    private final List<ElementOperation> operations;

    ElementContest(String description, List<ElementOperation> operations) {
        this.description = description;
        this.operations = operations;
    }

    /**
     * Returns the operations that are compared.
     *
     * @return the rows of its table
     */
    public List<ElementOperation> operations() {
        return operations;
    }

    @Override
    public String suite() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public String unit() {
        return "G elements/s";
    }

    @Override
    public Limit limit() {
        return Limit.COPY;
    }

    @Override
    public List<String> lists() {
        return ElementOperation.LISTS;
    }

    /** A list is a column of the table. */
    @Override
    public InputStream open(String list) {
        int column = lists().indexOf(list);
        String text = operations.stream()
                .map(operation -> new Problem(operation, operation.shapes().get(column)).toString())
                .collect(Collectors.joining("\n"));
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean isShape(String word) {
        return word.matches("[a-z][a-z0-9-]*:.*");
    }

    @Override
    public Task task(String text) {
        Problem problem = parse(text);
        return new Task(problem.toString(), problem.work(), problem.bytes(), 0);
    }

    /**
     * Reads a problem of this suite.
     *
     * @param text such as {@code gelu:128Ki}
     * @return the problem
     * @throws IllegalArgumentException if it is none
     */
    public Problem parse(String text) {
        return Problem.parse(operations, text);
    }

    @Override
    public Class<ElementLibrary> kind() {
        return ElementLibrary.class;
    }

    @Override
    public boolean offers(Library library, Task task) {
        return ((ElementLibrary) library).offers(parse(task.shape()).operation());
    }

    @Override
    public Class<ElementBenchmark> benchmark() {
        return ElementBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("contest", name());
    }
}
