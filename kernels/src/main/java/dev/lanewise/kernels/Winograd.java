package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.BiasLoops;
import dev.lanewise.kernels.micro.WinogradOutput;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * A 3x3 convolution of stride 1 by F(4x4, 3x3) (Winograd 1980; Lavin and Gray 2015): tiles of 6x6 pixels and filters are
 * transformed to 36 positions, each position is a matrix product over the channels, and the products are transformed to
 * 4x4 results.
 *
 * <pre>
 *   y = A^T [ sum over channels of (B^T x B) (G w G^T) ] A          position by position within the brackets
 * </pre>
 *
 * <p>A thread takes a strip of tiles, as many as stay in its second-level cache when transformed; weights stream through it
 * once for each strip.
 */
final class Winograd {
    /** Transformed tiles and products of a strip are at most 640 KiB, of a second-level cache of 1 MiB. */
    private static final int STRIP_FLOATS = 640 * 1024 / Float.BYTES;

    /** Tiles of a strip are a multiple of the rows that a tile of matrix products has, the last strip's aside. */
    private static final int UNIT = 4;

    /** Vectors between the two halves of a transform, at most. */
    private static final int TEMP_FLOATS = WinogradGrid.POSITIONS * Lanes.LENGTH;

    private static final int TILE = WinogradGrid.TILE;
    private static final int REACH = WinogradGrid.REACH;

    private final WinogradGrid grid;
    private final WinogradFilter filter;

    Winograd(WinogradGrid grid, int outChannels) {
        this.grid = grid;
        this.filter = new WinogradFilter(grid.channels(), outChannels);
    }

    /**
     * What all strips share.
     *
     * @param x the source
     * @param u transformed weights
     * @param bias one value for each output channel
     * @param residual added to the results, or null
     * @param f applied to the sums
     * @param y the result
     * @param stripTiles tiles of a strip, at most
     * @param scratch of each thread
     */
    private record Call(
            Tensor x, Tensor u, Tensor bias, Tensor residual, Activation f, Tensor y, int stripTiles, Tensor scratch) {}

    /** Transforms weights {@code [3, 3, inputs, outputs]}. */
    Tensor transform(Tensor weights, Parallelism parallelism, Workspace workspace) {
        return filter.transform(weights, parallelism, workspace);
    }

    /** Computes the convolution with transformed weights. */
    void run(
            Tensor x,
            Tensor transformed,
            Tensor bias,
            Tensor residual,
            Activation f,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        int tiles = grid.tilesOf(x.shape().extent(0));
        int units = (tiles + UNIT - 1) / UNIT;
        int tileFloats = WinogradGrid.POSITIONS * (filter.inputs() + filter.mostColumns());
        int most = Math.max(1, STRIP_FLOATS / tileFloats / UNIT);
        int threads = parallelism.threads();
        // As many strips for each thread: where there are few, one more would be waited for.
        int strips = Math.min(units, ((units + most - 1) / most + threads - 1) / threads * threads);
        int stripTiles = (units + strips - 1) / strips * UNIT;
        Tensor scratch = workspace.tensor(threads, scratchFloats(stripTiles));
        Tensor start = bias == null ? zeros(workspace) : bias;
        Call call = new Call(x, transformed, start, residual, f, y, stripTiles, scratch);
        parallelism.forEach(strips, (task, worker) -> {
            int first = (int) ((long) units * task / strips) * UNIT;
            int end = Math.min(tiles, (int) ((long) units * (task + 1) / strips) * UNIT);
            strip(
                    call,
                    first,
                    end - first,
                    scratch.offset() + worker * scratch.shape().extent(1));
        });
    }

    private Tensor zeros(Workspace workspace) {
        Tensor zeros = workspace.tensor(filter.outputs());
        Arrays.fill(zeros.array(), zeros.offset(), zeros.offset() + filter.outputs(), 0);
        return zeros;
    }

