package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Depthwise convolutions of 3x3 with a stride of 1 or 2, forward and to the input, by generated windows: two rows of outputs
 * by one vector of channels, which goes along the columns.
 *
 * <pre>
 *   y(r, p) = start + x(r S, p S) w(0, 0) + x(r S, p S + 1) w(0, 1) + ... + x(r S + 1, p S) w(1, 0) + ...     one chain of fma
 * </pre>
 *
 * <p>A window keeps the nine weights in registers, and what outputs side by side share of the source, so that it loads each
 * input once for all columns and both rows: 4 loads for 18 multiply-adds with a stride of 1, where {@link DepthwiseTiles} has 12
 * for 21. Each load costs as much as two or three multiply-adds: nearly all straddle two cache lines, and each has a bounds
 * check. It takes up to 26 registers. With 16, C2 keeps the weights on the stack, from where a multiply-add takes them without a
 * check: still 1.2 to 1.45 times as fast as those tiles (Zen 5 with {@code -XX:UseAVX=2}), and faster than with weights loaded
 * from their array in each step.
 *
 * <p>Rows and columns outside the source are zeros: at most the first and the last that a window meets, each row in a method
 * of its own, which loads nothing for it. With a mirrored kernel a window goes from the right to the left and from the
 * bottom to the top.
 */
final class DepthwiseWindows {
    /** Rows of outputs of a window. */
    static final int ROWS = 2;

    private static final int KERNEL = 3;

    /**
     * Columns of a window, at most. What one vector of channels meets and writes, 21 KiB with 512 bits, stays in the
     * first-level cache until the next one, half of which lies in the same lines: 87 GFLOP/s, not 73, for 112x112 pixels and 32
     * channels (Zen 5).
     */
    private static final int COLUMNS = 28;

    private static final int L = Lanes.LENGTH;

    private DepthwiseWindows() {}

    /** Whether there is a window, and only the first and last columns of a row reach over the border, by one. */
    static boolean suits(DepthwiseShape s) {
        int stride = s.columnStep();
        boolean square = s.kernelRows() == KERNEL && s.kernelColumns() == KERNEL && s.rowStep() == stride;
        boolean forward = s.rowTap() == 1 && s.columnTap() == 1 && stride <= 2;
        boolean mirrored = s.rowTap() == -1 && s.columnTap() == -1 && stride == 1;
        if (!square || !(forward || mirrored) || s.depth() > 1 || s.channels() < L) {
            return false;
        }
        int reach = (s.columns() - 1) * stride + KERNEL;
        int first = mirrored ? s.firstColumn() - KERNEL + 1 : s.firstColumn();
        return s.columns() > 0 && first >= -1 && first + reach <= s.width() + 1 && s.width() > 1;
    }

    /** Whether of the source rows that two rows of outputs meet, only the first or the last may lie outside. */
    static boolean suits(DepthwiseShape s, int row) {
        int first = s.firstRow() + row * s.rowStep() - (s.rowTap() < 0 ? KERNEL - 1 : 0);
        int last = first + (ROWS - 1) * s.rowStep() + KERNEL - 1;
        return first >= -1 && last <= s.height();
    }

    /**
     * Computes two rows of outputs, for a block of channels.
     *
     * @param s where things are
     * @param channels channels of the block, at least a vector's
     * @param row the first of the rows
     * @param x the source
     * @param x0 where the first channel of its pixel (0, 0) is
     * @param zeros as many zeros as a vector has
     * @param w the weights
     * @param w0 where those of the first channel are
     * @param start the start values
     * @param start0 where that of the first channel is
     * @param y receives the outputs
     * @param y0 where the first channel of output (0, 0) is
     */
    static void outputs(
            DepthwiseShape s,
            int channels,
            int row,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        for (int p = 0; p < s.columns(); p += COLUMNS) {
            int columns = Math.min(COLUMNS, s.columns() - p);
            columns(s, channels, row, p, columns, x, x0, zeros, w, w0, start, start0, y, y0);
        }
    }

    /** Some columns of two rows. */
    private static void columns(
            DepthwiseShape s,
            int channels,
            int row,
            int firstColumn,
            int columns,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        boolean mirrored = s.rowTap() < 0;
        int direction = mirrored ? -1 : 1;
        int firstRow = mirrored ? row + ROWS - 1 : row;
        int firstOutput = mirrored ? s.columns() - 1 - firstColumn : firstColumn;
        int sourceRow = s.firstRow() + firstRow * s.rowStep();
        int lastRow = sourceRow + direction * ((ROWS - 1) * s.rowStep() + KERNEL - 1);
        int column = s.firstColumn() + firstOutput * s.columnStep();
        int lastColumn = column + direction * ((columns - 1) * s.columnStep() + KERNEL - 1);
        boolean top = sourceRow < 0 || sourceRow >= s.height();
        boolean bottom = lastRow < 0 || lastRow >= s.height();
        boolean left = column < 0 || column >= s.width();
        int whole = lastColumn < 0 || lastColumn >= s.width() ? columns - 1 : columns;
        int from = x0 + sourceRow * s.sourceRow() + column * s.pixel();
        int to = y0 + firstRow * s.outputRow() + firstOutput * s.outputColumn();
        if (s.columnStep() == 1) {
            DepthwiseWindow.run(
                    top,
                    bottom,
                    channels,
                    whole,
                    columns,
                    left,
                    x,
                    from,
                    direction * s.sourceRow(),
                    direction * s.pixel(),
                    zeros,
                    w,
                    w0,
                    s.weightRow(),
                    s.weightColumn(),
                    start,
                    start0,
                    y,
                    to,
                    direction * s.outputRow(),
                    direction * s.outputColumn());
        } else {
            DepthwiseWindowStride2.run(
                    top,
                    bottom,
                    channels,
                    whole,
                    columns,
                    left,
                    x,
                    from,
                    s.sourceRow(),
                    s.pixel(),
                    zeros,
                    w,
                    w0,
                    s.weightRow(),
                    s.weightColumn(),
                    start,
                    start0,
                    y,
                    to,
                    s.outputRow(),
                    s.outputColumn());
        }
    }
}
