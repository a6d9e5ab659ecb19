package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * Covers rows of a depthwise convolution, forward, backward or to its weights, with generated tiles: seven pixels side by
 * side by one or two vectors of channels.
 *
 * <pre>
 *   outputs   y(p)    = start + x(0, p S) w(0, 0) + x(0, p S + 1) w(0, 1) + ... + x(1, p S) w(1, 0) + ...
 *   weights   w(j, k) = w(j, k) + x(j, k) y(0) + x(j, S + k) y(1) + ...           each one chain of fma, in this order
 *
 *   x(j, i) = x[x0 + j * xRow + i * xStep + c]      zeros for j outside [rowFrom, rowTo), i outside [from, to)
 *   w(j, k) = w[w0 + j * wRow + k * wStep + c]
 *   y(p)    = y[y0 + p * yStep + c]
 * </pre>
 *
 * <p>A vector holds channels of one pixel, so that an x(j, i) is loaded once for all pixels that have it under a tap: 12
 * loads of inputs and weights for 21 multiply-adds of a row of a 3x3 kernel, instead of 42. In the first-level cache (Zen
 * 5, AVX-512, 257 GFLOP/s) 3x3 runs at 36 to 42 % of the FMA peak, 5x5 at 57 %. What is left: a load of 64 bytes that
 * straddles two cache lines, as nearly all do, costs as much as two (aligned by chance, 3x3 runs at 50 to 55 %), and each
 * load has a bounds check, for C2 moves checks out of a loop only where its steps are constants.
 *
 * <p>Steps may be negative: the input gradient is the same tile, walked from the right to the left.
 *
 * <p>The last vector of channels is moved left to end with the last channel, and computes some twice, to the same bits; so
 * are the last pixels of a row of outputs. (Sums over pixels, to the weights, can't be computed twice: there, the rest of
 * a row takes {@link DepthwiseAny}, and each vector of channels has a slot of its own in w.) No tile has a mask; where
 * padding is in reach, a tile asks of each input whether it lies in the source, which costs less than a copy of the source
 * with its border. Channels that fill no vector go through {@link DepthwiseNarrow}.
 */
public final class DepthwiseTiles {
    /** Pixels of a tile. */
    static final int PIXELS = 7;

    /**
     * Channels that are computed before the next ones, at least: the inputs of a tile of three rows, 14 KiB, stay in the
     * first-level cache until the next row of outputs needs two of the three again.
     */
    public static final int BLOCK = 128;

    private static final int L = Lanes.LENGTH;

    private DepthwiseTiles() {}

    /**
     * Returns into how many blocks channels are split.
     *
     * @param channels how many channels
     * @return the blocks; all have {@link #BLOCK} channels but the last, which has the rest too
     */
    public static int blocks(int channels) {
        return Math.max(1, channels / BLOCK);
    }

    /**
     * Computes rows of outputs, all columns and channels of them.
     *
     * @param s where things are
     * @param fromRow the first row
     * @param toRow the row after the last
     * @param x the source
     * @param x0 where its pixel (0, 0) is; may lie outside the array if only other rows are in reach
     * @param zeros as many zeros as there are channels, at least a vector's
     * @param w the weights
     * @param w0 where they start
     * @param start the start value of each channel
     * @param start0 where they start
     * @param y receives the outputs
     * @param y0 where output (0, 0) is
     */
    public static void outputs(
            DepthwiseShape s,
            int fromRow,
            int toRow,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        if (s.channels() < L) {
            DepthwiseNarrow.outputs(s, fromRow, toRow, x, x0, zeros, w, w0 + s.weight0(), start, start0, y, y0);
            return;
        }
        int blocks = blocks(s.channels());
        boolean windows = DepthwiseWindows.suits(s) && toRow - fromRow >= DepthwiseWindows.ROWS;
        for (int block = 0; block < blocks; block++) {
            int c = block * BLOCK;
            int channels = block == blocks - 1 ? s.channels() - c : BLOCK;
            int wc = w0 + s.weight0() + c;
            int r = fromRow;
            for (; windows && r < toRow; r += DepthwiseWindows.ROWS) {
                int row = Math.min(r, toRow - DepthwiseWindows.ROWS);
                if (DepthwiseWindows.suits(s, row)) {
                    DepthwiseWindows.outputs(s, channels, row, x, x0 + c, zeros, w, wc, start, start0 + c, y, y0 + c);
                } else {
                    rows(
                            s,
                            channels,
                            row,
                            row + DepthwiseWindows.ROWS,
                            x,
                            x0 + c,
                            zeros,
                            w,
                            wc,
                            start,
                            start0 + c,
                            y,
                            y0 + c);
                }
            }
            rows(s, channels, r, toRow, x, x0 + c, zeros, w, wc, start, start0 + c, y, y0 + c);
        }
    }

