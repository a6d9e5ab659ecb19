package dev.lanewise.kernels;

import dev.lanewise.runtime.Lanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds partial sums in a fixed tree, so that the result does not depend on who computed them: 0 + 1, 2 + 3, then 01 + 23,
 * and so on; a last one without a partner is carried up.
 */
final class PairwiseSum {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int GRAIN = 1 << 13;

    /** Rows of a partial sum: fixed, since the bits depend on it. */
    private static final int CHUNK_ROWS = 256;

    private PairwiseSum() {}

    /** Sums up some rows. */
    @FunctionalInterface
    interface RowSum {
        /**
         * Sums up rows.
         *
         * @param from the first row
         * @param rows how many
         * @param sum receives one sum for each channel
         * @param sum0 index of the first
         */
        void run(int from, int rows, float[] sum, int sum0);
    }

    /**
     * Adds the sum of rows to a tensor: of chunks of {@value #CHUNK_ROWS} rows first, then of these.
     *
     * @param total added to, one value for each channel
     * @param rows how many rows, at least 1
     * @param rowSum sums up a chunk
     * @param parallelism the threads
     * @param workspace scratch memory: one row for each chunk
     */
    static void addRows(Tensor total, int rows, RowSum rowSum, Parallelism parallelism, Workspace workspace) {
        int channels = total.size();
        int chunks = (rows - 1) / CHUNK_ROWS + 1;
        Workspace.Mark mark = workspace.mark();
        Tensor partials = workspace.tensor(chunks, channels);
        parallelism.forEach(chunks, (chunk, worker) -> {
            int from = chunk * CHUNK_ROWS;
            rowSum.run(from, Math.min(CHUNK_ROWS, rows - from), partials.array(), partials.offset() + chunk * channels);
        });
        addTo(total, partials, chunks, parallelism);
        workspace.release(mark);
    }

    /**
     * Adds the sum of all partial sums to a tensor.
     *
     * @param total added to
     * @param partials one partial sum after the other, each as large as {@code total}; destroyed
     * @param count how many, at least 1
     * @param parallelism the threads, each of which takes part of the elements
     */
    static void addTo(Tensor total, Tensor partials, int count, Parallelism parallelism) {
        int size = total.size();
        parallelism.forRange(size, GRAIN, (from, to) -> {
            float[] array = partials.array();
            int first = partials.offset();
            joinRange(array, first, array, first + size, size, count, from, to);
            add(total.array(), total.offset() + from, array, first + from, to - from);
        });
    }

    /**
     * Adds up partial sums of which the first stands in the total already, in the same tree.
     *
     * @param total holds the first partial sum and receives the sum of all
     * @param rest the others, one after the other, each as large as {@code total}; destroyed
     * @param count how many there are with the first, at least 1
     * @param parallelism the threads, each of which takes part of the elements
     */
    static void join(Tensor total, Tensor rest, int count, Parallelism parallelism) {
        if (count == 1) {
            return;
        }
        int size = total.size();
        parallelism.forRange(
                size,
                GRAIN,
                (from, to) ->
                        joinRange(total.array(), total.offset(), rest.array(), rest.offset(), size, count, from, to));
    }

    /** The tree, over a range of the elements: the sum is left in the first partial sum, which the others follow elsewhere. */
    private static void joinRange(
            float[] first, int first0, float[] rest, int rest0, int size, int count, int from, int to) {
        for (int gap = 1; gap < count; gap *= 2) {
            for (int i = 0; i + gap < count; i += 2 * gap) {
                float[] sum = i == 0 ? first : rest;
                int sum0 = i == 0 ? first0 : rest0 + (i - 1) * size;
                add(sum, sum0 + from, rest, rest0 + (i + gap - 1) * size + from, to - from);
            }
        }
    }

    private static void add(float[] sum, int sum0, float[] term, int term0, int size) {
        int i = 0;
        for (; i < S.loopBound(size); i += S.length()) {
            FloatVector term1 = FloatVector.fromArray(S, term, term0 + i);
            FloatVector.fromArray(S, sum, sum0 + i).add(term1).intoArray(sum, sum0 + i);
        }
        for (; i < size; i++) {
            sum[sum0 + i] += term[term0 + i];
        }
    }
}
