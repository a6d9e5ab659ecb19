package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Scaled dot-product attention, {@code o(i) = sum over j of w(i, j) v(j)} with weights {@code w(i, .) = softmax over j of (scale q(i) .
 * k(j) + mask(i, j))} (Vaswani et al., Attention is all you need, 2017). The matrix of weights is never whole in memory: it is
 * computed in tiles of 128 keys, with a softmax that is corrected when a larger score comes (Dao,
 * FlashAttention-2, 2023), forward and once more for the gradient.
 *
 * <p>Queries are {@code [..., t, heads * d]}, keys {@code [..., s, heads * d]}, values {@code [..., s, heads * e]}, results {@code
 * [..., t, heads * e]}: heads lie side by side along the last axis, as a layer of all heads computes them. With one head, the
 * default, the axes before are as many heads as one likes. Scores are {@code [..., heads, t, s]}, without the axis of heads where
 * there is one.
 *
 * <p>A description: the constants and what is made of them can be kept and shared. The order of operations:
 * <ul>
 *   <li>A score is one chain of fused multiply-adds from 0, d ascending, of {@code q * (scale k)}; then the mask is added.
 *   <li>Keys are taken in tiles, ascending. With the largest score so far m, m' with the tile, and {@code c = exp(m - m')}, where
 *       that is larger: weights are {@code exp(score - m')}, their sum {@code l = fma(l, c, sum of the tile over 16 lanes)}, the
 *       results {@code o = o * c}, and on from there chains of fused multiply-adds, keys ascending. At the end {@code o = o * (1 /
 *       l)}.
 *   <li>Gradients: weights are {@code exp(score - m) * (1 / l)}; dv, and {@code dk} and {@code dq} before they are multiplied by
 *       scale, are chains from 0, queries or keys ascending; {@code ds = (dw - do . o) * w}, the dot product over 16 lanes.
 * </ul>
 * Threads take tiles of queries, for the gradient whole heads; no bit depends on how many they are.
 *
 * <p>A key that is left out, by the mask or since it comes after the query, has weight 0 and a gradient of 0; its value is
 * multiplied by 0, so must be finite. A query that sees no key has results and gradients of 0. NaN and infinities in what is seen
 * follow from the operations.
 */
public final class Attention {
    /** Every query sees all keys; the scale is {@code 1 / sqrt(d)}. */
    public static final Attention FULL = new Attention(1, false, Float.NaN, null);

    /** Query i sees the keys up to {@code i + s - t}: the last query sees the last key. The scale is {@code 1 / sqrt(d)}. */
    public static final Attention CAUSAL = new Attention(1, true, Float.NaN, null);

    private final int heads;
    private final boolean causal;
    private final float scale;
    private final Tensor mask;

    private Attention(int heads, boolean causal, float scale, Tensor mask) {
        this.heads = heads;
        this.causal = causal;
        this.scale = scale;
        this.mask = mask;
    }

    /**
     * Returns the attention of several heads side by side.
     *
     * @param count how many, at least 1
     * @return the description
     * @throws IllegalArgumentException if there are none
     */
    public Attention withHeads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("attention: heads is " + count + "; it must be at least 1");
        }
        return new Attention(count, causal, scale, mask);
    }

    /**
     * Returns the attention with another scale.
     *
     * @param factor what scores are multiplied by, finite and at least 0
     * @return the description
     * @throws IllegalArgumentException if it is none
     */
    public Attention withScale(float factor) {
        Checks.finite("attention", "scale", factor);
        return new Attention(heads, causal, factor, mask);
    }

    /**
     * Returns the attention with a mask, which is added to the scores: 0 or -infinity, or any bias.
     *
     * @param added its axes, from the last on, are those of the scores or, but for the last, 1 or missing: then all along that
     *     axis share one mask; it has no gradient
     * @return the description; it refers to the mask, and does not copy it
     */
    public Attention withMask(Tensor added) {
        return new Attention(heads, causal, scale, added);
    }

    /**
     * Computes the results.
     *
     * @param q the queries, [..., t, heads * d]
     * @param k the keys, [..., s, heads * d]
     * @param v the values, [..., s, heads * e]
     * @param o receives the results, [..., t, heads * e]; shares no element with another argument
     * @param statistics receives what the gradient needs, [..., heads, t, 2] without the axis of heads where there is one: the
     *     largest score of each query, and {@code 1 / l}, 0 where no key is seen; shares no element with another argument
     * @param parallelism the threads
     * @param workspace scratch memory: as many floats as k has, and some tiles for each thread
     * @throws ShapeMismatchException if the shapes do not fit; o and statistics are untouched then
     * @throws IllegalArgumentException if o or statistics overlaps another argument
     */
    public void forward(
            Tensor q, Tensor k, Tensor v, Tensor o, Tensor statistics, Parallelism parallelism, Workspace workspace) {
        AttentionShape shape = AttentionShape.of("attention", heads, q, k, v, o, statistics);
        Tensor[] read = mask == null ? new Tensor[] {q, k, v} : new Tensor[] {q, k, v, mask};
        AttentionShape.requireApart("attention", read, new Tensor[] {o, statistics}, "o", "statistics");
        RowMask rows = rows("attention", shape, q);
        Workspace.Mark mark = workspace.mark();
        AttentionScores scores = scores(shape, q, k, rows, parallelism, workspace);
        new AttentionForward(shape, scores, v, o, statistics).run(parallelism, workspace);
        workspace.release(mark);
    }

    /**
     * Computes the gradients of queries, keys and values.
     *
     * @param q the queries of the forward pass
     * @param k the keys of the forward pass
     * @param v the values of the forward pass
     * @param o the results of the forward pass
     * @param statistics the statistics of the forward pass
     * @param dO the gradient of the results, shape of o
     * @param dq receives the gradient of the queries, shape of q; shares no element with another argument
     * @param dk receives the gradient of the keys, shape of k; shares no element with another argument
     * @param dv receives the gradient of the values, shape of v; shares no element with another argument
     * @param parallelism the threads
     * @param workspace scratch memory: as many floats as k and v have, and some tiles for each thread
     * @throws ShapeMismatchException if the shapes do not fit; dq, dk and dv are untouched then
     * @throws IllegalArgumentException if dq, dk or dv overlaps another argument
     */
    public void gradient(
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor o,
            Tensor statistics,
            Tensor dO,
            Tensor dq,
            Tensor dk,
            Tensor dv,
            Parallelism parallelism,
            Workspace workspace) {
        AttentionShape shape = AttentionShape.of("attention gradient", heads, q, k, v, o, statistics);
        Checks.sameShape("attention gradient", "o", o, "do", dO);
        Checks.sameShape("attention gradient", "q", q, "dq", dq);
        Checks.sameShape("attention gradient", "k", k, "dk", dk);
        Checks.sameShape("attention gradient", "v", v, "dv", dv);
        Tensor[] read = mask == null
                ? new Tensor[] {q, k, v, o, statistics, dO}
                : new Tensor[] {q, k, v, o, statistics, dO, mask};
        AttentionShape.requireApart("attention gradient", read, new Tensor[] {dq, dk, dv}, "dq", "dk", "dv");
        RowMask rows = rows("attention gradient", shape, q);
        Workspace.Mark mark = workspace.mark();
        AttentionScores scores = scores(shape, q, k, rows, parallelism, workspace);
        new AttentionGradient(shape, scores, scale(shape), q, k, v, o, statistics, dO, dq, dk, dv)
                .run(parallelism, workspace);
        workspace.release(mark);
    }

    private RowMask rows(String operation, AttentionShape shape, Tensor q) {
        return mask == null ? null : RowMask.of(operation, "scores", shape.scores(q), mask);
    }

    private AttentionScores scores(
            AttentionShape shape, Tensor q, Tensor k, RowMask rows, Parallelism parallelism, Workspace workspace) {
        Tensor keys = shape.transposed(scale(shape), k, shape.s(), shape.d(), parallelism, workspace);
        return new AttentionScores(shape, q, keys, mask, rows, causal);
    }

    private float scale(AttentionShape shape) {
        return Float.isNaN(scale) ? (float) (1 / Math.sqrt(Math.max(1, shape.d()))) : scale;
    }
}
