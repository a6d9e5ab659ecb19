package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ClippingLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * What keeps gradients from being too large: a limit for each element, or for their norm.
 *
 * <p>The sum of squares is computed in double, where the square of a float is exact. The order of operations: the elements
 * are cut into chunks of 4096; in a chunk 16 lanes begin with +0, lane l adds the squares of the elements whose index in
 * the chunk is l modulo 16 in ascending order, and the lanes are added in the tree (l, l + 8), (l, l + 4), (l, l + 2), (l, l
 * + 1); the chunks are added in ascending order. All terms being positive, the relative error is below {@code (260 + n /
 * 4096) 2^-53} for n elements: for a million elements 6e-14, a millionth of a float's last bit.
 */
public final class Clipping {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    /** Elements of a partial sum: fixed, since the bits depend on it. */
    private static final int CHUNK = 1 << 12;

    private Clipping() {}

    /**
     * Holds each element to {@code [-limit, limit]}. NaN stays NaN.
     *
     * @param g the gradients, any shape; changed
     * @param limit the largest magnitude, at least 0, finite
     * @param parallelism the threads
     * @throws IllegalArgumentException if the limit is out of range; g is untouched then
     */
    public static void byValue(Tensor g, double limit, Parallelism parallelism) {
        Checks.finite("clipping", "limit", limit);
        float most = (float) limit;
        parallelism.forRange(
                g.size(), GRAIN, (from, to) -> ClippingLoops.clamp(g.array(), g.offset() + from, to - from, most));
    }

    /**
     * Multiplies each element by a number.
     *
     * @param g the gradients, any shape; changed
     * @param factor the number, any
     * @param parallelism the threads
     */
    public static void scale(Tensor g, float factor, Parallelism parallelism) {
        parallelism.forRange(
                g.size(), GRAIN, (from, to) -> ClippingLoops.scale(g.array(), g.offset() + from, to - from, factor));
    }

    /**
     * Adds up the squares of all elements. The sum of finite floats is finite, however large they are; infinite elements
     * give infinity, NaN gives NaN.
     *
     * @param g the gradients, any shape
     * @param parallelism the threads
     * @param workspace scratch memory: 17 doubles for each chunk
     * @return the sum, in double
     */
    public static double squareSum(Tensor g, Parallelism parallelism, Workspace workspace) {
        int size = g.size();
        int chunks = size / CHUNK + (size % CHUNK == 0 ? 0 : 1);
        Workspace.Mark mark = workspace.mark();
        double[] lanes = workspace.doubles(chunks * ClippingLoops.LANES);
        double[] sums = workspace.doubles(chunks);
        parallelism.forEach(chunks, (chunk, worker) -> {
            int from = chunk * CHUNK;
            sums[chunk] = ClippingLoops.squareSum(
                    g.array(), g.offset() + from, Math.min(CHUNK, size - from), lanes, chunk * ClippingLoops.LANES);
        });
        double sum = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            sum += sums[chunk];
        }
        workspace.release(mark);
        return sum;
    }
}
