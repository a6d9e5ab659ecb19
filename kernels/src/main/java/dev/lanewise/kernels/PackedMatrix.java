package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatBlockTiles;
import dev.lanewise.kernels.micro.FloatPanels;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * The right factor of a matrix product in the layout that the tiles read: packed once, used many times. What {@link
 * Matmul} computes with it is what it computes with the matrix itself, to the bit; what is saved is the packing, which
 * takes as long as some rows of the left factor. Weights in inference are what it is made for.
 *
 * <p>Immutable: it holds a copy. The layout depends on the vector width of this machine, so it is not for storing.
 */
public final class PackedMatrix {
    private final int rows;
    private final int columns;
    private final float[] panels;

    private PackedMatrix(int rows, int columns, float[] panels) {
        this.rows = rows;
        this.columns = columns;
        this.panels = panels;
    }

    /**
     * Packs a matrix.
     *
     * @param b the right factor, [k, n]
     * @return the packed matrix
     * @throws ShapeMismatchException if b has not two axes
     * @throws IllegalArgumentException if the packed matrix, whose rows end with a whole vector, does not fit an array
     */
    public static PackedMatrix of(Tensor b) {
        requireMatrix(b);
        return pack(b, b.shape().extent(0), b.shape().extent(1), false);
    }

    /**
     * Packs the transpose of a matrix.
     *
     * @param b the transpose of the right factor, [n, k]
     * @return the packed matrix, of k rows and n columns
     * @throws ShapeMismatchException if b has not two axes
     * @throws IllegalArgumentException if the packed matrix, whose rows end with a whole vector, does not fit an array
     */
    public static PackedMatrix ofTransposed(Tensor b) {
        requireMatrix(b);
        return pack(b, b.shape().extent(1), b.shape().extent(0), true);
    }

    private static void requireMatrix(Tensor b) {
        if (b.shape().rank() != 2) {
            throw new ShapeMismatchException("pack: b is " + b.shape() + "; it must have two axes");
        }
    }

    private static PackedMatrix pack(Tensor b, int k, int n, boolean transposed) {
        int ldb = transposed ? k : n;
        if (FloatGemm.isNarrow(n)) {
            float[] rows = new float[k * n];
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < n; j++) {
                    rows[p * n + j] = b.array()[b.offset() + (transposed ? j * ldb + p : p * ldb + j)];
                }
            }
            return new PackedMatrix(k, n, rows);
        }
        float[] panels = new float[size(k, n)];
        int each = GemmSplit.evenDepth(k, FloatBlockTiles.DEPTH);
        for (int p = 0; p < k; p += each) {
            int depth = Math.min(each, k - p);
            int to = FloatPanels.size(p, n);
            if (transposed) {
                FloatPanels.packTransposed(1, depth, n, b.array(), b.offset() + p, ldb, panels, to);
            } else {
                FloatPanels.pack(1, depth, n, b.array(), b.offset() + p * ldb, ldb, panels, to);
            }
        }
        return new PackedMatrix(k, n, panels);
    }

    /** Returns the size of a matrix's panels; rows end with a whole vector, so what fits an array may not when packed. */
    static int size(int k, int n) {
        long size = (long) k * GemmSplit.divideUp(n, Lanes.LENGTH) * Lanes.LENGTH;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("pack: b has " + k + " rows and " + n + " columns, in panels " + size
                    + " elements; they must fit an array");
        }
        return FloatPanels.size(k, n);
    }

    /**
     * Returns the number of rows.
     *
     * @return k, the length of the sums
     */
    public int rows() {
        return rows;
    }

    /**
     * Returns the number of columns.
     *
     * @return n, the columns of the product
     */
    public int columns() {
        return columns;
    }

    /** Returns what it is and the sizes, such as {@code packed, 5x6}. */
    @Override
    public String toString() {
        return "packed, " + rows + "x" + columns;
    }

    /** The panels of each depth of steps after one another; of a narrow matrix its rows. Not to be written to. */
    float[] panels() {
        return panels;
    }
}