    /** Rows of outputs for a block of channels, seven pixels side by side. */
    private static void rows(
            DepthwiseShape s,
            int channels,
            int fromRow,
            int toRow,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        int tile = s.tile();
        int wide = tile == 0 ? DepthwiseAny.PIXELS : PIXELS;
        for (int next = 0; next < s.columns(); next += wide) {
            for (int r = fromRow; r < toRow; r++) {
                int row = s.firstRow() + r * s.rowStep();
                int yr = y0 + r * s.outputRow();
                if (tile == 0) {
                    DepthwiseAny.outputs(s, channels, row, next, x, x0, zeros, w, w0, start, start0, y, yr);
                } else {
                    int p = Math.min(next, s.columns() - PIXELS);
                    tile(tile, s, channels, row, p, x, x0, zeros, w, w0, start, start0, y, yr);
                }
            }
        }
    }

    private static void tile(
            int tile,
            DepthwiseShape s,
            int channels,
            int row,
            int p,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        boolean mirrored = s.mirrored();
        int first = mirrored ? p + PIXELS - 1 : p;
        int column = s.firstColumn() + first * s.columnStep();
        int from = mirrored ? column - s.width() + 1 : -column;
        int to = mirrored ? column + 1 : s.width() - column;
        DepthwiseTile.outputs(
                tile,
                from <= 0 && to >= s.positions(),
                channels,
                s.kernelRows(),
                s.rowFrom(row),
                s.rowTo(row),
                from,
                to,
                x,
                x0 + row * s.sourceRow() + column * s.pixel(),
                s.rowTap() * s.sourceRow(),
                mirrored ? -s.pixel() : s.pixel(),
                zeros,
                w,
                w0,
                s.weightRow(),
                s.weightColumn(),
                start,
                start0,
                y,
                y0 + first * s.outputColumn(),
                mirrored ? -s.outputColumn() : s.outputColumn());
    }

    /**
     * Adds to the weights what rows of outputs give, for a block of channels.
     *
     * @param s where things are, forward; the weights in slots of whole vectors of channels: those of the slot at {@code
     *     i} start with channel {@code min(i, channels - vector)}
     * @param channels channels of the block
     * @param fromRow the first row of outputs
     * @param toRow the row after the last
     * @param x the source
     * @param x0 where the first channel of its pixel (0, 0) is; may lie outside the array if only other rows are in reach
     * @param zeros as many zeros as a row of the source has floats, at least a vector's
     * @param w added to
     * @param w0 where the slots start
     * @param dy the gradient of the outputs
     * @param dy0 where the first channel of output (0, 0) is
     */
    public static void weights(
            DepthwiseShape s,
            int channels,
            int fromRow,
            int toRow,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] dy,
            int dy0) {
        if (channels < L) {
            DepthwiseNarrow.weights(s, channels, fromRow, toRow, x, x0, zeros, w, w0, dy, dy0);
            return;
        }
        if (DepthwiseWeights.suits(s)) {
            DepthwiseWeights.run(s, channels, fromRow, toRow, x, x0, zeros, w, w0, dy, dy0);
            return;
        }
        int tile = s.tile();
        int tiled = tile == 0 ? 0 : s.columns() / PIXELS * PIXELS;
        for (int r = fromRow; r < toRow; r++) {
            int row = s.firstRow() + r * s.rowStep();
            int yr = dy0 + r * s.outputRow();
            for (int p = 0; p < tiled; p += PIXELS) {
                int column = s.firstColumn() + p * s.columnStep();
                int to = s.width() - column;
                DepthwiseTile.weights(
                        tile,
                        column >= 0 && to >= s.positions(),
                        channels,
                        s.kernelRows(),
                        s.rowFrom(row),
                        s.rowTo(row),
                        -column,
                        to,
                        x,
                        x0 + row * s.sourceRow() + column * s.pixel(),
                        s.rowTap() * s.sourceRow(),
                        s.pixel(),
                        zeros,
                        w,
                        w0,
                        s.weightRow(),
                        s.weightColumn(),
                        dy,
                        yr + p * s.outputColumn(),
                        s.outputColumn());
            }
            if (tiled < s.columns()) {
                DepthwiseAny.weights(s, channels, row, tiled, x, x0, zeros, w, w0, dy, yr);
            }
        }
    }
}
