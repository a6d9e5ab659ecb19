package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Packs the right factor of a product into panels; the layout is drawn at {@link Right}. Packing absorbs transposes. */
public final class Panels {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    /** Rows that are packed side by side, as in {@link FloatPanels}. */
    private static final int STEPS = 8;

    private Panels() {}

    /**
     * Returns the size of a packed factor.
     *
     * @param depth its rows
     * @param columns its columns
     * @return how many floats it takes
     */
    public static int size(int depth, int columns) {
        return Math.multiplyExact(depth, (columns + Lanes.LENGTH - 1) / Lanes.LENGTH * Lanes.LENGTH);
    }

    /**
     * Packs a panel of a row-major B.
     *
     * @param b holds B
     * @param b0 where the panel's first element is
     * @param bStep from row to row of B
     * @param depth its rows
     * @param valid its columns
     * @param packed receives the panel
     * @param packed0 where to
     * @param width columns of the panel; those past the valid ones are filled with zeros
     */
    static void packPanel(float[] b, int b0, int bStep, int depth, int valid, float[] packed, int packed0, int width) {
        for (int p = 0; p < depth; p++) {
            int at = packed0 + p * width;
            System.arraycopy(b, b0 + p * bStep, packed, at, valid);
            for (int j = valid; j < width; j++) {
                packed[at + j] = 0;
            }
        }
    }

    /**
     * Packs some columns of a row-major B.
     *
     * @param b holds B
     * @param b0 where its first element is
     * @param bStep from row to row
     * @param depth its rows
     * @param firstColumn the first column, the start of a panel
     * @param columns all columns of B to its end, or whole panels
     * @param packed receives the panels
     * @param packed0 where the panel of column 0 starts
     */
    public static void pack(
            float[] b, int b0, int bStep, int depth, int firstColumn, int columns, float[] packed, int packed0) {
        int end = firstColumn + columns;
        for (int column = firstColumn; column < end; ) {
            int width = Tiles.panelWidth(end - column);
            int valid = Math.min(width, end - column);
            packPanel(b, b0 + column, bStep, depth, valid, packed, packed0 + column * depth, width);
            column += width;
        }
    }

    /**
     * Packs columns of a row-major B, several rows of it side by side: each is read from end to end, as the hardware fetches
     * memory ahead of its use.
     *
     * @param b holds B
     * @param b0 where its first element is
     * @param bStep from row to row
     * @param depth its rows
     * @param columns its columns
     * @param packed receives the panels
     * @param packed0 where they start
     */
    static void packSideBySide(float[] b, int b0, int bStep, int depth, int columns, float[] packed, int packed0) {
        int whole = columns / Tiles.COLUMNS * Tiles.COLUMNS;
        for (int p = 0; p < depth; p += STEPS) {
            int rows = Math.min(STEPS, depth - p);
            for (int column = 0; column < whole; column += Tiles.COLUMNS) {
                copy(b, b0 + p * bStep + column, bStep, rows, packed, packed0 + column * depth + p * Tiles.COLUMNS);
            }
        }
        pack(b, b0, bStep, depth, whole, columns - whole, packed, packed0);
    }

    /** Copies some steps of a panel that is as wide as the widest tile. */
    private static void copy(float[] b, int b0, int bStep, int rows, float[] packed, int to) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < Tiles.COLUMNS; j += S.length()) {
                FloatVector.fromArray(S, b, b0 + i * bStep + j).intoArray(packed, to + i * Tiles.COLUMNS + j);
            }
        }
    }

    /**
     * Packs some rows of some columns of a B that is stored by columns, {@code B(p, j) = source[source0 + p + j columnStride]}.
     *
     * @param source holds B
     * @param source0 where row 0 of column 0 is
     * @param columnStride from column to column
     * @param rows how many rows
     * @param firstColumn the first column, the start of a panel
     * @param columns all columns of B to its end, or whole panels
     * @param packed receives the panels
     * @param packed0 where the panel of column 0 starts
     * @param depth rows of the panels
     * @param firstRow the first of them to write
     */
    public static void packTransposed(
            float[] source,
            int source0,
            int columnStride,
            int rows,
            int firstColumn,
            int columns,
            float[] packed,
            int packed0,
            int depth,
            int firstRow) {
        int end = firstColumn + columns;
        for (int column = firstColumn; column < end; ) {
            int width = Tiles.panelWidth(end - column);
            int valid = Math.min(width, end - column);
            int from = source0 + column * columnStride;
            int to = packed0 + column * depth + firstRow * width;
            FloatTransposition.run(1, valid, rows, source, from, columnStride, packed, to, width);
            for (int p = 0; p < rows && valid < width; p++) {
                Arrays.fill(packed, to + p * width + valid, to + (p + 1) * width, 0);
            }
            column += width;
        }
    }
}
