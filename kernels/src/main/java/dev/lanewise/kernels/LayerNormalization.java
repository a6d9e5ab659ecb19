package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.RowNormLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * Normalisation along rows, with its gradient. Tensors are read as rows that run along their last axis.
 *
 * <p>{@link #centered}: {@code y = (x - mean) / sqrt(variance + epsilon) weight + bias} with the mean and the variance of the
 * row; Ba, Kiros and Hinton, "Layer Normalization", 2016. {@link #rootMeanSquare}: {@code y = x / sqrt(mean of x² + epsilon)
 * weight + bias}; Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, where there is no bias. Epsilon under the
 * root as in PyTorch.
 *
 * <p>A row stays in the L1 cache while it is read three times: for its sum, for the deviations from a float near the mean,
 * and to normalise. So neither a mean far from 0 nor a value far off costs digits, as {@link BatchNormalization#statistics}
 * says.
 *
 * <p>The order of operations: a row of fewer than 1024 elements is summed in float over 16 virtual lanes, of which lane l sums the elements i with
 * {@code i % 16 == l} in ascending order from +0; lanes (l, l + 8), (l, l + 4) and so on are joined. Of a longer row, pieces of 4096 elements are summed in float over 64 lanes, of which
 * (l, l + 32) and (l, l + 16) are joined first, and the pieces added in double, in ascending order. With {@code share = 1 / n}, {@code center = (sum of x) share}
 * rounded to float, the sums t of {@code d = x - center} and q of d², and {@code m = t share}: {@code variance = max(0, q
 * share - m²)}, {@code scale = 1 / sqrt(variance + epsilon)} and {@code offset = -m scale}, each in double, rounded to float
 * once. For the root mean square, center and t
 * are 0. Then {@code n = fma(x - center, scale, offset)} and {@code y = fma(n, weight, bias)}; a bias that is missing is 0.
 */
public final class LayerNormalization {
    /** What is kept of each row for the gradient: center, scale, offset. */
    public static final int STATISTICS = RowNormLoops.STATISTICS;

    /** Rows whose part of the weights' gradient is summed in float: fixed, since the bits depend on it. */
    private static final int CHUNK_ROWS = 32;

    /** Elements a task takes, in whole rows. */
    private static final int GRAIN = 1 << 14;

    private final double epsilon;
    private final boolean centered;

    private LayerNormalization(double epsilon, boolean centered) {
        Checks.normalization("layer normalization", epsilon, Activation.IDENTITY);
        this.epsilon = epsilon;
        this.centered = centered;
    }

    /**
     * Returns the normalisation to a mean of 0 and a variance of 1.
     *
     * @param epsilon added to the variance; above 0 and finite
     * @return the normalisation
     * @throws IllegalArgumentException if epsilon is out of range
     */
    public static LayerNormalization centered(double epsilon) {
        return new LayerNormalization(epsilon, true);
    }

    /**
     * Returns the normalisation to a mean square of 1.
     *
     * @param epsilon added to the mean square; above 0 and finite
     * @return the normalisation
     * @throws IllegalArgumentException if epsilon is out of range
     */
    public static LayerNormalization rootMeanSquare(double epsilon) {
        return new LayerNormalization(epsilon, false);
    }

    /**
     * Normalises each row.
     *
     * @param x the rows, {@code [..., columns]}
     * @param weight {@code [columns]}
     * @param bias {@code [columns]}, or null for none
     * @param y receives the results, same shape as x; may be x, or share no element with it
     * @param statistics receives what the gradient needs, {@code [rows, 3]}; shares no element with the others
     * @param parallelism the threads
     * @param workspace scratch memory: 1056 floats for each thread, and a row
     * @throws ShapeMismatchException if the shapes do not fit
     * @throws IllegalArgumentException if a result overlaps another argument in another way; nothing is written then
     */
    public void forward(
            Tensor x,
            Tensor weight,
            Tensor bias,
            Tensor y,
            Tensor statistics,
            Parallelism parallelism,
            Workspace workspace) {
        String operation = "layer normalization";
        int columns = check(operation, x, weight, bias, "bias", statistics);
        Checks.sameShape(operation, "x", x, "y", y);
        Checks.sameOrApart(operation, "x", x, "y", y);
        Checks.apart(operation, "weight", weight, "y", y);
        Checks.apart(operation, "y", y, "statistics", statistics);
        Checks.apart(operation, "x", x, "statistics", statistics);
        Checks.apart(operation, "weight", weight, "statistics", statistics);
        if (bias != null) {
            Checks.apart(operation, "bias", bias, "y", y);
            Checks.apart(operation, "bias", bias, "statistics", statistics);
        }
        if (x.size() == 0) {
            return;
        }
        int rows = x.shape().rows();
        RowMeans means = new RowMeans(centered, epsilon, columns);
        int together = means.together();
        int grain = Math.max(1, GRAIN / columns / together) * together;
        Workspace.Mark mark = workspace.mark();
        Tensor added = bias == null && centered ? zeros(columns, workspace) : bias;
        Tensor scratch = workspace.tensor(parallelism.threads(), RowMeans.SCRATCH);
        float[] s = statistics.array();
        parallelism.forEach((rows - 1) / grain + 1, (task, worker) -> {
            int scratch0 = scratch.offset() + worker * RowMeans.SCRATCH;
            int end = Math.min(rows - task * grain, grain) + task * grain;
            for (int row = task * grain, count; row < end; row += count) {
                count = Math.min(end - row, together);
                int x0 = x.offset() + row * columns;
                int s0 = statistics.offset() + row * STATISTICS;
                int y0 = y.offset() + row * columns;
                means.statistics(x.array(), x0, count, s, s0, scratch.array(), scratch0);
                normalise(x.array(), x0, count, columns, s, s0, weight, added, y.array(), y0);
            }
        });
        workspace.release(mark);
    }

    private static void normalise(
            float[] x,
            int x0,
            int rows,
            int columns,
            float[] s,
            int s0,
            Tensor weight,
            Tensor bias,
            float[] y,
            int y0) {
        float[] w = weight.array();
        int w0 = weight.offset();
        if (bias == null) {
            RowNormLoops.applyScale(x, x0, rows, columns, s, s0, w, w0, y, y0);
        } else {
            RowNormLoops.apply(x, x0, rows, columns, s, s0, w, w0, bias.array(), bias.offset(), y, y0);
        }
    }

    /**
     * Computes the gradients: with n normalised, {@code g = dy weight}, and means over the row's columns,
     *
     * <pre>
     *   dbias   += sum over rows of dy
     *   dweight += sum over rows of dy n
     *   dx       = (g - mean of g - n (mean of g n)) / sqrt(variance + epsilon)
     * </pre>
     *
     * without the mean of g for the root mean square.
     *
     * <p>The order of operations: the sums of g and g n as those of the forward pass, products fused with their addition;
     * {@code level} and {@code slope}, the means, in double, rounded once; {@code dx = fma(n, -slope, g - level) scale}. The
     * rows are cut into chunks of 32, in which the gradients of weight and bias are summed in float, rows in ascending order
     * from +0, products fused with their addition; the chunks are added in double in ascending order, and to what was there,
     * rounded once.
     *
     * @param x the rows of the forward pass, {@code [..., columns]}
     * @param statistics what the forward pass wrote
     * @param weight {@code [columns]}
     * @param dy the gradients of the results, same shape as x
     * @param dx receives the gradients of the inputs, same shape; may be x or dy, or share no element with them
     * @param dweight added to, {@code [columns]}
     * @param dbias added to, {@code [columns]}, or null for none
     * @param parallelism the threads
     * @param workspace scratch memory: two rows for each chunk, and 1056 floats for each thread
     * @throws ShapeMismatchException if the shapes do not fit
     * @throws IllegalArgumentException if a result overlaps another argument in another way; nothing is written then
     */
    public void gradient(
            Tensor x,
            Tensor statistics,
            Tensor weight,
            Tensor dy,
            Tensor dx,
            Tensor dweight,
            Tensor dbias,
            Parallelism parallelism,
            Workspace workspace) {
        int columns = checkGradient(x, statistics, weight, dy, dx, dweight, dbias);
        if (x.size() == 0) {
            return;
        }
        int rows = x.shape().rows();
        int chunks = (rows - 1) / CHUNK_ROWS + 1;
        Workspace.Mark mark = workspace.mark();
        Tensor sums = workspace.tensor(chunks, 2, columns);
        Tensor scratch = workspace.tensor(parallelism.threads(), RowMeans.SCRATCH);
        double[] totals = workspace.doubles(columns);
        RowMeans means = new RowMeans(centered, epsilon, columns);
        int together = means.together();
        parallelism.forEach(chunks, (chunk, worker) -> {
            int sums0 = sums.offset() + chunk * 2 * columns;
            int scratch0 = scratch.offset() + worker * RowMeans.SCRATCH;
            Arrays.fill(sums.array(), sums0, sums0 + 2 * columns, 0);
            int end = Math.min(rows - chunk * CHUNK_ROWS, CHUNK_ROWS) + chunk * CHUNK_ROWS;
            for (int row = chunk * CHUNK_ROWS, count; row < end; row += count) {
                count = Math.min(end - row, together);
                gradient(
                        means,
                        x,
                        statistics,
                        weight,
                        dy,
                        dx,
                        row,
                        count,
                        scratch.array(),
                        scratch0,
                        sums.array(),
                        sums0);
            }
        });
        ChannelSums.addTo(dweight, sums, 0, 2, chunks, totals);
        if (dbias != null) {
            ChannelSums.addTo(dbias, sums, 1, 2, chunks, totals);
        }
        workspace.release(mark);
    }

    private static void gradient(
            RowMeans means,
            Tensor x,
            Tensor statistics,
            Tensor weight,
            Tensor dy,
            Tensor dx,
            int row,
            int rows,
            float[] scratch,
            int scratch0,
            float[] sums,
            int sums0) {
        int columns = means.columns();
        int x0 = x.offset() + row * columns;
        int dy0 = dy.offset() + row * columns;
        int s0 = statistics.offset() + row * STATISTICS;
        means.ofGradient(x.array(), x0, dy.array(), dy0, rows, statistics.array(), s0, weight, scratch, scratch0);
        RowNormLoops.gradient(
                x.array(),
                x0,
                dy.array(),
                dy0,
                rows,
                columns,
                statistics.array(),
                s0,
                weight.array(),
                weight.offset(),
                scratch,
                scratch0,
                dx.array(),
                dx.offset() + row * columns,
                sums,
                sums0);
    }

    private static Tensor zeros(int columns, Workspace workspace) {
        Tensor zeros = workspace.tensor(columns);
        zeros.fill(0);
        return zeros;
    }

    private static int checkGradient(
            Tensor x, Tensor statistics, Tensor weight, Tensor dy, Tensor dx, Tensor dweight, Tensor dbias) {
        String operation = "layer normalization gradient";
        int columns = check(operation, x, weight, dbias, "dbias", statistics);
        Checks.normalizationGradient(operation, x, dy, dx, dweight, dbias);
        Checks.apart(operation, "statistics", statistics, "dx", dx);
        Checks.apart(operation, "weight", weight, "dx", dx);
        return columns;
    }

    private static int check(
            String operation, Tensor x, Tensor weight, Tensor bias, String biasName, Tensor statistics) {
        int columns = Checks.channels(operation, "x", x, "weight", weight);
        if (bias != null) {
            Checks.channels(operation, "x", x, biasName, bias);
        }
        if (!statistics.shape().equals(Shape.of(x.shape().rows(), STATISTICS))) {
            throw new ShapeMismatchException(operation + ": x is " + x.shape() + ", statistics are "
                    + statistics.shape() + "; they must be " + STATISTICS + " numbers for each of "
                    + x.shape().rows() + " rows");
        }
        return columns;
    }
}
