package dev.lanewise.kernels.micro;

/**
 * How a depthwise convolution, or one place in the stride of its input gradient, goes over a source: output {@code (r, p)}
 * under tap {@code (j, k)} meets source row {@code firstRow + r rowStep + j rowTap} and source column {@code firstColumn +
 * p columnStep + k columnTap}; outside the source there are zeros.
 *
 * <p>In the arrays, channel {@code c} of depth {@code d} is at:
 *
 * <pre>
 *   source (row, column)   source0 + (row * width + column) * pixel + d * channels + c
 *   tap (j, k)             weight0 + j * weightRow + k * weightColumn + d * channels + c
 *   output (r, p)          output0 + r * outputRow + p * outputColumn + c
 * </pre>
 *
 * @param kernelRows rows of taps
 * @param kernelColumns columns of taps
 * @param firstRow source row of output 0 and tap 0
 * @param firstColumn source column of output 0 and tap 0
 * @param rowStep source rows from one output to the next
 * @param columnStep source columns from one output to the next
 * @param rowTap source rows from one tap to the next, not 0; negative where the kernel is mirrored
 * @param columnTap source columns from one tap to the next, not 0
 * @param height rows of the source
 * @param width columns of the source
 * @param pixel floats from one pixel of the source to the next
 * @param channels channels of an output
 * @param depth terms of the sum that lie in one pixel of the source
 * @param columns outputs of a row
 * @param weight0 the first tap
 * @param weightRow floats from one row of taps to the next
 * @param weightColumn floats from one tap to the next
 * @param outputRow floats from one row of outputs to the next
 * @param outputColumn floats from one output to the next
 */
public record DepthwiseShape(
        int kernelRows,
        int kernelColumns,
        int firstRow,
        int firstColumn,
        int rowStep,
        int columnStep,
        int rowTap,
        int columnTap,
        int height,
        int width,
        int pixel,
        int channels,
        int depth,
        int columns,
        int weight0,
        int weightRow,
        int weightColumn,
        int outputRow,
        int outputColumn) {

    /** Floats from one row of the source to the next. */
    int sourceRow() {
        return width * pixel;
    }

    /** The first row of taps that lies in the source, where the first of all lies at a source row. */
    int rowFrom(int row) {
        int before = rowTap > 0 ? Math.ceilDiv(-row, rowTap) : Math.ceilDiv(row - height + 1, -rowTap);
        return Math.clamp(before, 0, kernelRows);
    }

    /** The row of taps after the last that lies in the source. */
    int rowTo(int row) {
        int last = rowTap > 0 ? Math.floorDiv(height - 1 - row, rowTap) : Math.floorDiv(row, -rowTap);
        return Math.clamp(last + 1, 0, kernelRows);
    }

    /** Whether taps go from the right to the left while outputs go from the left to the right. */
    boolean mirrored() {
        return kernelColumns > 1 && columnTap < 0;
    }

    /** Source columns that a tile of outputs meets, where taps are adjacent. */
    int positions() {
        return (DepthwiseTiles.PIXELS - 1) * columnStep + kernelColumns;
    }

    /**
     * The generated tile, as {@link DepthwiseTile} counts them; 0 if there is none: dilated rows, other widths and strides,
     * rows of outputs shorter than a tile.
     */
    int tile() {
        boolean adjacent = kernelColumns == 1 || columnTap == 1 || columnTap == -1 && columnStep == 1;
        int tile = kernelColumns + 10 * (columnStep - 1);
        boolean known = columnStep <= 2 && kernelColumns < 10 && DepthwiseTile.isKnown(tile);
        return known && adjacent && depth == 1 && columns >= DepthwiseTiles.PIXELS ? tile : 0;
    }
}
