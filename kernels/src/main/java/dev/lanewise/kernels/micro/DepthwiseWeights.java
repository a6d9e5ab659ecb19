package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;

/**
 * The weight gradient of the depthwise convolutions that networks have, 3x3 and 5x5 with a stride of 1 or 2, by generated
 * tiles that keep the sums of all taps in registers while all rows of an image pass.
 *
 * <pre>
 *   w(j, k) = w(j, k) + x(0 S + j, 0 S + k) y(0, 0) + x(0 S + j, 1 S + k) y(0, 1) + ...    one chain of fma
 * </pre>
 *
 * <p>A tile goes along the columns of the source and keeps the last outputs, so that it loads each input of a row once for all
 * taps that meet it: 8 loads for 18 multiply-adds with 3x3 and two vectors, where {@link DepthwiseTiles}, which loads and
 * stores its sums for every seven pixels, had 44 for 42. Rows and columns outside the source are read from zeros.
 */
final class DepthwiseWeights {
    private static final int L = Lanes.LENGTH;

    /** Outputs of a channel that a tile takes at a time, if a row has no more: enough to load and store its sums seldom. */
    private static final int CALL_OUTPUTS = 56;

    /**
     * Floats of the source that channels meet before the next rows follow, at most, if two vectors do not meet more: 128 KiB,
     * and few pages. All rows for two vectors of channels walk through as many pages as the image has.
     */
    private static final int CACHED_FLOATS = 1 << 15;

    private DepthwiseWeights() {}

    /** Whether there is a tile, and only the first and last columns of a row reach over the border. */
    static boolean suits(DepthwiseShape s) {
        int kernel = s.kernelRows();
        boolean known = kernel == 3 || kernel == 5 && Lanes.TILE_VECTORS > 2;
        boolean adjacent = s.kernelColumns() == kernel && s.columnTap() == 1 && s.columnStep() <= 2;
        if (!known || !adjacent) {
            return false;
        }
        int lags = (kernel - 1) / s.columnStep();
        int first = s.firstColumn() + lags * s.columnStep();
        int end = s.firstColumn() + s.columns() * s.columnStep();
        return s.columns() > lags && first >= 0 && end <= s.width();
    }

    /** Computes what {@link DepthwiseTiles#weights} does; the zeros are as many as a row of the source has. */
    static void run(
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
        int vectors = s.kernelRows() == 3 && Lanes.TILE_VECTORS > 2 && channels >= 2 * L ? 2 : 1;
        int rows = Math.max(1, CALL_OUTPUTS / s.columns());
        int reach = (rows - 1) * s.rowStep() + s.kernelRows();
        int floats = reach * s.width() * vectors * L;
        int group = Math.max(1, CACHED_FLOATS / floats) * vectors * L;
        for (int from = 0; from < channels; from += group) {
            int to = Math.min(from + group, channels);
            for (int r = fromRow; r < toRow; r += rows) {
                rows(s, channels, from, to, r, Math.min(r + rows, toRow), x, x0, zeros, w, w0, dy, dy0);
            }
        }
    }

    /** Some rows and channels, which stay in the first-level cache. */
    private static void rows(
            DepthwiseShape s,
            int channels,
            int from,
            int to,
            int fromRow,
            int toRow,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] dy,
            int dy0) {
        int tile = s.kernelRows() + 10 * s.columnStep();
        int next = from;
        for (; tile % 10 == 3 && Lanes.TILE_VECTORS > 2 && next + 2 * L <= to; next += 2 * L) {
            int xc = x0 + next;
            int wc = w0 + next;
            int dyc = dy0 + next;
            if (tile == 13) {
                DepthwiseWeightTile3x2.run(s, fromRow, toRow, x, xc, zeros, w, wc, dy, dyc);
            } else {
                DepthwiseWeightTile3Stride2x2.run(s, fromRow, toRow, x, xc, zeros, w, wc, dy, dyc);
            }
        }
        for (; next < to; next += L) {
            int c = Math.min(next, channels - L);
            int xc = x0 + c;
            int wc = w0 + next;
            int dyc = dy0 + c;
            switch (tile) {
                case 13 -> DepthwiseWeightTile3x1.run(s, fromRow, toRow, x, xc, zeros, w, wc, dy, dyc);
                case 23 -> DepthwiseWeightTile3Stride2x1.run(s, fromRow, toRow, x, xc, zeros, w, wc, dy, dyc);
                case 15 -> DepthwiseWeightTile5x1.run(s, fromRow, toRow, x, xc, zeros, w, wc, dy, dyc);
                default -> DepthwiseWeightTile5Stride2x1.run(s, fromRow, toRow, x, xc, zeros, w, wc, dy, dyc);
            }
        }
    }
}