    private int scratchFloats(int stripTiles) {
        int v = WinogradGrid.POSITIONS * position(stripTiles, filter.inputs());
        int m = WinogradGrid.POSITIONS * position(stripTiles, filter.mostColumns());
        return Math.addExact(Math.addExact(TEMP_FLOATS + patchFloats(), v), m);
    }

    /** A tile at the border: its source, or a part of its results. */
    private int patchFloats() {
        return Math.max(REACH * REACH * filter.inputs(), TILE * TILE * filter.mostColumns());
    }

    private static int position(int tiles, int channels) {
        return tiles * channels + WinogradFilter.GAP;
    }

    private void strip(Call call, int first, int tiles, int scratch0) {
        float[] scratch = call.scratch.array();
        int patch0 = scratch0 + TEMP_FLOATS;
        int v0 = patch0 + patchFloats();
        int vPosition = position(call.stripTiles, filter.inputs());
        int m0 = v0 + WinogradGrid.POSITIONS * vPosition;
        for (int i = 0; i < tiles; i++) {
            int to = v0 + i * filter.inputs();
            grid.transform(first + i, call.x, scratch, scratch0, patch0, scratch, to, vPosition);
        }
        for (int column = 0; column < filter.outputs(); ) {
            int columns = filter.columnsFrom(column);
            int mPosition = position(call.stripTiles, columns);
            for (int p = 0; p < WinogradGrid.POSITIONS; p++) {
                filter.multiply(call.u, p, tiles, column, scratch, v0 + p * vPosition, scratch, m0 + p * mPosition);
            }
            for (int i = 0; i < tiles; i++) {
                output(call, first + i, column, columns, scratch0, patch0, m0 + i * columns, mPosition);
            }
            column += columns;
        }
        finish(call, first, tiles);
    }

    private void output(Call call, int tile, int column, int columns, int temp0, int patch0, int m0, int position) {
        float[] scratch = call.scratch.array();
        float[] bias = call.bias.array();
        int bias0 = call.bias.offset() + column;
        int pixel = filter.outputs();
        int row = grid.outWidth() * pixel;
        int y0 = call.y.offset() + grid.target(tile, pixel) + column;
        int high = Math.min(TILE, grid.outHeight() - grid.row(tile));
        int wide = Math.min(TILE, grid.outWidth() - grid.column(tile));
        if (high == TILE && wide == TILE) {
            WinogradOutput.run(
                    columns, scratch, m0, position, bias, bias0, scratch, temp0, call.y.array(), y0, row, pixel);
            return;
        }
        int patchRow = TILE * columns;
        WinogradOutput.run(
                columns, scratch, m0, position, bias, bias0, scratch, temp0, scratch, patch0, patchRow, columns);
        for (int i = 0; i < high; i++) {
            for (int j = 0; j < wide; j++) {
                int from = patch0 + i * patchRow + j * columns;
                System.arraycopy(scratch, from, call.y.array(), y0 + i * row + j * pixel, columns);
            }
        }
    }

    /** Adds the residual to the results of a strip and applies the activation, rows of neighbouring tiles together. */
    private void finish(Call call, int first, int tiles) {
        if (call.residual == null && call.f == Activation.IDENTITY) {
            return;
        }
        int pixel = filter.outputs();
        int end = first + tiles;
        for (int tile = first; tile < end; ) {
            int run = Math.min(end - tile, grid.columns() - tile % grid.columns());
            int high = Math.min(TILE, grid.outHeight() - grid.row(tile));
            int size = Math.min(run * TILE, grid.outWidth() - grid.column(tile)) * pixel;
            for (int i = 0; i < high; i++) {
                int at = grid.target(tile, pixel) + i * grid.outWidth() * pixel;
                finishRow(call, at, size);
            }
            tile += run;
        }
    }

    private static void finishRow(Call call, int at, int size) {
        float[] y = call.y.array();
        int y0 = call.y.offset() + at;
        if (call.residual != null) {
            BiasLoops.add(y, y0, call.residual.array(), call.residual.offset() + at, y, y0, 1, size);
        }
        Activations.applyRange(call.f, y, y0, y0 + size);
    }
}
