package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * Tiles of the scores of attention: {@code q (scale k)^T + mask}, -infinity where a key comes after the query.
 *
 * @param shape the sizes
 * @param q the queries
 * @param keys the keys of each head, transposed and multiplied by the scale
 * @param mask what is added; null for nothing
 * @param rows the rows of the mask
 * @param causal whether keys after the query are left out
 */
record AttentionScores(AttentionShape shape, Tensor q, Tensor keys, Tensor mask, RowMask rows, boolean causal) {
    /** Keys of a tile: fixed, since the bits depend on it. 256 are as fast, and slower where half of them are left out. */
    static final int KEYS = 128;

    /** Queries of a tile: 128 are 5 % faster than 64, for keys and values are packed once for all of them (Zen 5). */
    static final int QUERIES = 128;

    private static final Parallelism SERIAL = Parallelism.serial();

    /** Multiplies matrices on the calling thread: {@code C = op(A) B}, or C + op(A) B. */
    static void multiply(
            boolean transposeA,
            boolean add,
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            int lda,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc,
            Workspace workspace) {
        float[] start = add ? c : null;
        FloatGemm.run(
                transposeA,
                false,
                m,
                n,
                k,
                1,
                a,
                a0,
                lda,
                b,
                b0,
                ldb,
                start,
                c0,
                ldc,
                c,
                c0,
                ldc,
                null,
                SERIAL,
                workspace);
    }

    /** Whether no query of a tile sees a key of it. */
    boolean isUnseen(int query, int queries, int key) {
        return causal && key > query + queries - 1 + shape.s() - shape.t();
    }

    /**
     * Computes a tile.
     *
     * @param unit which head of the batch
     * @param query the first query
     * @param queries how many
     * @param key the first key
     * @param count how many keys, also the distance from row to row of the tile
     * @param tile receives the scores, from its first element on
     * @param workspace scratch memory
     */
    void compute(int unit, int query, int queries, int key, int count, float[] tile, Workspace workspace) {
        int stride = shape.heads() * shape.d();
        multiply(
                false,
                false,
                queries,
                count,
                shape.d(),
                q.array(),
                shape.start(q, unit, shape.t(), shape.d()) + query * stride,
                stride,
                keys.array(),
                keys.offset() + unit * shape.d() * shape.s() + key,
                shape.s(),
                tile,
                0,
                count,
                workspace);
        for (int i = 0; i < queries; i++) {
            int at = i * count;
            if (mask != null) {
                int from = rows.start(unit * shape.t() + query + i) + key;
                ElementLoops.masked(tile, at, mask.array(), from, tile, at, count);
            }
            int seen = query + i + shape.s() - shape.t() + 1 - key;
            if (causal && seen < count) {
                Arrays.fill(tile, at + Math.max(0, seen), at + count, Float.NEGATIVE_INFINITY);
            }
        }
    }
}
