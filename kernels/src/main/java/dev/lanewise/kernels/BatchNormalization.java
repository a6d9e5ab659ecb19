package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Batch normalisation, with its gradient: {@code y = (x - mean[c]) / sqrt(variance[c] + epsilon) weight[c] + bias[c]}, and
 * ReLU behind it if wanted. Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
 * Covariate Shift", 2015, algorithm 1; epsilon under the root as there and in PyTorch. Tensors are read as rows that run
 * along their last axis, the channels c.
 *
 * <p>The mean and the variance are an argument, a tensor of {@value #STATISTICS} rows of channels: the mean rounded to
 * float, what the rounding took, and the variance (of all rows, not the unbiased estimate). {@link #statistics} finds those
 * of a batch; those of all batches so far, which {@link #follow} keeps, take their place in evaluation. The second row is
 * there because of means that are large beside the deviation: at a mean of 10,000 floats lie 0.001 apart.
 *
 * <p>The order of operations: {@code d = x - mean}, then {@code z = fma(d, scale, offset)}, with
 * {@code scale = weight / sqrt(variance + epsilon)} and {@code offset = bias - rest scale} computed in double and rounded
 * once.
 */
public final class BatchNormalization {
    /** The rows of statistics: mean, what its rounding took, variance. */
    public static final int STATISTICS = 3;

    private final double epsilon;
    private final boolean rectified;

    private BatchNormalization(double epsilon, boolean rectified) {
        this.epsilon = epsilon;
        this.rectified = rectified;
    }

    /**
     * Returns a normalisation.
     *
     * @param epsilon added to variances, so that none is 0; above 0 and finite
     * @param activation what follows: {@link Activation#IDENTITY} or {@link Activation#RELU}
     * @return the normalisation
     * @throws IllegalArgumentException if epsilon is out of range, or the activation another
     */
    public static BatchNormalization of(double epsilon, Activation activation) {
        Checks.normalization("batch normalization", epsilon, activation);
        return new BatchNormalization(epsilon, activation == Activation.RELU);
    }

    /**
     * Computes the mean and the variance of each channel.
     *
     * <p>The order of operations: the rows are cut into chunks of 64. In a chunk of m rows, in float, rows in ascending
     * order from +0: {@code shift = (sum of x) (1 / m)}; with {@code d = x - shift} the sums {@code t} of d and, by fused
     * multiply-adds, {@code q} of d². Then in double, chunks in ascending order from +0: {@code mean = (sum of m shift + t) /
     * n} and, with {@code e = shift - mean}, {@code variance = max(0, (sum of q + e (2 t + m e)) / n)}. So neither the
     * distance of the mean from 0 nor a value far off costs digits. A sum of 64 values that overflows makes its channel NaN.
     *
     * @param x the rows, {@code [..., channels]}, at least one
     * @param statistics receives the statistics, {@code [3, channels]}; shares no element with x
     * @param parallelism the threads
     * @param workspace scratch memory: three rows for each chunk
     * @throws ShapeMismatchException if the shapes do not fit
     * @throws IllegalArgumentException if there is no row, or statistics overlaps x; statistics is untouched then
     */
    public static void statistics(Tensor x, Tensor statistics, Parallelism parallelism, Workspace workspace) {
        String operation = "batch statistics";
        int channels = checkStatistics(operation, x, statistics);
        Checks.apart(operation, "x", x, "statistics", statistics);
        if (x.shape().rows() == 0) {
            throw new IllegalArgumentException(operation + ": x is " + x.shape() + "; it must have at least one row");
        }
        if (channels == 0) {
            return;
        }
        Workspace.Mark mark = workspace.mark();
        double[] means = workspace.doubles(channels);
        double[] variances = workspace.doubles(channels);
        new ChannelSums(1, x.shape().rows(), channels).statistics(x, means, variances, parallelism, workspace);
        float[] out = statistics.array();
        for (int c = 0, at = statistics.offset(); c < channels; c++, at++) {
            out[at] = (float) means[c];
            out[at + channels] = (float) (means[c] - out[at]);
            out[at + 2 * channels] = (float) variances[c];
        }
        workspace.release(mark);
    }

    /**
     * Lets running statistics follow those of a batch: {@code mean += momentum (batch mean - mean)}, and the variance
     * likewise with the unbiased estimate {@code n / (n - 1)} times that of the batch, as PyTorch has it. In double, rounded
     * once: {@code (1 - momentum) mean + momentum batch}.
     *
     * @param statistics of the batch, {@code [3, channels]}
     * @param rows how many rows the batch had, n; at least 2
     * @param momentum the weight of this batch, from 0 to 1
     * @param runningMean changed, {@code [channels]}
     * @param runningVariance changed, {@code [channels]}
     * @throws ShapeMismatchException if the shapes do not fit; nothing is changed then
     * @throws IllegalArgumentException if there are fewer than 2 rows, or momentum is out of range
     */
    public static void follow(
            Tensor statistics, int rows, double momentum, Tensor runningMean, Tensor runningVariance) {
        String operation = "running statistics";
        int channels = checkStatistics(operation, statistics, statistics);
        Checks.channels(operation, "statistics", statistics, "mean", runningMean);
        Checks.channels(operation, "statistics", statistics, "variance", runningVariance);
        if (rows < 2 || !(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(operation + ": rows is " + rows + ", momentum is " + momentum
                    + "; there must be at least 2 rows, and momentum must be from 0 to 1");
        }
        double unbiased = rows / (rows - 1.0);
        for (int c = 0, at = statistics.offset(); c < channels; c++, at++) {
            double mean = (double) statistics.array()[at] + statistics.array()[at + channels];
            blend(runningMean, c, mean, momentum);
            blend(runningVariance, c, unbiased * statistics.array()[at + 2 * channels], momentum);
        }
    }

    private static void blend(Tensor running, int c, double batch, double momentum) {
        float[] array = running.array();
        int at = running.offset() + c;
        array[at] = (float) ((1 - momentum) * array[at] + momentum * batch);
    }

    /**
     * Normalises.
     *
     * @param x the rows, {@code [..., channels]}
     * @param statistics what to subtract and to divide by, {@code [3, channels]}
     * @param weight {@code [channels]}
     * @param bias {@code [channels]}
     * @param y receives the results, same shape as x; may be x, or share no element with it
     * @param parallelism the threads
     * @param workspace scratch memory: three rows
     * @throws ShapeMismatchException if the shapes do not fit; y is untouched then
     * @throws IllegalArgumentException if y overlaps another argument, or x without being the same elements
     */
    public void forward(
            Tensor x,
            Tensor statistics,
            Tensor weight,
            Tensor bias,
            Tensor y,
            Parallelism parallelism,
            Workspace workspace) {
        String operation = "batch normalization";
        int channels = check(operation, x, statistics, weight, bias);
        Checks.sameShape(operation, "x", x, "y", y);
        Checks.sameOrApart(operation, "x", x, "y", y);
        Checks.apart(operation, "statistics", statistics, "y", y);
        Checks.apart(operation, "weight", weight, "y", y);
        Checks.apart(operation, "bias", bias, "y", y);
        if (x.size() == 0) {
            return;
        }
        Workspace.Mark mark = workspace.mark();
        ChannelSums sums = new ChannelSums(1, x.shape().rows(), channels);
        coefficients(sums, statistics, weight, bias, workspace).apply(x, y, parallelism);
        workspace.release(mark);
    }

    /**
     * Computes the gradients where the statistics are those of x itself, and follow when x changes: with n rows, the
     * deviations {@code d = x - mean}, {@code r = 1 / sqrt(variance + epsilon)}, and g, which is dy or, behind a ReLU, 0
     * where the result was,
     *
     * <pre>
     *   dbias   += sum over rows of g
     *   dweight += r (sum over rows of g d)
     *   dx       = weight r (g - (sum of g) / n - d r² (sum of g d) / n)
     * </pre>
     *
     * <p>The order of operations: chunks of 64 rows in float, rows in ascending order from +0, products fused with their
     * addition; chunks in double, in ascending order; the gradients of weight and bias are added in double, rounded once.
     * {@code dx = fma(g, scale, fma(d, slope, level))} with {@code slope = -scale r² (sum of g d) / n} and
     * {@code level = -scale (sum of g) / n - slope rest} computed in double, rounded once.
     *
     * @param x the rows of the forward pass, {@code [..., channels]}
     * @param statistics those of x
     * @param weight {@code [channels]}
     * @param bias {@code [channels]}
     * @param dy the gradients of the results, same shape as x
     * @param dx receives the gradients of the inputs, same shape; may be x or dy, or share no element with them; null if
     *     they are not wanted
     * @param dweight added to, {@code [channels]}
     * @param dbias added to, {@code [channels]}
     * @param parallelism the threads
     * @param workspace scratch memory: two rows for each chunk, and five
     * @throws ShapeMismatchException if the shapes do not fit; nothing is written then
     * @throws IllegalArgumentException if a result overlaps another argument in another way
     */
    public void gradient(
            Tensor x,
            Tensor statistics,
            Tensor weight,
            Tensor bias,
            Tensor dy,
            Tensor dx,
            Tensor dweight,
            Tensor dbias,
            Parallelism parallelism,
            Workspace workspace) {
        gradient(x, statistics, weight, bias, true, dy, dx, dweight, dbias, parallelism, workspace);
    }

    /**
     * Computes the gradients where the statistics are fixed, as in evaluation. As {@link #gradient}, but {@code dx = weight r
     * g}: slope and level are 0.
     *
     * @param x the rows of the forward pass, {@code [..., channels]}
     * @param statistics those that were given
     * @param weight {@code [channels]}
     * @param bias {@code [channels]}
     * @param dy the gradients of the results, same shape as x
     * @param dx receives the gradients of the inputs, same shape; may be x or dy, or share no element with them; null if
     *     they are not wanted
     * @param dweight added to, {@code [channels]}
     * @param dbias added to, {@code [channels]}
     * @param parallelism the threads
     * @param workspace scratch memory: two rows for each chunk, and five
     * @throws ShapeMismatchException if the shapes do not fit; nothing is written then
     * @throws IllegalArgumentException if a result overlaps another argument in another way
     */
    public void gradientOfFixed(
            Tensor x,
            Tensor statistics,
            Tensor weight,
            Tensor bias,
            Tensor dy,
            Tensor dx,
            Tensor dweight,
            Tensor dbias,
            Parallelism parallelism,
            Workspace workspace) {
        gradient(x, statistics, weight, bias, false, dy, dx, dweight, dbias, parallelism, workspace);
    }

    private void gradient(
            Tensor x,
            Tensor statistics,
            Tensor weight,
            Tensor bias,
            boolean own,
            Tensor dy,
            Tensor dx,
            Tensor dweight,
            Tensor dbias,
            Parallelism parallelism,
            Workspace workspace) {
        String operation = "batch normalization gradient";
        int channels = check(operation, x, statistics, weight, bias);
        Checks.normalizationGradient(operation, x, dy, dx, dweight, dbias);
        if (x.size() == 0) {
            return;
        }
        int rows = x.shape().rows();
        Workspace.Mark mark = workspace.mark();
        ChannelCoefficients k = coefficients(new ChannelSums(1, rows, channels), statistics, weight, bias, workspace);
        double[] gradients = workspace.doubles(channels);
        double[] products = workspace.doubles(channels);
        k.gradientSums(x, dy, gradients, products, parallelism, workspace);
        finish(statistics, gradients, products, own ? rows : 0, k, dweight, dbias);
        if (dx != null) {
            k.applyGradient(x, dy, dx, parallelism);
        }
        workspace.release(mark);
    }

    private ChannelCoefficients coefficients(
            ChannelSums sums, Tensor statistics, Tensor weight, Tensor bias, Workspace workspace) {
        ChannelCoefficients coefficients = new ChannelCoefficients(sums, rectified, workspace);
        int channels = sums.channels();
        float[] s = statistics.array();
        for (int c = 0, at = statistics.offset(); c < channels; c++, at++) {
            double root = Math.sqrt(s[at + 2 * channels] + epsilon);
            float w = weight.array()[weight.offset() + c];
            coefficients.set(0, c, s[at], s[at + channels], root, w, bias.array()[bias.offset() + c]);
        }
        return coefficients;
    }

    /** Sets slope and level, 0 where no rows shared the statistics, and adds the gradients of weight and bias. */
    private void finish(
            Tensor statistics,
            double[] gradients,
            double[] products,
            int rows,
            ChannelCoefficients coefficients,
            Tensor dweight,
            Tensor dbias) {
        int channels = dweight.size();
        float[] s = statistics.array();
        for (int c = 0, at = statistics.offset(); c < channels; c++, at++) {
            float rest = s[at + channels];
            double shifted = s[at + 2 * channels] + epsilon;
            double product = products[c] - rest * gradients[c];
            double scale = coefficients.scale(0, c);
            double slope = rows == 0 ? 0 : -scale * product / (shifted * rows);
            double level = rows == 0 ? 0 : -scale * gradients[c] / rows;
            coefficients.setGradient(0, c, slope, level, rows == 0 ? 0 : rest);
            ChannelSums.add(dweight, c, product / Math.sqrt(shifted));
            ChannelSums.add(dbias, c, gradients[c]);
        }
    }

    private static int check(String operation, Tensor x, Tensor statistics, Tensor weight, Tensor bias) {
        checkStatistics(operation, x, statistics);
        Checks.channels(operation, "x", x, "weight", weight);
        return Checks.channels(operation, "x", x, "bias", bias);
    }

    private static int checkStatistics(String operation, Tensor x, Tensor statistics) {
        boolean fits = x.shape().rank() >= 1
                && statistics.shape().rank() == 2
                && statistics.shape().extent(0) == STATISTICS
                && statistics.shape().extent(1) == x.shape().extent(-1);
        if (!fits) {
            throw new ShapeMismatchException(operation + ": x is " + x.shape() + ", statistics are "
                    + statistics.shape() + "; they must be " + STATISTICS + " rows, as long as the last axis of x");
        }
        return statistics.shape().extent(1);
    }
}
