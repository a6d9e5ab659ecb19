package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Contest;
import dev.lanewise.bench.compare.Library;
import dev.lanewise.bench.compare.PeakBenchmark.Limit;
import dev.lanewise.bench.compare.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is timed: products that libraries are compared at. */
public enum Operation implements Contest {
    /** Products of float matrices. */
    MATMUL(
            "products of float matrices; shapes MxNxK, with :tn, :nt, :tt, :b8",
            Limit.FLOAT,
            "square",
            "odd",
            "mlp",
            "lenet",
            "resnet50",
            "bert-base",
            "gpt2",
            "vit-b16"),

    /** Products of double matrices. */
    DGEMM("the same in double", Limit.DOUBLE, "dgemm"),

    /** Products of a float matrix and a vector; what counts is how fast the matrix is read. */
    GEMV("matrix times vector; shapes MxK, with :t", Limit.MEMORY, "gemv");

    private final String description;
    private final Limit limit;
    private final List<String> lists;

    Operation(String description, Limit limit, String... lists) {
        this.description = description;
        this.limit = limit;
        this.lists = List.of(lists);
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
    public Limit limit() {
        return limit;
    }

    @Override
    public List<String> lists() {
        return lists;
    }

    @Override
    public Task task(String text) {
        GemmShape shape = parse(text);
        return new Task(text(shape), work(shape), this != GEMV && shape.isSquare() ? shape.n() : 0);
    }

    /**
     * Reads a shape of this suite.
     *
     * @param text such as {@code 512x512x512}, or {@code 4096x4096} for {@link #GEMV}
     * @return the shape
     * @throws IllegalArgumentException if it is none
     */
    public GemmShape parse(String text) {
        return this == GEMV ? GemmShape.parseMatrixVector(text) : GemmShape.parse(text);
    }

    /**
     * Writes a shape of this suite.
     *
     * @param shape the shape
     * @return the text that {@link #parse} reads
     */
    public String text(GemmShape shape) {
        return this == GEMV ? shape.matrixVectorText() : shape.toString();
    }

    @Override
    public String unit() {
        return limit.unit();
    }

    /**
     * Returns how much is done: operations, or the bytes of the matrix.
     *
     * @param shape the shape
     * @return the work
     */
    public double work(GemmShape shape) {
        return this == GEMV ? (double) shape.m() * shape.k() * Float.BYTES : shape.flops();
    }

    @Override
    public Class<GemmLibrary> kind() {
        return GemmLibrary.class;
    }

    @Override
    public boolean offers(Library library, Task task) {
        return ((GemmLibrary) library).offers(this, parse(task.shape()));
    }

    @Override
    public Class<GemmBenchmark> benchmark() {
        return GemmBenchmark.class;
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("operation", name());
    }
}
