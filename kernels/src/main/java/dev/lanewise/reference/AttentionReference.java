package dev.lanewise.reference;

/**
 * Scaled dot-product attention, one number at a time, with the whole matrix of weights. The {@code double} versions say what is
 * true, the {@code float} versions which bits: they take keys in tiles of 128 and leave out the tiles of 128 queries that see none
 * of them, as the kernel does.
 *
 * <p>Arrays hold one head after the other: queries {@code [heads, t, d]}, keys {@code [heads, s, d]}, values {@code [heads, s, e]},
 * the mask {@code [heads, t, s]}.
 *
 * @param heads how many heads, of the whole batch
 * @param t queries
 * @param s keys
 * @param d floats of a query and of a key
 * @param e floats of a value
 * @param causal whether query i sees only the keys up to {@code i + s - t}
 * @param scale what scores are multiplied by
 */
public record AttentionReference(int heads, int t, int s, int d, int e, boolean causal, float scale) {
    private static final int KEYS = 128;
    private static final int QUERIES = 128;

    /**
     * What a forward pass gives.
     *
     * @param o the results, [heads, t, e]
     * @param statistics the largest score of each query and the reciprocal of the sum, 0 where no key is seen
     */
    public record Result(float[] o, float[] statistics) {}

    /**
     * Gradients.
     *
     * @param dq of the queries
     * @param dk of the keys
     * @param dv of the values
     */
    public record Gradients(float[] dq, float[] dk, float[] dv) {}

    /**
     * Gradients.
     *
     * @param dq of the queries
     * @param dk of the keys
     * @param dv of the values
     */
    public record DoubleGradients(double[] dq, double[] dk, double[] dv) {}

    /**
     * Computes the weights, {@code softmax over j of (scale q(i) . k(j) + mask(i, j))}; 0 where a query sees no key.
     *
     * @param q the queries
     * @param k the keys
     * @param mask what is added to the scores
     * @return the weights, [heads, t, s]
     */
    public double[] weights(double[] q, double[] k, double[] mask) {
        double[] scores = new double[heads * t * s];
        for (int i = 0; i < scores.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            double dot = 0;
            for (int p = 0; p < d; p++) {
                dot += q[row * d + p] * k[key * d + p];
            }
            scores[i] = sees(row % t, i % s) ? dot * scale : Double.NEGATIVE_INFINITY;
        }
        return new SoftmaxReference(heads * t, s).forward(scores, mask);
    }

    /**
     * Computes the results, {@code o(i) = sum over j of w(i, j) v(j)}.
     *
     * @param q the queries
     * @param k the keys
     * @param v the values
     * @param mask what is added to the scores
     * @return o
     */
    public double[] forward(double[] q, double[] k, double[] v, double[] mask) {
        double[] w = weights(q, k, mask);
        double[] o = new double[heads * t * e];
        for (int i = 0; i < w.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            for (int p = 0; p < e && w[i] != 0; p++) {
                o[row * e + p] += w[i] * v[key * e + p];
            }
        }
        return o;
    }

    /**
     * Computes the gradients.
     *
     * @param q the queries
     * @param k the keys
     * @param v the values
     * @param mask what is added to the scores
     * @param dO the gradient of the results
     * @return the gradients
     */
    public DoubleGradients gradient(double[] q, double[] k, double[] v, double[] mask, double[] dO) {
        double[] w = weights(q, k, mask);
        double[] dw = new double[w.length];
        double[] dq = new double[q.length];
        double[] dk = new double[k.length];
        double[] dv = new double[v.length];
        for (int i = 0; i < w.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            for (int p = 0; p < e; p++) {
                dw[i] += dO[row * e + p] * v[key * e + p];
                dv[key * e + p] += w[i] * dO[row * e + p];
            }
        }
        double[] ds = new SoftmaxReference(heads * t, s).gradient(w, dw);
        for (int i = 0; i < w.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            for (int p = 0; p < d; p++) {
                dq[row * d + p] += ds[i] * scale * k[key * d + p];
                dk[key * d + p] += ds[i] * scale * q[row * d + p];
            }
        }
        return new DoubleGradients(dq, dk, dv);
    }

