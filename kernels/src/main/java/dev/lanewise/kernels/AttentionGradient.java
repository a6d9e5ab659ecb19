package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.AttentionRows;
import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The gradients of attention, one head after the other: for each tile of keys, all tiles of queries that see it.
 *
 * @param shape the sizes
 * @param scores computes the scores
 * @param scale what scores were multiplied by
 * @param q the queries
 * @param k the keys
 * @param v the values
 * @param o the results
 * @param statistics the largest score and the reciprocal of the sum of each query
 * @param dO the gradient of the results
 * @param dq receives the gradient of the queries
 * @param dk receives the gradient of the keys
 * @param dv receives the gradient of the values
 */
record AttentionGradient(
        AttentionShape shape,
        AttentionScores scores,
        float scale,
        Tensor q,
        Tensor k,
        Tensor v,
        Tensor o,
        Tensor statistics,
        Tensor dO,
        Tensor dq,
        Tensor dk,
        Tensor dv) {
    void run(Parallelism parallelism, Workspace workspace) {
        Tensor values = shape.transposed(1, v, shape.s(), shape.e(), parallelism, workspace);
        Workspace[] scratch = new Workspace[parallelism.threads()];
        Arrays.setAll(scratch, workspace::forWorker);
        parallelism.forEach(shape.units(), (unit, worker) -> head(unit, values, scratch[worker]));
    }

    private void head(int unit, Tensor values, Workspace workspace) {
        Workspace.Mark mark = workspace.mark();
        float[] weights = workspace.floats(AttentionScores.QUERIES * AttentionScores.KEYS);
        float[] gradients = workspace.floats(AttentionScores.QUERIES * AttentionScores.KEYS);
        float[] dots = dots(unit, workspace);
        scaleRows(dq, unit, shape.t(), shape.d(), 0);
        scaleRows(dk, unit, shape.s(), shape.d(), 0);
        scaleRows(dv, unit, shape.s(), shape.e(), 0);
        for (int key = 0; key < shape.s(); key += AttentionScores.KEYS) {
            int keys = Math.min(AttentionScores.KEYS, shape.s() - key);
            for (int query = 0; query < shape.t(); query += AttentionScores.QUERIES) {
                int queries = Math.min(AttentionScores.QUERIES, shape.t() - query);
                if (!scores.isUnseen(query, queries, key)) {
                    scores.compute(unit, query, queries, key, keys, weights, workspace);
                    addValues(unit, query, queries, key, keys, weights, workspace);
                    differentiate(unit, values, query, queries, key, keys, weights, gradients, dots, workspace);
                    addKeysAndQueries(unit, query, queries, key, keys, gradients, workspace);
                }
            }
        }
        scaleRows(dq, unit, shape.t(), shape.d(), scale);
        scaleRows(dk, unit, shape.s(), shape.d(), scale);
        workspace.release(mark);
    }

    /** The dot products of results and their gradients: what all weights of a query have in common. */
    private float[] dots(int unit, Workspace workspace) {
        float[] dots = workspace.floats(shape.t());
        float[] lanes = workspace.floats(VirtualLanes.COUNT);
        int stride = shape.heads() * shape.e();
        int results = shape.start(o, unit, shape.t(), shape.e());
        int gradients = shape.start(dO, unit, shape.t(), shape.e());
        for (int i = 0; i < shape.t(); i++) {
            dots[i] = VirtualLanes.dot(
                    dO.array(), gradients + i * stride, o.array(), results + i * stride, shape.e(), lanes, 0);
        }
        return dots;
    }

    /** Turns scores into weights, and adds {@code weights^T do} to dv. */
    private void addValues(int unit, int query, int queries, int key, int keys, float[] weights, Workspace workspace) {
        for (int i = 0; i < queries; i++) {
            int at = statistics.offset() + 2 * (unit * shape.t() + query + i);
            AttentionRows.weights(
                    weights, i * keys, keys, statistics.array()[at], statistics.array()[at + 1]);
        }
        int e = shape.e();
        int stride = shape.heads() * e;
        AttentionScores.multiply(
                true,
                true,
                keys,
                e,
                queries,
                weights,
                0,
                keys,
                dO.array(),
                shape.start(dO, unit, shape.t(), e) + query * stride,
                stride,
                dv.array(),
                shape.start(dv, unit, shape.s(), e) + key * stride,
                stride,
                workspace);
    }

    /** Computes the gradients of scores, {@code (do v^T - dots) * weights}. */
    private void differentiate(
            int unit,
            Tensor values,
            int query,
            int queries,
            int key,
            int keys,
            float[] weights,
            float[] gradients,
            float[] dots,
            Workspace workspace) {
        int e = shape.e();
        int stride = shape.heads() * e;
        AttentionScores.multiply(
                false,
                false,
                queries,
                keys,
                e,
                dO.array(),
                shape.start(dO, unit, shape.t(), e) + query * stride,
                stride,
                values.array(),
                values.offset() + unit * e * shape.s() + key,
                shape.s(),
                gradients,
                0,
                keys,
                workspace);
        for (int i = 0; i < queries; i++) {
            int at = i * keys;
            ElementLoops.softmaxGradient(weights, at, gradients, at, gradients, at, keys, dots[query + i]);
        }
    }

    /** Adds {@code ds k} to dq and {@code ds^T q} to dk, both without the scale. */
    private void addKeysAndQueries(
            int unit, int query, int queries, int key, int keys, float[] gradients, Workspace workspace) {
        int d = shape.d();
        int stride = shape.heads() * d;
        int queryRows = shape.start(q, unit, shape.t(), d) - q.offset() + query * stride;
        int keyRows = shape.start(k, unit, shape.s(), d) - k.offset() + key * stride;
        AttentionScores.multiply(
                false,
                true,
                queries,
                d,
                keys,
                gradients,
                0,
                keys,
                k.array(),
                k.offset() + keyRows,
                stride,
                dq.array(),
                dq.offset() + queryRows,
                stride,
                workspace);
        AttentionScores.multiply(
                true,
                true,
                keys,
                d,
                queries,
                gradients,
                0,
                keys,
                q.array(),
                q.offset() + queryRows,
                stride,
                dk.array(),
                dk.offset() + keyRows,
                stride,
                workspace);
    }

    /** Multiplies the rows of one head by a factor; 0 for zeros, whatever they hold. */
    private void scaleRows(Tensor tensor, int unit, int rows, int width, float factor) {
        int stride = shape.heads() * width;
        int at = shape.start(tensor, unit, rows, width);
        for (int i = 0; i < rows; i++, at += stride) {
            if (factor == 0) {
                Arrays.fill(tensor.array(), at, at + width, 0);
            } else {
                ElementLoops.scale(tensor.array(), at, tensor.array(), at, width, factor);
            }
        }
    }
}
