package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.PenaltyLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Penalties on the size of parameters: L1, {@code lambda sum |w|}, and L2, {@code lambda / 2 sum w²}, whose gradients are
 * {@code lambda sign(w)} and {@code lambda w}.
 *
 * <p>The order of operations of a value: the elements are cut into chunks of 4096; in a chunk 16 lanes begin with +0, lane l
 * takes the elements whose index in the chunk is l modulo 16 in ascending order ({@code lane + |w|} or {@code fma(w, w,
 * lane)}), and are added in the tree (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1); the chunks are added in pairs, 0 + 1,
 * 2 + 3, then 01 + 23, and so on, one without a partner carried up; the total is multiplied by lambda or, for L2, by
 * {@code lambda / 2}, rounded to float.
 */
public final class Penalties {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    /** Elements of a partial sum: fixed, since the bits depend on it. */
    private static final int CHUNK = 1 << 12;

    private Penalties() {}

    /**
     * Adds the gradient of the L1 penalty: {@code g = g + lambda sign(w)}. The sign of a zero is that zero, that of NaN is NaN, as in {@link Math#signum(float)}.
     *
     * @param w the parameters, any shape
     * @param g added to, same shape; shares no element with w
     * @param lambda the penalty's weight, at least 0, finite
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; g is untouched then
     * @throws IllegalArgumentException if lambda is out of range, or w and g overlap
     */
    public static void l1(Tensor w, Tensor g, double lambda, Parallelism parallelism) {
        check("l1 penalty", w, g, lambda);
        float weight = (float) lambda;
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> PenaltyLoops.addSigns(
                        w.array(), w.offset() + from, g.array(), g.offset() + from, to - from, weight));
    }

    /**
     * Adds the gradient of the L2 penalty: {@code g = fma(lambda, w, g)}.
     *
     * @param w the parameters, any shape
     * @param g added to, same shape; shares no element with w
     * @param lambda the penalty's weight, at least 0, finite
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; g is untouched then
     * @throws IllegalArgumentException if lambda is out of range, or w and g overlap
     */
    public static void l2(Tensor w, Tensor g, double lambda, Parallelism parallelism) {
        check("l2 penalty", w, g, lambda);
        float weight = (float) lambda;
        parallelism.forRange(
                w.size(),
                GRAIN,
                (from, to) -> PenaltyLoops.addScaled(
                        w.array(), w.offset() + from, g.array(), g.offset() + from, to - from, weight));
    }

    /**
     * Computes the L1 penalty, {@code lambda sum |w|}.
     *
     * @param w the parameters, any shape
     * @param lambda the penalty's weight, at least 0, finite
     * @param parallelism the threads
     * @param workspace scratch memory: 16 floats for each chunk
     * @return the penalty
     * @throws IllegalArgumentException if lambda is out of range
     */
    public static float l1Value(Tensor w, double lambda, Parallelism parallelism, Workspace workspace) {
        Checks.finite("l1 penalty", "lambda", lambda);
        return (float) lambda * sum(w, false, parallelism, workspace);
    }

    /**
     * Computes the L2 penalty, {@code lambda / 2 sum w²}.
     *
     * @param w the parameters, any shape
     * @param lambda the penalty's weight, at least 0, finite
     * @param parallelism the threads
     * @param workspace scratch memory: 16 floats for each chunk
     * @return the penalty
     * @throws IllegalArgumentException if lambda is out of range
     */
    public static float l2Value(Tensor w, double lambda, Parallelism parallelism, Workspace workspace) {
        Checks.finite("l2 penalty", "lambda", lambda);
        return (float) (lambda / 2) * sum(w, true, parallelism, workspace);
    }

    private static float sum(Tensor w, boolean squares, Parallelism parallelism, Workspace workspace) {
        int size = w.size();
        if (size == 0) {
            return 0;
        }
        int chunks = (size - 1) / CHUNK + 1;
        Workspace.Mark mark = workspace.mark();
        Tensor scratch = workspace.tensor(chunks, PenaltyLoops.LANES);
        Tensor partials = workspace.tensor(chunks, 1);
        Tensor total = workspace.tensor(1);
        total.fill(0);
        parallelism.forEach(chunks, (chunk, worker) -> {
            int from = chunk * CHUNK;
            partials.array()[partials.offset() + chunk] = PenaltyLoops.sum(
                    w.array(),
                    w.offset() + from,
                    Math.min(CHUNK, size - from),
                    squares,
                    scratch.array(),
                    scratch.offset() + chunk * PenaltyLoops.LANES);
        });
        PairwiseSum.addTo(total, partials, chunks, parallelism);
        float sum = total.get(0);
        workspace.release(mark);
        return sum;
    }

    private static void check(String operation, Tensor w, Tensor g, double lambda) {
        Checks.finite(operation, "lambda", lambda);
        Checks.sameShape(operation, "w", w, "g", g);
        Checks.apart(operation, "w", w, "g", g);
    }
}
