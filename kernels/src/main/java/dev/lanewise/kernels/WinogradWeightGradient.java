package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatColumnTiles;
import dev.lanewise.kernels.micro.WinogradGradients;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * The weight gradient of a 3x3 convolution of stride 1 by F(4x4, 3x3), its forward pass transposed:
 *
 * <pre>
 *   dw += G^T [ sum over tiles of (B^T x B) (A dy A^T) ] G          position by position within the brackets
 * </pre>
 *
 * <p>Threads share the tiles of a strip while they transform them, then the 36 positions, each a product of input channels,
 * tiles and output channels. So no sum is split, and each is one chain over the tiles.
 */
final class WinogradWeightGradient {
    /** Transformed tiles of a strip are at most 8 MiB, of a third-level cache: they are read once for each 64 columns. */
    private static final int STRIP_FLOATS = 1 << 21;

    /** Tiles that are multiplied at once: with 64 columns 32 KiB, which stay in a first-level cache. */
    private static final int DEPTH = 128;

    /** Tiles that a thread transforms at a time. */
    private static final int UNIT = 4;

    private static final int TEMP_FLOATS = WinogradGrid.POSITIONS * Lanes.LENGTH;

    private final WinogradGrid grid;
    private final int inputs;
    private final int outputs;

    WinogradWeightGradient(WinogradGrid grid, int outChannels) {
        this.grid = grid;
        this.inputs = grid.channels();
        this.outputs = outChannels;
    }

    /**
     * What all strips share.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param v transformed tiles of images
     * @param vPosition from position to position of them
     * @param z transformed tiles of gradients
     * @param zPosition from position to position of them
     * @param sums of each position, {@code [36, inputs * outputs + a gap]}
     * @param scratch of each thread
     */
    private record Call(
            Tensor x, Tensor dy, Tensor v, int vPosition, Tensor z, int zPosition, Tensor sums, Tensor scratch) {}

    void run(Tensor x, Tensor dy, Tensor dw, Parallelism parallelism, Workspace workspace) {
        int tiles = grid.tilesOf(x.shape().extent(0));
        int most = Math.max(DEPTH / 4, STRIP_FLOATS / (WinogradGrid.POSITIONS * (inputs + outputs)));
        int strips = (tiles + most - 1) / most;
        int stripTiles = (tiles + strips - 1) / strips;
        int vPosition = stripTiles * inputs + WinogradFilter.GAP;
        int zPosition = stripTiles * outputs + WinogradFilter.GAP;
        Call call = new Call(
                x,
                dy,
                workspace.tensor(WinogradGrid.POSITIONS, vPosition),
                vPosition,
                workspace.tensor(WinogradGrid.POSITIONS, zPosition),
                zPosition,
                workspace.tensor(WinogradGrid.POSITIONS, inputs * outputs + WinogradFilter.GAP),
                workspace.tensor(parallelism.threads(), TEMP_FLOATS + patchFloats()));
        for (int first = 0; first < tiles; first += stripTiles) {
            int from = first;
            int count = Math.min(stripTiles, tiles - from);
            parallelism.forEach(
                    (count + UNIT - 1) / UNIT, (task, worker) -> transform(call, from, count, task * UNIT, worker));
            parallelism.forEach(WinogradGrid.POSITIONS, (p, worker) -> multiply(call, p, count, from > 0));
        }
        finish(call, dw, parallelism);
    }

    private int patchFloats() {
        int reach = WinogradGrid.REACH * WinogradGrid.REACH * inputs;
        return Math.max(reach, WinogradGrid.TILE * WinogradGrid.TILE * outputs);
    }

    private void transform(Call call, int first, int count, int index, int worker) {
        float[] scratch = call.scratch.array();
        int temp0 = call.scratch.offset() + worker * call.scratch.shape().extent(1);
        int patch0 = temp0 + TEMP_FLOATS;
        for (int i = index; i < Math.min(count, index + UNIT); i++) {
            int v0 = call.v.offset() + i * inputs;
            grid.transform(first + i, call.x, scratch, temp0, patch0, call.v.array(), v0, call.vPosition);
            results(call, first + i, scratch, temp0, patch0, call.z.offset() + i * outputs);
        }
    }

    private void results(Call call, int tile, float[] scratch, int temp0, int patch0, int z0) {
        float[] z = call.z.array();
        int wide = grid.outWidth() - grid.column(tile);
        int high = grid.outHeight() - grid.row(tile);
        if (wide >= WinogradGrid.TILE && high >= WinogradGrid.TILE) {
            int y0 = call.dy.offset() + grid.target(tile, outputs);
            int row = grid.outWidth() * outputs;
            WinogradGradients.results(
                    outputs, call.dy.array(), y0, row, outputs, scratch, temp0, z, z0, call.zPosition);
            return;
        }
        WinogradGrid.copy(
                call.dy.array(),
                call.dy.offset() + grid.image(tile) * grid.outHeight() * grid.outWidth() * outputs,
                grid.outHeight(),
                grid.outWidth(),
                outputs,
                grid.row(tile),
                grid.column(tile),
                WinogradGrid.TILE,
                scratch,
                patch0);
        int row = WinogradGrid.TILE * outputs;
        WinogradGradients.results(outputs, scratch, patch0, row, outputs, scratch, temp0, z, z0, call.zPosition);
    }

    private void multiply(Call call, int p, int count, boolean add) {
        for (int tile = 0; tile < count; tile += DEPTH) {
            FloatColumnTiles.run(
                    inputs,
                    outputs,
                    Math.min(DEPTH, count - tile),
                    call.v.array(),
                    call.v.offset() + p * call.vPosition + tile * inputs,
                    inputs,
                    call.z.array(),
                    call.z.offset() + p * call.zPosition + tile * outputs,
                    outputs,
                    add || tile > 0,
                    call.sums.array(),
                    call.sums.offset() + p * call.sums.shape().extent(1),
                    outputs);
        }
    }

    private void finish(Call call, Tensor dw, Parallelism parallelism) {
        int position = call.sums.shape().extent(1);
        parallelism.forEach((inputs + UNIT - 1) / UNIT, (task, worker) -> {
            int first = task * UNIT * outputs;
            WinogradGradients.weights(
                    Math.min(UNIT, inputs - task * UNIT) * outputs,
                    call.sums.array(),
                    call.sums.offset() + first,
                    position,
                    call.scratch.array(),
                    call.scratch.offset() + worker * call.scratch.shape().extent(1),
                    dw.array(),
                    dw.offset() + first,
                    inputs * outputs);
        });
    }
}
