package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/** Packs the right factor of a product into panels; the layout is drawn at {@link Right}. Packing absorbs transposes. */
public final class Panels {
    /** Rows gathered together when columns are not contiguous: one cache line of each column is read at a time. */
    private static final int GATHERED = 64;

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
     * Packs some columns of {@code B(p, j) = source[source0 + rows[p] + j * columnStride]}.
     *
     * @param source holds B
     * @param source0 added to every position
     * @param rows the offset of each row of B
     * @param depth how many rows
     * @param columnStride the distance from column to column
     * @param firstColumn the first column to pack, the start of a panel
     * @param columns all columns of B to its end, or whole panels
     * @param packed receives the panels
     * @param packed0 where the panel of column 0 starts
     */
    public static void pack(
            float[] source,
            int source0,
            int[] rows,
            int depth,
            int columnStride,
            int firstColumn,
            int columns,
            float[] packed,
            int packed0) {
        int end = firstColumn + columns;
        for (int column = firstColumn; column < end; ) {
            int width = Tiles.panelWidth(end - column);
            int valid = Math.min(width, end - column);
            int from = source0 + column * columnStride;
            int to = packed0 + column * depth;
            if (columnStride == 1) {
                packContiguous(source, from, rows, depth, valid, packed, to, width);
            } else {
                packGathered(source, from, rows, depth, columnStride, valid, packed, to, width);
            }
            column += width;
        }
    }

    private static void packContiguous(
            float[] source, int from, int[] rows, int depth, int valid, float[] packed, int to, int width) {
        for (int p = 0; p < depth; p++) {
            int at = to + p * width;
            System.arraycopy(source, from + rows[p], packed, at, valid);
            for (int j = valid; j < width; j++) {
                packed[at + j] = 0;
            }
        }
    }

    private static void packGathered(
            float[] source,
            int from,
            int[] rows,
            int depth,
            int columnStride,
            int valid,
            float[] packed,
            int to,
            int width) {
        for (int p0 = 0; p0 < depth; p0 += GATHERED) {
            int p1 = Math.min(depth, p0 + GATHERED);
            for (int j = 0; j < valid; j++) {
                int column = from + j * columnStride;
                for (int p = p0; p < p1; p++) {
                    packed[to + p * width + j] = source[column + rows[p]];
                }
            }
            for (int p = p0; p < p1; p++) {
                for (int j = valid; j < width; j++) {
                    packed[to + p * width + j] = 0;
                }
            }
        }
    }
}
