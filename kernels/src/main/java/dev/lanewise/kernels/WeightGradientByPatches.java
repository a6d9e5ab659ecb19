package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.FloatColumnTiles;
import dev.lanewise.kernels.micro.FloatPanelTiles;
import dev.lanewise.kernels.micro.FloatPanels;
import dev.lanewise.kernels.micro.FloatTiles;
import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * The weight gradient where no two kernel positions meet the same pixel, in groups of channels, or with few output channels.
 *
 * <p>A task computes some rows for all columns. It takes the pixels of all images of its chunk, some at a time: gathers
 * what its rows meet there ({@link Patches}), zeros at a border, so that tiles read it by columns; and packs columns of
 * the output's gradient, which then stay in the first-level cache while all rows pass.
 */
final class WeightGradientByPatches {
    /** Pixels taken at a time. */
    private static final int DEPTH = FloatPanelTiles.DEPTH;

    /** Columns that are packed at once, as panels of 128 KiB. */
    private static final int BLOCK_COLUMNS = 256;

    /** The last block may have less than a panel's columns more. */
    private static final int MOST_COLUMNS = BLOCK_COLUMNS + FloatPanels.COLUMNS;

    /**
     * Kernel positions that a task computes, at most: what they meet under {@link #DEPTH} pixels takes 200 KiB, which stays in a
     * second-level cache. With half as many, columns are packed twice as often, and a row of a 3x3 kernel with 128 channels is
     * gathered in two parts: 147 GFLOP/s, not 161, for 128 images of 16x16 (Zen 5).
     */
    private static final int BLOCK_ROWS = 384;

    /** Fewer make more tasks for the threads, down to this; the work of gathering and packing then shows. */
    private static final int LEAST_ROWS = 48;

    /** The same where nothing is gathered: 32 to 16 channels ran at 62 GFLOP/s on one thread and on two. */
    private static final int LEAST_ROWS_IN_PLACE = 12;

    /** Likewise columns. */
    private static final int LEAST_COLUMNS = 64;

    /** With more, each repeats more than it gains by threads that end at the same time: 64 to 256 channels at 56x56 ran at 0.66. */
    private static final int TASKS_PER_THREAD = 2;

    /**
     * The same of a kernel of one pixel, which has so few positions that what is repeated shows: on two threads 256 to 64 channels at 56x56 ran at
     * 97 GFLOP/s with two and at 132 with one, 256 to 1024 at 14x14 at 152 and 157 (Zen 3).
     */
    private static final int TASKS_PER_THREAD_OF_ONE_PIXEL = 1;

    /** Channels up to which a copy of the pixels takes as long as it saves, in or out. */
    private static final int FEW_CHANNELS = 32;

    private final ConvolutionGeometry geometry;
    private final Patches patches;
    /** Whether both factors are read where they lie. */
    private final boolean inPlace;

    /** Whether the images are read where they lie, and the output's gradient is packed. */
    private final boolean pixelsInPlace;

    private final int tasksPerThread;
    private final int patchSize;

    WeightGradientByPatches(ConvolutionGeometry g, int inputHeight, int inputWidth) {
        this.geometry = g;
        this.patches = new Patches(g, inputHeight, inputWidth, g.outputHeight(inputHeight), g.outputWidth(inputWidth));
        this.inPlace = readsInPlace(g);
        this.pixelsInPlace = readsPixelsInPlace(g);
        this.tasksPerThread = Pointwise.suits(g) ? TASKS_PER_THREAD_OF_ONE_PIXEL : TASKS_PER_THREAD;
        this.patchSize = g.kernelHeight() * g.kernelWidth() * (g.inChannels() / g.groups());
    }

    /**
     * Whether copies would gain nothing: a kernel of one pixel meets its pixels as they lie, and up to four vectors of columns are one
     * panel as they lie. 256 to 64 channels at 56x56 pixels ran at 176 GFLOP/s so, and at 136 with copies (Zen 5). With 16 registers
     * the tile needs its panels ({@link FloatPanelTiles}).
     */
    private static boolean readsInPlace(ConvolutionGeometry g) {
        boolean panel = g.outChannels() >= Lanes.LENGTH && g.outChannels() <= FloatTiles.COLUMNS;
        return meetsPixelsAsTheyLie(g) && panel && Lanes.REGISTERS == 32;
    }

