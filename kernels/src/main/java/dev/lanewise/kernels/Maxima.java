package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.kernels.micro.MaximumLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Maxima along an axis and where they are. The result has one value in whatever order maxima are taken. */
final class Maxima {
    /** Elements a task takes. */
    private static final int CHUNK = 1 << 14;

    /** Columns a task takes: their maxima stay in the first-level cache. */
    private static final int BLOCK = 1 << 10;

    private Maxima() {}

    /** Does what is done with a block of columns of one plane {@code [extent, inner]}. */
    @FunctionalInterface
    private interface Block {
        void run(int plane, int column, int columns);
    }

    static float max(Tensor x, Parallelism parallelism, Workspace workspace) {
        Workspace.Mark mark = workspace.mark();
        Tensor chunks = chunkMaxima(x, parallelism, workspace);
        float max = MaximumLoops.max(chunks.array(), chunks.offset(), chunks.size());
        workspace.release(mark);
        return max;
    }

    static int argmax(Tensor x, Parallelism parallelism, Workspace workspace) {
        Workspace.Mark mark = workspace.mark();
        Tensor chunks = chunkMaxima(x, parallelism, workspace);
        float max = MaximumLoops.max(chunks.array(), chunks.offset(), chunks.size());
        int from = MaximumLoops.indexOf(chunks.array(), chunks.offset(), chunks.size(), max) * CHUNK;
        workspace.release(mark);
        return from + MaximumLoops.indexOf(x.array(), x.offset() + from, Math.min(CHUNK, x.size() - from), max);
    }

    private static Tensor chunkMaxima(Tensor x, Parallelism parallelism, Workspace workspace) {
        Tensor maxima = workspace.tensor((x.size() - 1) / CHUNK + 1);
        parallelism.forRange(
                x.size(),
                CHUNK,
                (from, to) -> maxima.array()[maxima.offset() + from / CHUNK] =
                        MaximumLoops.max(x.array(), x.offset() + from, to - from));
        return maxima;
    }

    static void max(Axis along, Tensor x, Tensor y, Parallelism parallelism) {
        int extent = along.extent();
        int inner = along.inner();
        if (inner == 1) {
            forEachRow(
                    along,
                    parallelism,
                    row -> y.array()[y.offset() + row] =
                            MaximumLoops.max(x.array(), x.offset() + row * extent, extent));
            return;
        }
        forEachBlock(along, parallelism, (plane, column, columns) -> {
            int from = x.offset() + plane * extent * inner + column;
            int to = y.offset() + plane * inner + column;
            System.arraycopy(x.array(), from, y.array(), to, columns);
            for (int row = 1; row < extent; row++) {
                ElementLoops.max(y.array(), to, x.array(), from + row * inner, y.array(), to, columns);
            }
        });
    }

    static void argmax(Axis along, Tensor x, int[] y, Parallelism parallelism, Workspace workspace) {
        int extent = along.extent();
        int inner = along.inner();
        if (inner == 1) {
            forEachRow(along, parallelism, row -> {
                int from = x.offset() + row * extent;
                float max = MaximumLoops.max(x.array(), from, extent);
                y[row] = MaximumLoops.indexOf(x.array(), from, extent, max);
            });
            return;
        }
        Workspace.Mark mark = workspace.mark();
        Tensor maxima = workspace.tensor(along.results());
        forEachBlock(along, parallelism, (plane, column, columns) -> {
            int from = x.offset() + plane * extent * inner + column;
            int at = plane * inner + column;
            System.arraycopy(x.array(), from, maxima.array(), maxima.offset() + at, columns);
            Arrays.fill(y, at, at + columns, 0);
            for (int row = 1; row < extent; row++) {
                MaximumLoops.take(
                        x.array(), from + row * inner, row, columns, maxima.array(), maxima.offset() + at, y, at);
            }
        });
        workspace.release(mark);
    }

    private static void forEachRow(Axis along, Parallelism parallelism, IntConsumer body) {
        parallelism.forRange(along.outer(), Math.max(1, CHUNK / along.extent()), (from, to) -> {
            for (int row = from; row < to; row++) {
                body.accept(row);
            }
        });
    }

    private static void forEachBlock(Axis along, Parallelism parallelism, Block body) {
        int inner = along.inner();
        int blocks = inner == 0 ? 0 : (inner - 1) / BLOCK + 1;
        parallelism.forEach(along.outer() * blocks, (task, worker) -> {
            int column = task % blocks * BLOCK;
            body.run(task / blocks, column, Math.min(BLOCK, inner - column));
        });
    }
}
