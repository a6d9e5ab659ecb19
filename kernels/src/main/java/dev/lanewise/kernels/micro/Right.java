package dev.lanewise.kernels.micro;

/**
 * The right factor of a product: in place, in place and transposed, or packed.
 *
 * <pre>
 *   in place:   B(p, j) = array[b0 + p * stride + j]
 *
 *   transposed: B(p, j) = array[b0 + rows[p] + j * stride], rows[p + 1] = rows[p] + 1 but for every adjacent-th
 *
 *   packed, panel after panel, each as wide as a tile and as deep as the sum, the last filled up to whole vectors:
 *     b(0, 0) ... b(0, 63)  b(1, 0) ... b(1, 63)  ...  b(depth - 1, 0) ... b(depth - 1, 63)
 *     b(0,64) ... b(0,127)  b(1,64) ...
 * </pre>
 *
 * @param array holds the elements
 * @param depth rows of B, the length of the sum
 * @param stride distance from row to row in place, from column to column if transposed; 0 if packed
 * @param rows where each row is, if transposed; else null
 * @param adjacent how many rows at a time are next to each other, if transposed
 */
public record Right(float[] array, int depth, int stride, int[] rows, int adjacent) {
    /**
     * Returns a factor in place.
     *
     * @param array holds the elements
     * @param depth rows of B
     * @param rowStride distance from row to row
     * @return the factor
     */
    public static Right inPlace(float[] array, int depth, int rowStride) {
        return new Right(array, depth, rowStride, null, 0);
    }

    /**
     * Returns a factor in place whose columns are stored as rows.
     *
     * @param array holds the elements
     * @param rows where each row of B is
     * @param adjacent how many rows at a time are next to each other
     * @param columnStride distance from column to column
     * @return the factor
     */
    public static Right transposed(float[] array, int[] rows, int adjacent, int columnStride) {
        return new Right(array, rows.length, columnStride, rows, adjacent);
    }

    /**
     * Returns a packed factor.
     *
     * @param array holds the panels
     * @param depth rows of B
     * @return the factor
     */
    public static Right packed(float[] array, int depth) {
        return new Right(array, depth, 0, null, 0);
    }

    /**
     * Tells whether it is transposed.
     *
     * @return whether its columns are stored as rows
     */
    public boolean isTransposed() {
        return rows != null;
    }

    boolean isPacked() {
        return stride == 0 && !isTransposed();
    }

    /**
     * Returns how far from the start of B a step of a panel is, if it is not transposed.
     *
     * @param column the panel's first column
     * @param step the step
     * @param width the panel's width
     * @return the distance in elements
     */
    int place(int column, int step, int width) {
        return isPacked() ? column * depth + step * width : column + step * stride;
    }

    /**
     * Packs some steps of a panel.
     *
     * @param b0 where B starts
     * @param column the panel's first column
     * @param valid its columns
     * @param step the first step
     * @param steps how many
     * @param panel receives them
     * @param panel0 where to
     * @param width columns of the panel; those past the valid ones are filled with zeros
     */
    void pack(int b0, int column, int valid, int step, int steps, float[] panel, int panel0, int width) {
        if (!isTransposed()) {
            Panels.packPanel(array, b0 + place(column, step, width), stride, steps, valid, panel, panel0, width);
            return;
        }
        int column0 = panel0 - column * steps;
        for (int done = 0; done < steps; ) {
            int count = Math.min(steps - done, adjacent - (step + done) % adjacent);
            int from = b0 + rows[step + done];
            Panels.packTransposed(array, from, stride, count, column, valid, panel, column0, steps, done);
            done += count;
        }
    }
}
