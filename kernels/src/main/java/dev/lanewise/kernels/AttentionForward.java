package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.AttentionRows;
import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The results of attention, a tile of queries after the other, each over all keys that it sees.
 *
 * @param shape the sizes
 * @param scores computes the scores
 * @param v the values
 * @param o receives the results
 * @param statistics receives the largest score and the reciprocal of the sum of each query
 */
record AttentionForward(AttentionShape shape, AttentionScores scores, Tensor v, Tensor o, Tensor statistics) {
    void run(Parallelism parallelism, Workspace workspace) {
        int tiles = shape.t() == 0 ? 0 : (shape.t() - 1) / AttentionScores.QUERIES + 1;
        Workspace[] scratch = new Workspace[parallelism.threads()];
        Arrays.setAll(scratch, workspace::forWorker);
        parallelism.forEach(shape.units() * tiles, (task, worker) -> {
            int query = task % tiles * AttentionScores.QUERIES;
            tile(task / tiles, query, Math.min(AttentionScores.QUERIES, shape.t() - query), scratch[worker]);
        });
    }

    private void tile(int unit, int query, int queries, Workspace workspace) {
        Workspace.Mark mark = workspace.mark();
        float[] weights = workspace.floats(AttentionScores.QUERIES * AttentionScores.KEYS);
        float[] max = workspace.floats(AttentionScores.QUERIES);
        float[] sum = workspace.floats(AttentionScores.QUERIES);
        float[] lanes = workspace.floats(VirtualLanes.COUNT);
        int e = shape.e();
        int stride = shape.heads() * e;
        int results = shape.start(o, unit, shape.t(), e) + query * stride;
        int values = shape.start(v, unit, shape.s(), e);
        Arrays.fill(max, 0, queries, Float.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, queries, 0);
        for (int i = 0; i < queries; i++) {
            Arrays.fill(o.array(), results + i * stride, results + i * stride + e, 0);
        }
        for (int key = 0; key < shape.s() && !scores.isUnseen(query, queries, key); key += AttentionScores.KEYS) {
            int keys = Math.min(AttentionScores.KEYS, shape.s() - key);
            scores.compute(unit, query, queries, key, keys, weights, workspace);
            for (int i = 0; i < queries; i++) {
                float correction = AttentionRows.take(weights, i * keys, keys, max, sum, i, lanes);
                if (correction != 1) {
                    int at = results + i * stride;
                    ElementLoops.scale(o.array(), at, o.array(), at, e, correction);
                }
            }
            AttentionScores.multiply(
                    false,
                    true,
                    queries,
                    e,
                    keys,
                    weights,
                    0,
                    keys,
                    v.array(),
                    values + key * stride,
                    stride,
                    o.array(),
                    results,
                    stride,
                    workspace);
        }
        for (int i = 0; i < queries; i++) {
            float reciprocal = sum[i] == 0 ? 0 : 1 / sum[i];
            int at = results + i * stride;
            ElementLoops.scale(o.array(), at, o.array(), at, e, reciprocal);
            int to = statistics.offset() + 2 * (unit * shape.t() + query + i);
            // Of two zeros the largest is either; +0 is written.
            statistics.array()[to] = max[i] + 0f;
            statistics.array()[to + 1] = reciprocal;
        }
        workspace.release(mark);
    }
}
