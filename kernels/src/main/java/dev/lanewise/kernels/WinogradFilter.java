package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.kernels.micro.WinogradWeights;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * The right factors of F(4x4, 3x3), one for each of the 36 positions: transformed weights, a row for each input channel, in
 * panels for {@link FloatTiles}.
 *
 * <p>Within a position, the sum is cut into parts whose panels stay in the first-level cache; the panels of a part follow
 * each other.
 *
 * @param inputs input channels
 * @param outputs output channels
 */
record WinogradFilter(int inputs, int outputs) {
    /** Steps of a panel of 32 KiB. */
    private static final int DEPTH = 32768 / Float.BYTES / FloatTiles.COLUMNS;

    /** A cache line between positions, so that they do not all fall into the same set of a cache. */
    static final int GAP = 16;

    /** Columns of a result that are computed at once: a tile's, the last time also those that do not fill one. */
    int columnsFrom(int column) {
        return outputs - column < 2 * FloatTiles.COLUMNS ? outputs - column : FloatTiles.COLUMNS;
    }

    /** The most columns that are computed at once. */
    int mostColumns() {
        return Math.min(outputs, 2 * FloatTiles.COLUMNS - 1);
    }

    private int position() {
        return FloatTiles.packedSize(inputs, outputs) + GAP;
    }

    private int depthEach() {
        return GemmSplit.evenDepth(inputs, DEPTH);
    }

    /** Transforms weights {@code [3, 3, inputs, outputs]}. */
    Tensor transform(Tensor weights, Parallelism parallelism, Workspace workspace) {
        Tensor u = workspace.tensor(WinogradGrid.POSITIONS, position());
        int tempFloats = 18 * Lanes.LENGTH;
        Tensor temp = workspace.tensor(parallelism.threads(), tempFloats);
        int each = depthEach();
        int parts = (inputs + each - 1) / each;
        int panels = Math.max(1, outputs / FloatTiles.COLUMNS);
        parallelism.forEach(parts * panels, (task, worker) -> {
            int step = task / panels * each;
            int column = task % panels * FloatTiles.COLUMNS;
            int end = task % panels == panels - 1 ? outputs : column + FloatTiles.COLUMNS;
            int temp0 = temp.offset() + worker * tempFloats;
            panels(weights, step, Math.min(each, inputs - step), column, end, temp.array(), temp0, u);
        });
        return u;
    }

    /** Writes the panels of some columns, for some steps. */
    private void panels(Tensor weights, int step, int depth, int column, int end, float[] temp, int temp0, Tensor u) {
        int part = u.offset() + FloatTiles.packedSize(step, outputs);
        for (int at = column; at < end; ) {
            int wide = FloatTiles.panelVectors(outputs - at);
            int last = Math.min(wide * Lanes.LENGTH, outputs - at) - Lanes.LENGTH;
            for (int v = 0; v < wide; v++) {
                int from = at + (v == wide - 1 ? last : v * Lanes.LENGTH);
                WinogradWeights.run(
                        depth,
                        weights.array(),
                        weights.offset() + step * outputs + from,
                        outputs,
                        inputs * outputs,
                        temp,
                        temp0,
                        u.array(),
                        part + depth * at + v * Lanes.LENGTH,
                        wide * Lanes.LENGTH,
                        position());
            }
            at += wide * Lanes.LENGTH;
        }
    }

    /** Multiplies transformed tiles with some columns of a position: {@code m = v u}. */
    void multiply(Tensor u, int position, int tiles, int column, float[] v, int v0, float[] m, int m0) {
        int columns = columnsFrom(column);
        int each = depthEach();
        for (int step = 0; step < inputs; step += each) {
            int depth = Math.min(each, inputs - step);
            int from = u.offset() + position * position() + FloatTiles.packedSize(step, outputs) + depth * column;
            FloatTiles.packed(tiles, columns, depth, v, v0 + step, inputs, u.array(), from, step > 0, m, m0, columns);
        }
    }
}