    /**
     * Computes the results with the kernel's bits.
     *
     * @param q the queries
     * @param k the keys
     * @param v the values
     * @param mask what is added to the scores; null for nothing
     * @return the results and the statistics
     */
    public Result forward(float[] q, float[] k, float[] v, float[] mask) {
        float[] scores = scores(q, k, mask);
        float[] o = new float[heads * t * e];
        float[] statistics = new float[heads * t * 2];
        for (int row = 0; row < heads * t; row++) {
            float max = Float.NEGATIVE_INFINITY;
            float sum = 0;
            for (int key = 0; key < s && isComputed(row % t, key); key += KEYS) {
                int end = Math.min(s, key + KEYS);
                float before = max;
                max = max(scores, row * s + key, row * s + end, before);
                float[] w = tile(scores, row * s + key, row * s + end, max);
                float correction = before == max ? 1 : FloatLosses.expBelow(before, max);
                sum = Math.fma(sum, correction, LaneSums.sum(w, 0, w.length));
                for (int p = 0; p < e; p++) {
                    float result = o[row * e + p] * correction;
                    for (int j = key; j < end; j++) {
                        result = Math.fma(w[j - key], v[(row / t * s + j) * e + p], result);
                    }
                    o[row * e + p] = result;
                }
            }
            statistics[2 * row] = max + 0f;
            statistics[2 * row + 1] = sum == 0 ? 0 : 1 / sum;
            for (int p = 0; p < e; p++) {
                o[row * e + p] *= statistics[2 * row + 1];
            }
        }
        return new Result(o, statistics);
    }

    /**
     * Computes the gradients with the kernel's bits.
     *
     * @param q the queries
     * @param k the keys
     * @param v the values
     * @param mask what is added to the scores; null for nothing
     * @param result what the forward pass gave
     * @param dO the gradient of the results
     * @return the gradients
     */
    public Gradients gradient(float[] q, float[] k, float[] v, float[] mask, Result result, float[] dO) {
        float[] w = scores(q, k, mask);
        float[] ds = new float[w.length];
        float[] dq = new float[q.length];
        float[] dk = new float[k.length];
        float[] dv = new float[v.length];
        for (int i = 0; i < w.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            if (isComputed(row % t, i % s)) {
                float reciprocal = result.statistics[2 * row + 1];
                w[i] = reciprocal == 0 ? 0 : FloatLosses.expBelow(w[i], result.statistics[2 * row]) * reciprocal;
                float dw = 0;
                for (int p = 0; p < e; p++) {
                    dw = Math.fma(dO[row * e + p], v[key * e + p], dw);
                    dv[key * e + p] = Math.fma(w[i], dO[row * e + p], dv[key * e + p]);
                }
                float dot = dot(dO, result.o, row);
                ds[i] = FloatLosses.softmaxGradient(w[i], dw, dot);
                for (int p = 0; p < d; p++) {
                    dq[row * d + p] = Math.fma(ds[i], k[key * d + p], dq[row * d + p]);
                    dk[key * d + p] = Math.fma(ds[i], q[row * d + p], dk[key * d + p]);
                }
            }
        }
        scale(dq);
        scale(dk);
        return new Gradients(dq, dk, dv);
    }

    private float dot(float[] dO, float[] o, int row) {
        return LaneSums.dot(dO, o, row * e, (row + 1) * e);
    }

    private void scale(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = scale == 0 ? 0 : values[i] * scale;
        }
    }

    /** The scores: chains of fused multiply-adds of {@code q * (scale k)}, and the mask. */
    private float[] scores(float[] q, float[] k, float[] mask) {
        float[] scores = new float[heads * t * s];
        for (int i = 0; i < scores.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            float score = 0;
            for (int p = 0; p < d; p++) {
                score = Math.fma(q[row * d + p], scale * k[key * d + p], score);
            }
            score = mask == null ? score : FloatLosses.masked(score, mask[i]);
            scores[i] = sees(row % t, i % s) ? score : Float.NEGATIVE_INFINITY;
        }
        return scores;
    }

    /** The weights of a row of a tile before they are divided by their sum; 0 where nothing has been seen yet. */
    private static float[] tile(float[] scores, int from, int to, float max) {
        float[] w = new float[to - from];
        boolean nothing = max == Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            nothing &= !Float.isNaN(scores[i]);
        }
        for (int i = from; i < to && !nothing; i++) {
            w[i - from] = FloatLosses.expBelow(scores[i], max);
        }
        return w;
    }

    private static float max(float[] scores, int from, int to, float before) {
        float max = before;
        for (int i = from; i < to; i++) {
            max = scores[i] > max ? scores[i] : max;
        }
        return max;
    }

    private boolean sees(int query, int key) {
        return !causal || key <= query + s - t;
    }

    /** Whether any query of the tile sees any key of the tile. */
    private boolean isComputed(int query, int key) {
        int last = Math.min(t, query / QUERIES * QUERIES + QUERIES) - 1;
        return sees(last, key / KEYS * KEYS);
    }
}
