package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.SumLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** Sums of elements or of products along an axis, in chunks that do not depend on the threads. */
final class SumsAlong {
    /** Elements of a chunk that are next to each other. */
    private static final int CHUNK = 1 << 14;

    /** Rows of a chunk, where each column has a sum of its own. */
    private static final int CHUNK_ROWS = 1 << 10;

    /** Columns a task takes: their sums stay in the first-level cache. */
    private static final int BLOCK = 1 << 10;

    private SumsAlong() {}

    /**
     * Adds all elements, or all products.
     *
     * @param a the elements
     * @param b what each is multiplied by; null for nothing
     * @param parallelism the threads
     * @param workspace scratch memory
     * @return the sum
     */
    static double all(Tensor a, Tensor b, Parallelism parallelism, Workspace workspace) {
        int chunks = chunks(a.size(), CHUNK);
        Workspace.Mark mark = workspace.mark();
        double[] partials = workspace.doubles(chunks);
        runs(Axis.all(a), chunks, a, b, partials, parallelism);
        double sum = ascending(partials, 0, chunks, 1);
        workspace.release(mark);
        return sum;
    }

    /**
     * Adds elements, or products, along an axis.
     *
     * @param along the axis
     * @param a the elements
     * @param b what each is multiplied by; null for nothing
     * @param finish from a sum to a result, which is rounded to float
     * @param y receives the results
     * @param parallelism the threads
     * @param workspace scratch memory
     */
    static void run(
            Axis along,
            Tensor a,
            Tensor b,
            DoubleUnaryOperator finish,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        boolean adjacent = along.inner() == 1;
        int chunks = chunks(along.extent(), adjacent ? CHUNK : CHUNK_ROWS);
        int results = along.results();
        Workspace.Mark mark = workspace.mark();
        double[] partials = workspace.doubles(Math.multiplyExact(results, chunks));
        if (adjacent) {
            runs(along, chunks, a, b, partials, parallelism);
        } else {
            columns(along, chunks, a, b, partials, parallelism);
        }
        int inner = along.inner();
        parallelism.forRange(results, CHUNK, (from, to) -> {
            for (int i = from; i < to; i++) {
                double sum = ascending(partials, i / inner * chunks * inner + i % inner, chunks, inner);
                y.array()[y.offset() + i] = (float) finish.applyAsDouble(sum);
            }
        });
        workspace.release(mark);
    }

    /** Sums up the chunks of elements that are next to each other. */
    private static void runs(Axis along, int chunks, Tensor a, Tensor b, double[] partials, Parallelism parallelism) {
        int extent = along.extent();
        int each = Math.max(1, CHUNK / Math.max(1, Math.min(extent, CHUNK)));
        parallelism.forRange(along.outer() * chunks, each, (from, to) -> {
            double[] lanes = new double[SumLoops.LANES];
            for (int i = from; i < to; i++) {
                int start = i % chunks * CHUNK;
                int size = Math.min(CHUNK, extent - start);
                int at = i / chunks * extent + start;
                partials[i] = run(a, b, at, size, lanes);
            }
        });
    }

    private static double run(Tensor a, Tensor b, int at, int size, double[] lanes) {
        if (b == null) {
            return SumLoops.sum(a.array(), a.offset() + at, size, lanes);
        }
        return a == b
                ? SumLoops.squares(a.array(), a.offset() + at, size, lanes)
                : SumLoops.dot(a.array(), a.offset() + at, b.array(), b.offset() + at, size, lanes);
    }

    /** Sums up the chunks of rows for each column. */
    private static void columns(
            Axis along, int chunks, Tensor a, Tensor b, double[] partials, Parallelism parallelism) {
        int inner = along.inner();
        int blocks = chunks(inner, BLOCK);
        parallelism.forEach(along.outer() * chunks * blocks, (task, worker) -> {
            int part = task / blocks;
            int column = task % blocks * BLOCK;
            int columns = Math.min(BLOCK, inner - column);
            int row = part % chunks * CHUNK_ROWS;
            int rows = Math.min(CHUNK_ROWS, along.extent() - row);
            int at = (part / chunks * along.extent() + row) * inner + column;
            int to = part * inner + column;
            if (b == null) {
                SumLoops.columns(a.array(), a.offset() + at, rows, inner, columns, partials, to);
            } else {
                SumLoops.columnProducts(
                        a.array(), a.offset() + at, b.array(), b.offset() + at, rows, inner, columns, partials, to);
            }
        });
    }

    /** How many chunks there are, at least one. */
    private static int chunks(int extent, int chunk) {
        return extent == 0 ? 1 : (extent - 1) / chunk + 1;
    }

    private static double ascending(double[] terms, int from, int count, int stride) {
        double sum = terms[from];
        for (int i = 1; i < count; i++) {
            sum += terms[from + i * stride];
        }
        return sum;
    }
}