    private static boolean meetsPixelsAsTheyLie(ConvolutionGeometry g) {
        return Pointwise.suits(g) && g.groups() == 1 && g.strideHeight() == 1 && g.strideWidth() == 1;
    }

    /**
     * Whether a copy of the images gains less than it costs, with 16 registers: what there is to do with each of its elements is few, or pixels lie
     * so close that tiles meet the same cache lines anyway. 32 to 16 channels at 112x112 ran at 34 GFLOP/s with a copy and run at 65, 96 to 24 at 57
     * and 72, 16 to 96 at 45 and 55, 32 to 192 at 65 and 70, 64 to 64 at 70 and 71, on two threads at 98 and 118. With more channels pixels fall
     * onto few sets of the first-level cache: 64 to 384 79 and 72, 256 to 1024 84 and 68 (Zen 3).
     */
    private static boolean readsPixelsInPlace(ConvolutionGeometry g) {
        int fewer = Math.min(g.inChannels(), g.outChannels());
        int more = Math.max(g.inChannels(), g.outChannels());
        boolean few = fewer <= FEW_CHANNELS || more <= 2 * FEW_CHANNELS;
        return meetsPixelsAsTheyLie(g) && few && Lanes.REGISTERS == 16;
    }

    /**
     * Adds what the images of each chunk give to its sums.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param chunks the chunks
     * @param parallelism the threads
     * @param workspace scratch memory: gathered patches and panels for each thread
     */
    void run(
            Tensor x,
            Tensor dy,
            ConvolutionWeightGradient.Chunks chunks,
            Parallelism parallelism,
            Workspace workspace) {
        int outputs = geometry.outChannels() / geometry.groups();
        int columnBlocks = columnBlocks(chunks.count() * geometry.groups(), parallelism.threads());
        int rowsEach = rowsEach(chunks.count() * geometry.groups() * columnBlocks, parallelism.threads());
        int rowBlocks = (patchSize + rowsEach - 1) / rowsEach;
        int blocks = rowBlocks * columnBlocks;
        int panelFloats = FloatPanels.size(DEPTH, Math.min(outputs, MOST_COLUMNS)) + FloatTiles.SCRATCH;
        int patchFloats = pixelsInPlace ? 0 : DEPTH * FloatPanelTiles.step(rowsEach) + Lanes.LENGTH;
        Tensor scratch = workspace.tensor(parallelism.threads(), inPlace ? 0 : panelFloats + patchFloats);
        parallelism.forEach(chunks.count() * geometry.groups() * blocks, (task, worker) -> {
            int chunk = task / blocks / geometry.groups();
            int row = task % blocks / columnBlocks * rowsEach;
            int part = task % columnBlocks;
            Block block = new Block(
                    task / blocks % geometry.groups(),
                    row,
                    Math.min(rowsEach, patchSize - row),
                    FloatPanels.columnOf(part, columnBlocks, outputs),
                    FloatPanels.columnOf(part + 1, columnBlocks, outputs),
                    chunks.sums(chunk),
                    chunks.sums0(chunk));
            int first = chunks.firstPixel(chunk);
            int last = chunks.firstPixel(chunk + 1);
            int panel0 = scratch.offset() + worker * (panelFloats + patchFloats);
            for (int pixel = first; pixel < last; pixel += DEPTH) {
                int depth = Math.min(DEPTH, last - pixel);
                boolean add = chunks.adds(chunk) || pixel > first;
                if (inPlace) {
                    multiplyInPlace(block, x, dy, pixel, depth, add);
                    continue;
                }
                if (pixelsInPlace) {
                    int inputs = geometry.inChannels();
                    int from = x.offset() + pixel * inputs + block.row;
                    multiply(block, dy, pixel, depth, x.array(), from, inputs, scratch.array(), panel0, add);
                    continue;
                }
                int from = panel0 + panelFloats;
                int step = FloatPanelTiles.step(block.rows);
                patches.gather(x, block.group, pixel, depth, block.row, block.rows, scratch.array(), from, step);
                multiply(block, dy, pixel, depth, scratch.array(), from, step, scratch.array(), panel0, add);
            }
        });
    }

