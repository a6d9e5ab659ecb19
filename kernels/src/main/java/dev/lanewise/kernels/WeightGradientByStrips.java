package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatPanelTiles;
import dev.lanewise.kernels.micro.FloatPanels;
import dev.lanewise.kernels.micro.FloatPatchTiles;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * The weight gradient where several kernel positions meet the same pixel: a strip of the images is copied once, with its border
 * of zeros, and tiles look up in it where their steps are. To gather what each position meets took 12 to 20 % of the time.
 */
final class WeightGradientByStrips {
    /** Pixels taken at a time. */
    private static final int DEPTH = FloatPanelTiles.DEPTH;

    /** Columns that are packed at once, as panels of 128 KiB. */
    private static final int BLOCK_COLUMNS = 256;

    /** The last block may have less than a panel's columns more. */
    private static final int MOST_COLUMNS = BLOCK_COLUMNS + FloatPanels.COLUMNS;

    /** Fewer tiles in a task would not be worth its strips and panels, which each task makes for itself. */
    private static final int LEAST_TILES = 6;

    private final ConvolutionGeometry geometry;
    private final PatchStrips strips;

    WeightGradientByStrips(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.strips = new PatchStrips(g, inputHeight, inputWidth);
    }

    /**
     * Adds what the images of each chunk give to its sums.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param chunks the chunks
     * @param parallelism the threads
     * @param workspace scratch memory: a strip and panels for each thread
     */
    void run(
            Tensor x,
            Tensor dy,
            ConvolutionWeightGradient.Chunks chunks,
            Parallelism parallelism,
            Workspace workspace) {
        int threads = parallelism.threads();
        int tiles = strips.places().length;
        int most = threads == 1 ? 1 : Math.ceilDiv(tiles, LEAST_TILES);
        int parts = Math.clamp(Math.ceilDiv(4 * threads, chunks.count()), 1, most);
        int panelFloats = FloatPanels.size(DEPTH, Math.min(geometry.outChannels(), MOST_COLUMNS));
        Tensor scratch = workspace.tensor(threads, panelFloats + strips.floats());
        int[] steps = workspace.ints(threads * strips.pixels());
        parallelism.forEach(chunks.count() * parts, (task, worker) -> {
            int chunk = task / parts;
            int part = task % parts;
            int panel0 = scratch.offset() + worker * (panelFloats + strips.floats());
            Task some = new Task(
                    x,
                    dy,
                    tiles * part / parts,
                    tiles * (part + 1) / parts,
                    chunks.sums(chunk),
                    chunks.sums0(chunk),
                    scratch.array(),
                    panel0,
                    panel0 + panelFloats,
                    steps,
                    worker * strips.pixels());
            run(some, chunks.firstPixel(chunk), chunks.firstPixel(chunk + 1), chunks.adds(chunk));
        });
    }

    /**
     * Some tiles for a chunk of images.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param firstTile the first tile
     * @param endTile the tile behind the last one
     * @param sums holds the sums
     * @param sums0 where those of row 0 are
     * @param scratch scratch memory of the thread
     * @param panel0 where its panels start
     * @param strip0 where its strip starts
     * @param steps holds the places of a strip's pixels
     * @param step0 where they start
     */
    private record Task(
            Tensor x,
            Tensor dy,
            int firstTile,
            int endTile,
            float[] sums,
            int sums0,
            float[] scratch,
            int panel0,
            int strip0,
            int[] steps,
            int step0) {}

    /** Adds what all pixels from one to another give to the sums, or sets them. */
    private void run(Task task, int from, int end, boolean add) {
        for (int pixel = from; pixel < end; pixel += strips.pixels()) {
            int count = Math.min(strips.pixels(), end - pixel);
            strips.copy(task.x, pixel, count, task.scratch, task.strip0, task.steps, task.step0);
            for (int step = 0; step < count; step += DEPTH) {
                multiply(task, pixel + step, step, Math.min(DEPTH, count - step), add || pixel + step > from);
            }
        }
    }

    /** Adds what the pixels of some steps give, panel after panel of the output's gradient. */
    private void multiply(Task task, int pixel, int step, int depth, boolean add) {
        int outputs = geometry.outChannels();
        int blocks = Math.ceilDiv(outputs, BLOCK_COLUMNS);
        for (int i = 0; i < blocks; i++) {
            int column = FloatPanels.columnOf(i, blocks, outputs);
            int end = FloatPanels.columnOf(i + 1, blocks, outputs);
            int dy0 = task.dy.offset() + pixel * outputs + column;
            FloatPanels.pack(1, depth, end - column, task.dy.array(), dy0, outputs, task.scratch, task.panel0);
            FloatPatchTiles.run(
                    strips.places(),
                    strips.rows(),
                    task.firstTile,
                    task.endTile,
                    end - column,
                    depth,
                    task.scratch,
                    task.strip0,
                    task.steps,
                    task.step0 + step,
                    task.scratch,
                    task.panel0,
                    add,
                    task.sums,
                    task.sums0 + column,
                    outputs);
        }
    }
}
