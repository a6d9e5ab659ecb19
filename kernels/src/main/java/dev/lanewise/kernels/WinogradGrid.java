package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.WinogradInput;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * How images are cut into tiles for F(4x4, 3x3): results of 4x4 pixels, the last of a row or column with fewer, each from 6x6
 * pixels of the source, which overlap by two. Tiles are numbered image by image and row by row.
 *
 * @param height rows of a source image
 * @param width columns of a source image
 * @param channels channels of the source
 * @param top how far above its first result's row a tile begins, negative if below
 * @param left likewise of the columns
 * @param outHeight rows of a result
 * @param outWidth columns of a result
 */
record WinogradGrid(int height, int width, int channels, int top, int left, int outHeight, int outWidth) {
    /** Rows and columns of results in a tile. */
    static final int TILE = 4;

    /** Rows and columns of the source in a tile. */
    static final int REACH = 6;

    /** Positions of a transformed tile. */
    static final int POSITIONS = REACH * REACH;

    int rows() {
        return (outHeight + TILE - 1) / TILE;
    }

    int columns() {
        return (outWidth + TILE - 1) / TILE;
    }

    int tilesOf(int batch) {
        return Math.multiplyExact(batch, Math.multiplyExact(rows(), columns()));
    }

    int image(int tile) {
        return tile / (rows() * columns());
    }

    /** The row of a tile's first result. */
    int row(int tile) {
        return tile / columns() % rows() * TILE;
    }

    /** The column of a tile's first result. */
    int column(int tile) {
        return tile % columns() * TILE;
    }

    /** Where a tile's first result goes, relative to the first image, for so many channels. */
    int target(int tile, int outChannels) {
        return ((image(tile) * outHeight + row(tile)) * outWidth + column(tile)) * outChannels;
    }

    /**
     * Transforms the source of a tile.
     *
     * @param tile its number
     * @param x the source
     * @param scratch of the thread
     * @param temp0 where 36 vectors of it are
     * @param patch0 where 36 pixels of it are, for tiles that reach over the border
     * @param v receives the positions
     * @param v0 where the first one goes
     * @param position from position to position
     */
    void transform(int tile, Tensor x, float[] scratch, int temp0, int patch0, float[] v, int v0, int position) {
        int firstRow = row(tile) - top;
        int firstColumn = column(tile) - left;
        int image0 = x.offset() + image(tile) * height * width * channels;
        boolean inside =
                firstRow >= 0 && firstColumn >= 0 && firstRow + REACH <= height && firstColumn + REACH <= width;
        if (inside) {
            int x0 = image0 + (firstRow * width + firstColumn) * channels;
            int row = width * channels;
            WinogradInput.run(channels, x.array(), x0, row, channels, scratch, temp0, v, v0, position);
        } else {
            copy(x.array(), image0, height, width, channels, firstRow, firstColumn, REACH, scratch, patch0);
            WinogradInput.run(channels, scratch, patch0, REACH * channels, channels, scratch, temp0, v, v0, position);
        }
    }

    /** Copies a square of an image's pixels, zeros where it reaches over the border. */
    static void copy(
            float[] x,
            int x0,
            int height,
            int width,
            int channels,
            int firstRow,
            int firstColumn,
            int side,
            float[] to,
            int to0) {
        int from = Math.clamp(firstColumn, 0, width);
        int end = Math.clamp((long) firstColumn + side, from, width);
        int rowFloats = side * channels;
        for (int i = 0; i < side; i++) {
            int row = firstRow + i;
            int at = to0 + i * rowFloats;
            if (row < 0 || row >= height || from == end) {
                Arrays.fill(to, at, at + rowFloats, 0);
                continue;
            }
            int start = at + (from - firstColumn) * channels;
            int stop = at + (end - firstColumn) * channels;
            Arrays.fill(to, at, start, 0);
            System.arraycopy(x, x0 + (row * width + from) * channels, to, start, stop - start);
            Arrays.fill(to, stop, at + rowFloats, 0);
        }
    }
}