    /** Rows and columns of a group, and the sums that they are added to. */
    private record Block(int group, int row, int rows, int column, int endColumn, float[] sums, int sums0) {}

    /**
     * Into how many blocks the columns are cut, so that there are tasks for all threads. Each task packs its columns and gathers
     * its rows, so blocks of rows repeat the packing, and blocks of columns the gathering: as many of both as repeat the least.
     */
    private int columnBlocks(int tasks, int threads) {
        int outputs = geometry.outChannels() / geometry.groups();
        int wanted = Math.ceilDiv(tasksPerThread * threads, tasks);
        int best = 1;
        if (threads > 1 && !inPlace) {
            for (int blocks = 2; blocks <= Math.min(wanted, outputs / LEAST_COLUMNS); blocks++) {
                best = repeated(blocks, wanted, outputs) < repeated(best, wanted, outputs) ? blocks : best;
            }
        }
        return best;
    }

    /** Floats that are packed and gathered for each pixel by a number of tasks, among them blocks of columns. */
    private long repeated(int columnBlocks, int wanted, int outputs) {
        long gathered = pixelsInPlace ? 0 : (long) columnBlocks * patchSize;
        return (long) Math.ceilDiv(wanted, columnBlocks) * outputs + gathered;
    }

    /** Rows of a task: fewer, if there would be too few tasks otherwise. Even parts leave no small rest. */
    private int rowsEach(int tasks, int threads) {
        int most = BLOCK_ROWS;
        int least = pixelsInPlace ? LEAST_ROWS_IN_PLACE : LEAST_ROWS;
        while (threads > 1 && most > least && tasks * ((patchSize - 1) / most + 1) < tasksPerThread * threads) {
            most /= 2;
        }
        int blocks = (patchSize + most - 1) / most;
        int tile = FloatPanelTiles.ROWS;
        return blocks == 1 ? patchSize : Math.min(most, Math.ceilDiv(Math.ceilDiv(patchSize, blocks), tile) * tile);
    }

    /** Adds what some pixels give to the sums, or sets them, reading x and dy where they lie. */
    private void multiplyInPlace(Block block, Tensor x, Tensor dy, int pixel, int depth, boolean add) {
        int inputs = geometry.inChannels();
        int outputs = geometry.outChannels();
        FloatColumnTiles.run(
                block.rows,
                outputs,
                depth,
                x.array(),
                x.offset() + pixel * inputs + block.row,
                inputs,
                dy.array(),
                dy.offset() + pixel * outputs,
                outputs,
                add,
                block.sums,
                block.sums0 + block.row * outputs,
                outputs);
    }

    /** Adds what some pixels give to the sums, or sets them: panel after panel of the output's gradient. */
    private void multiply(
            Block block,
            Tensor dy,
            int pixel,
            int depth,
            float[] a,
            int a0,
            int aStep,
            float[] scratch,
            int panel0,
            boolean add) {
        int all = geometry.outChannels();
        int outputs = all / geometry.groups();
        int dy0 = dy.offset() + pixel * all + block.group * outputs;
        int c0 = block.sums0 + block.row * all + block.group * outputs;
        if (outputs < Lanes.LENGTH) {
            FloatTiles.strided(
                    block.rows,
                    outputs,
                    depth,
                    a,
                    a0,
                    1,
                    aStep,
                    dy.array(),
                    dy0,
                    all,
                    scratch,
                    panel0,
                    add,
                    block.sums,
                    c0,
                    all);
            return;
        }
        int some = block.endColumn - block.column;
        int blocks = Math.ceilDiv(some, BLOCK_COLUMNS);
        for (int i = 0; i < blocks; i++) {
            int column = block.column + FloatPanels.columnOf(i, blocks, some);
            int columns = block.column + FloatPanels.columnOf(i + 1, blocks, some) - column;
            FloatPanels.pack(1, depth, columns, dy.array(), dy0 + column, all, scratch, panel0);
            FloatPanelTiles.run(
                    block.rows, columns, depth, a, a0, aStep, scratch, panel0, add, block.sums, c0 + column, all);
        }
    }
}
