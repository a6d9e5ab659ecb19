package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * B as {@link FloatBlockTiles} read it: panels of two vectors of columns, each step after step.
 *
 * <pre>
 *   columns 0..31         32..47              48..69, as vectors at 48 and 54
 *   [p = 0][p = 1]...     [p = 0][p = 1]...   [p = 0][p = 1]...
 * </pre>
 *
 * <p>Columns that do not fill the last vector are no special case: it is moved to the left until it ends with the last column,
 * and overlaps its neighbour in the same panel. So that there is one, an odd number of vectors has its single one before the
 * last two.
 */
public final class FloatPanels {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    /** The most columns of a panel. */
    public static final int COLUMNS = 2 * L;

    /**
     * Rows of B that are packed side by side. Each is read from end to end, as the hardware fetches memory ahead of its use,
     * and each panel receives some cache lines at once: 2048x2048x2048 ran at 244 GFLOP/s so, at 231 with one panel after the
     * other, whose every step is on another page (Zen 5).
     */
    private static final int STEPS = 8;

    private FloatPanels() {}

    /**
     * Returns how wide the next panel is.
     *
     * @param columnsLeft columns that are not in panels yet, at least a vector's
     * @return its vectors, 1 or 2
     */
    static int vectors(int columnsLeft) {
        int left = (columnsLeft + L - 1) / L;
        return left == 3 ? 1 : Math.min(left, 2);
    }

    /** Where the last vector of a panel starts. */
    static int last(int vectors, int columnsLeft) {
        return Math.min(vectors * L, columnsLeft) - L;
    }

    /** How many of the first columns are in panels of two whole vectors. */
    static int inWholePairs(int columns) {
        int whole = 0;
        while (columns - whole >= COLUMNS && vectors(columns - whole) == 2) {
            whole += COLUMNS;
        }
        return whole;
    }

    /**
     * Returns the size of packed columns.
     *
     * @param depth steps
     * @param columns at least a vector's
     * @return elements
     */
    public static int size(int depth, int columns) {
        return depth * ((columns + L - 1) / L) * L;
    }

    /**
     * Returns where a block of columns starts, if columns are cut into blocks of whole panels.
     *
     * @param block which block, or the number of blocks
     * @param blocks how many there are
     * @param columns all columns
     * @return the first column of the block; of the one behind the last, all columns. Where all blocks would have at most some number
     *     of columns, a multiple of {@link #COLUMNS}, if they were equal, the last one has less than {@link #COLUMNS} more
     */
    public static int columnOf(int block, int blocks, int columns) {
        return block == blocks ? columns : columns / COLUMNS * block / blocks * COLUMNS;
    }

    /**
     * Packs columns of a row-major B, times a factor.
     *
     * @param scale the factor
     * @param depth steps, rows of B
     * @param columns columns, at least a vector's
     * @param b B
     * @param b0 where its first element is
     * @param bStep from row to row
     * @param to receives the panels
     * @param to0 where they start
     */
    public static void pack(float scale, int depth, int columns, float[] b, int b0, int bStep, float[] to, int to0) {
        for (int p = 0; p < depth; p += STEPS) {
            int end = Math.min(depth, p + STEPS);
            int at = to0;
            for (int column = 0; column < columns; ) {
                int vectors = vectors(columns - column);
                if (vectors == 2) {
                    pairs(scale, p, end, last(2, columns - column), b, b0 + column, bStep, to, at);
                } else {
                    singles(scale, p, end, b, b0 + column, bStep, to, at);
                }
                at += depth * vectors * L;
                column += vectors * L;
            }
        }
    }

    private static void pairs(
            float scale, int from, int end, int last, float[] b, int b0, int bStep, float[] to, int to0) {
        for (int p = from; p < end; p++) {
            FloatVector first = FloatVector.fromArray(S, b, b0 + p * bStep);
            FloatVector second = FloatVector.fromArray(S, b, b0 + p * bStep + last);
            first.mul(scale).intoArray(to, to0 + p * (2 * L));
            second.mul(scale).intoArray(to, to0 + p * (2 * L) + L);
        }
    }

    private static void singles(float scale, int from, int end, float[] b, int b0, int bStep, float[] to, int to0) {
        for (int p = from; p < end; p++) {
            FloatVector.fromArray(S, b, b0 + p * bStep).mul(scale).intoArray(to, to0 + p * L);
        }
    }

    /**
     * Packs columns of a B that is stored by columns, times a factor.
     *
     * @param scale the factor
     * @param depth steps
     * @param columns columns, at least a vector's
     * @param b B
     * @param b0 where its first element is
     * @param bColumn from column to column; steps follow each other
     * @param to receives the panels
     * @param to0 where they start
     */
    public static void packTransposed(
            float scale, int depth, int columns, float[] b, int b0, int bColumn, float[] to, int to0) {
        int at = to0;
        for (int column = 0; column < columns; ) {
            int vectors = vectors(columns - column);
            for (int v = 0; v < vectors; v++) {
                int from = b0 + (column + (v == 0 ? 0 : last(2, columns - column))) * bColumn;
                FloatTransposition.run(scale, L, depth, b, from, bColumn, to, at + v * L, vectors * L);
            }
            at += depth * vectors * L;
            column += vectors * L;
        }
    }
}
