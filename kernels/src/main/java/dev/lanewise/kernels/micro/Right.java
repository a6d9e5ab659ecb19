package dev.lanewise.kernels.micro;

/**
 * The right factor of a product, in place or packed.
 *
 * <pre>
 *   in place: B(p, j) = array[b0 + p * rowStride + j]
 *
 *   packed, panel after panel, each as wide as a tile and as deep as the sum, the last filled up to whole vectors:
 *     b(0, 0) ... b(0, 63)  b(1, 0) ... b(1, 63)  ...  b(depth - 1, 0) ... b(depth - 1, 63)
 *     b(0,64) ... b(0,127)  b(1,64) ...
 * </pre>
 *
 * @param array holds the elements
 * @param depth rows of B, the length of the sum
 * @param rowStride distance from row to row in place; 0 if packed
 */
public record Right(float[] array, int depth, int rowStride) {
    /**
     * Returns how far from the start of B a step of a panel is.
     *
     * @param column the panel's first column
     * @param step the step
     * @param width the panel's width
     * @return the distance in elements
     */
    int place(int column, int step, int width) {
        return rowStride == 0 ? column * depth + step * width : column + step * rowStride;
    }
}
