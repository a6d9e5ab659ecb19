package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.EmbeddingLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Look-up in a table, {@code y(i) = table(index(i))} for rows, and its gradient, {@code dTable(e) = dTable(e) + sum of dy(i)
 * over all i with index(i) = e}.
 *
 * <p>The order of operations of the gradient: rows with the same index are added to what is there one after another,
 * ascending by position. Positions are sorted by index first, so each row of the table is written by one thread and stays
 * in its cache.
 */
public final class Embedding {
    /** Elements a task takes: some microseconds of work. */
    private static final int GRAIN = 1 << 13;

    private Embedding() {}

    /**
     * Copies rows of a table.
     *
     * @param table the table, [entries, width]
     * @param indices for each row of y the row of the table, at least 0 and below entries; what follows the first {@code
     *     count} is not read
     * @param count how many there are
     * @param y receives the rows, [..., width], count rows
     * @param parallelism the threads
     * @throws ShapeMismatchException if table is no matrix, or y has not count rows of its width
     * @throws IllegalArgumentException if an index is outside the table, count is outside indices, or y overlaps the table;
     *     y is untouched then
     */
    public static void forward(Tensor table, int[] indices, int count, Tensor y, Parallelism parallelism) {
        check("embedding", "table", table, indices, count, "y", y);
        int width = table.shape().extent(1);
        parallelism.forRange(count, grain(width), (from, to) -> {
            for (int row = from; row < to; row++) {
                System.arraycopy(
                        table.array(),
                        table.offset() + indices[row] * width,
                        y.array(),
                        y.offset() + row * width,
                        width);
            }
        });
    }

    /**
     * Adds the gradient of the outputs to that of the table.
     *
     * @param indices those of the forward pass
     * @param count how many there are
     * @param dy the gradient of y, [..., width], count rows
     * @param gradient the gradient of the table, [entries, width]; added to
     * @param parallelism the threads
     * @param workspace scratch memory, an int for each index and each entry
     * @throws ShapeMismatchException if gradient is no matrix, or dy has not count rows of its width
     * @throws IllegalArgumentException if an index is outside the table, count is outside indices, or gradient overlaps dy;
     *     gradient is untouched then
     */
    public static void gradient(
            int[] indices, int count, Tensor dy, Tensor gradient, Parallelism parallelism, Workspace workspace) {
        check("embedding gradient", "gradient", gradient, indices, count, "dy", dy);
        int width = gradient.shape().extent(1);
        Workspace.Mark mark = workspace.mark();
        int[] order = workspace.ints(count);
        sort(
                indices,
                count,
                order,
                workspace.ints(gradient.shape().extent(0)),
                gradient.shape().extent(0));
        parallelism.forRange(count, grain(width), (from, to) -> {
            int end = nextEntry(indices, order, count, to);
            for (int at = nextEntry(indices, order, count, from); at < end; at++) {
                EmbeddingLoops.add(
                        dy.array(),
                        dy.offset() + order[at] * width,
                        gradient.array(),
                        gradient.offset() + indices[order[at]] * width,
                        width);
            }
        });
        workspace.release(mark);
    }

    /** Moves the boundary of a task to where another index begins, so that rows of one index are one task's. */
    private static int nextEntry(int[] indices, int[] order, int count, int boundary) {
        int at = boundary;
        while (at > 0 && at < count && indices[order[at]] == indices[order[at - 1]]) {
            at++;
        }
        return at;
    }

    /** Sorts positions by index, equal ones ascending: counts indices, then gives each position its place. */
    private static void sort(int[] indices, int count, int[] order, int[] places, int entries) {
        for (int entry = 0; entry < entries; entry++) {
            places[entry] = 0;
        }
        for (int i = 0; i < count; i++) {
            places[indices[i]]++;
        }
        int place = 0;
        for (int entry = 0; entry < entries; entry++) {
            int many = places[entry];
            places[entry] = place;
            place += many;
        }
        for (int i = 0; i < count; i++) {
            order[places[indices[i]]++] = i;
        }
    }

    private static void check(
            String operation, String tableName, Tensor table, int[] indices, int count, String rowsName, Tensor rows) {
        if (count < 0 || count > indices.length) {
            throw new IllegalArgumentException(operation + ": count is " + count
                    + "; it must be from 0 to the number of" + " indices, " + indices.length);
        }
        boolean fits = table.shape().rank() == 2
                && rows.shape().rank() >= 1
                && rows.shape().extent(-1) == table.shape().extent(1)
                && rows.shape().rows() == count;
        if (!fits) {
            throw new ShapeMismatchException(operation + ": " + tableName + " is " + table.shape() + ", " + rowsName
                    + " is " + rows.shape() + ", indices are " + count + "; " + tableName + " must be a matrix, "
                    + rowsName
                    + " must have one row of its width for each index");
        }
        Checks.apart(operation, tableName, table, rowsName, rows);
        int entries = table.shape().extent(0);
        for (int i = 0; i < count; i++) {
            if (indices[i] < 0 || indices[i] >= entries) {
                throw new IllegalArgumentException(operation + ": index " + indices[i] + " at position " + i
                        + " must be at least 0 and below the number of entries, " + entries);
            }
        }
    }

    private static int grain(int width) {
        return Math.max(1, GRAIN / Math.max(1, width));
    }
}
