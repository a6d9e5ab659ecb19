package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ChannelGradientLoops;
import dev.lanewise.kernels.micro.ChannelLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * Sums over the rows of each channel, for the statistics of normalisations and for their gradients. The rows come in parts
 * that are summed apart: one for batch normalisation, one for each image where images are normalised by themselves.
 *
 * <p>The order of operations: the rows of a part are cut into chunks of {@value #CHUNK_ROWS}, each summed in float, its rows
 * in ascending order; the chunks are added in double, in ascending order. Chunks are what threads share, so the bits depend
 * on the shape alone.
 *
 * <p>Why these statistics: the mean of squares less the square of the mean loses all digits where the mean is large. A chunk
 * is read twice, the second time from the cache: first for a shift near its mean, then for the deviations from that, whose
 * sums make good for the error of the shift (the corrected two-pass algorithm of Chan, Golub and LeVeque, "Algorithms for
 * Computing the Sample Variance", The American Statistician 37, 1983). With Welford's updates each row would cost a
 * division and wait for the row before.
 *
 * @param parts how many parts
 * @param rows rows of a part, at least 1
 * @param channels floats of a row, at least 1
 */
record ChannelSums(int parts, int rows, int channels) {
    /** Rows summed in float: fixed, since the bits depend on it. So few that a task's share of them stays in the L1 cache. */
    static final int CHUNK_ROWS = 64;

    /** Elements a task takes at least. */
    private static final int GRAIN = 1 << 14;

    /** Channels a task takes at most. */
    private static final int MOST_CHANNELS = 512;

    /** Sums up a block of channels of a chunk. */
    @FunctionalInterface
    private interface Chunk {
        void run(int part, int row, int rows, int channel, int channels, float[] sums, int sums0);
    }

    /** Adds up the chunks of a range of channels. */
    @FunctionalInterface
    private interface Total {
        void run(float[] sums, int sums0, int chunks, int part, int from, int to);
    }

    /**
     * Computes means and mean squares of the deviations from them.
     *
     * @param x the rows
     * @param means receives the mean of each channel of each part
     * @param variances receives the mean squares, at least 0
     * @param parallelism the threads
     * @param workspace scratch memory: three rows for each chunk
     */
    void statistics(Tensor x, double[] means, double[] variances, Parallelism parallelism, Workspace workspace) {
        run(
                3,
                (part, row, some, channel, columns, sums, sums0) -> ChannelLoops.deviations(
                        x.array(),
                        x.offset() + (part * rows + row) * channels + channel,
                        some,
                        channels,
                        columns,
                        sums,
                        sums0,
                        channels),
                (sums, sums0, chunks, part, from, to) ->
                        statistics(sums, sums0, chunks, part * channels, from, to, means, variances),
                parallelism,
                workspace);
    }

    private void statistics(
            float[] sums, int sums0, int chunks, int out, int from, int to, double[] means, double[] variances) {
        for (int c = from; c < to; c++) {
            means[out + c] = 0;
            variances[out + c] = 0;
        }
        for (int chunk = 0; chunk < chunks; chunk++) {
            int at = sums0 + chunk * 3 * channels;
            double count = rows(chunk);
            for (int c = from; c < to; c++) {
                means[out + c] += count * sums[at + c] + sums[at + channels + c];
            }
        }
        for (int c = from; c < to; c++) {
            means[out + c] /= rows;
        }
        for (int chunk = 0; chunk < chunks; chunk++) {
            int at = sums0 + chunk * 3 * channels;
            double count = rows(chunk);
            for (int c = from; c < to; c++) {
                double e = sums[at + c] - means[out + c];
                variances[out + c] += sums[at + 2 * channels + c] + e * (2.0 * sums[at + channels + c] + count * e);
            }
        }
        for (int c = from; c < to; c++) {
            variances[out + c] = Math.max(0, variances[out + c] / rows);
        }
    }

    /**
     * Computes the sums of gradients, and of gradients times deviations.
     *
     * @param x the rows of the forward pass
     * @param dy the gradients of the results
     * @param coefficients five rows for each part, as {@link ChannelLoops} reads them
     * @param rectified whether ReLU followed
     * @param gradients receives the sum for each channel of each part
     * @param products receives the sums of products
     * @param parallelism the threads
     * @param workspace scratch memory: two rows for each chunk
     */
    void gradients(
            Tensor x,
            Tensor dy,
            Tensor coefficients,
            boolean rectified,
            double[] gradients,
            double[] products,
            Parallelism parallelism,
            Workspace workspace) {
        run(
                2,
                (part, row, some, channel, columns, sums, sums0) -> ChannelGradientLoops.gradientSums(
                        x.array(),
                        x.offset() + (part * rows + row) * channels + channel,
                        dy.array(),
                        dy.offset() + (part * rows + row) * channels + channel,
                        some,
                        channels,
                        columns,
                        coefficients.array(),
                        coefficients.offset() + part * ChannelCoefficients.KINDS * channels + channel,
                        channels,
                        rectified,
                        sums,
                        sums0,
                        channels),
                (sums, sums0, chunks, part, from, to) -> {
                    add(sums, sums0, chunks, part * channels, from, to, gradients);
                    add(sums, sums0 + channels, chunks, part * channels, from, to, products);
                },
                parallelism,
                workspace);
    }

    /**
     * Adds the sums of chunks to a tensor: in double, in ascending order, and to what is there, rounded once.
     *
     * @param total added to, one value for each channel
     * @param sums some kinds of sums for each chunk, {@code [chunks, kinds, channels]}
     * @param kind which kind to add
     * @param kinds how many there are
     * @param chunks how many chunks
     * @param totals scratch, one for each channel
     */
    static void addTo(Tensor total, Tensor sums, int kind, int kinds, int chunks, double[] totals) {
        int channels = total.size();
        Arrays.fill(totals, 0, channels, 0);
        for (int chunk = 0; chunk < chunks; chunk++) {
            int at = sums.offset() + (chunk * kinds + kind) * channels;
            for (int c = 0; c < channels; c++) {
                totals[c] += sums.array()[at + c];
            }
        }
        for (int c = 0; c < channels; c++) {
            add(total, c, totals[c]);
        }
    }

    /** Adds to one value of a tensor, in double, rounded once. */
    static void add(Tensor total, int c, double term) {
        int at = total.offset() + c;
        total.array()[at] = (float) (total.array()[at] + term);
    }

    /** Adds the chunks' sums of one of two kinds. */
    private void add(float[] sums, int sums0, int chunks, int out, int from, int to, double[] totals) {
        for (int c = from; c < to; c++) {
            totals[out + c] = 0;
        }
        for (int chunk = 0; chunk < chunks; chunk++) {
            int at = sums0 + chunk * 2 * channels;
            for (int c = from; c < to; c++) {
                totals[out + c] += sums[at + c];
            }
        }
    }

    /** How many rows a chunk of a part has. */
    private int rows(int chunk) {
        return Math.min(CHUNK_ROWS, rows - chunk * CHUNK_ROWS);
    }

    private void run(int kinds, Chunk sum, Total total, Parallelism parallelism, Workspace workspace) {
        int chunks = (rows - 1) / CHUNK_ROWS + 1;
        int perTask = Math.max(1, GRAIN / (Math.min(rows, CHUNK_ROWS) * channels));
        int tasks = (parts * chunks - 1) / perTask + 1;
        int blocks = (channels - 1) / MOST_CHANNELS + 1;
        Workspace.Mark mark = workspace.mark();
        Tensor sums = workspace.tensor(parts * chunks, kinds, channels);
        parallelism.forEach(tasks * blocks, (task, worker) -> {
            int channel = task % blocks * MOST_CHANNELS;
            int columns = Math.min(MOST_CHANNELS, channels - channel);
            int first = task / blocks * perTask;
            for (int i = first; i < Math.min(parts * chunks, first + perTask); i++) {
                int chunk = i % chunks;
                int sums0 = sums.offset() + i * kinds * channels + channel;
                sum.run(i / chunks, chunk * CHUNK_ROWS, rows(chunk), channel, columns, sums.array(), sums0);
            }
        });
        int wide = Math.max(16, GRAIN / (chunks * kinds));
        int pieces = (channels - 1) / wide + 1;
        parallelism.forEach(parts * pieces, (task, worker) -> {
            int part = task / pieces;
            int from = task % pieces * wide;
            int sums0 = sums.offset() + part * chunks * kinds * channels;
            total.run(sums.array(), sums0, chunks, part, from, Math.min(channels, from + wide));
        });
        workspace.release(mark);
    }
}
