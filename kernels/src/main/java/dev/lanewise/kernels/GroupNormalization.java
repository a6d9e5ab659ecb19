package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Group normalisation, with its gradient: {@code y = (x - mean[n, g]) / sqrt(variance[n, g] + epsilon) weight[c] + bias[c]}
 * with the mean and the variance over all positions of example n and the channels of group g, to which c belongs; ReLU
 * behind it if wanted. Wu and He, "Group Normalization", 2018. With as many groups as channels it is instance normalisation
 * (Ulyanov, Vedaldi and Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016).
 *
 * <p>Tensors are {@code [batch, ..., channels]}; what lies between are the positions. Group g has the channels from
 * {@code g channels / groups} on.
 *
 * <p>The order of operations: mean and variance of each channel of an example as {@link BatchNormalization#statistics} finds
 * them, not rounded; then in double, channels in ascending order from +0, {@code mean = (sum of means) / m} over the m
 * channels of the group and {@code variance = (sum of variance[c] + (mean[c] - mean)²) / m}. The rest is as in
 * {@link BatchNormalization}.
 */
public final class GroupNormalization {
    /** What is kept of each group: mean, what its rounding took, variance. */
    public static final int STATISTICS = 3;

    private final int groups;
    private final double epsilon;
    private final boolean rectified;

    private GroupNormalization(int groups, double epsilon, boolean rectified) {
        this.groups = groups;
        this.epsilon = epsilon;
        this.rectified = rectified;
    }

    /**
     * Returns a normalisation.
     *
     * @param groups how many groups; at least 1
     * @param epsilon added to variances, so that none is 0; above 0 and finite
     * @param activation what follows: {@link Activation#IDENTITY} or {@link Activation#RELU}
     * @return the normalisation
     * @throws IllegalArgumentException if a number is out of range, or the activation another
     */
    public static GroupNormalization of(int groups, double epsilon, Activation activation) {
        if (groups < 1) {
            throw new IllegalArgumentException("group normalization: groups is " + groups + "; it must be at least 1");
        }
        Checks.normalization("group normalization", epsilon, activation);
        return new GroupNormalization(groups, epsilon, activation == Activation.RELU);
    }

    /**
     * Normalises.
     *
     * @param x the examples, {@code [batch, ..., channels]}
     * @param weight {@code [channels]}
     * @param bias {@code [channels]}
     * @param y receives the results, same shape as x; may be x, or share no element with it
     * @param statistics receives what the gradient needs, {@code [batch, 3, groups]}; shares no element with the others
     * @param parallelism the threads
     * @param workspace scratch memory: three rows for each chunk, five and two of doubles for each example
     * @throws ShapeMismatchException if the shapes do not fit, or the groups do not divide the channels
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
        String operation = "group normalization";
        check(operation, x, weight, bias, statistics);
        Checks.sameShape(operation, "x", x, "y", y);
        Checks.sameOrApart(operation, "x", x, "y", y);
        Checks.apart(operation, "weight", weight, "y", y);
        Checks.apart(operation, "bias", bias, "y", y);
        Checks.apart(operation, "y", y, "statistics", statistics);
        Checks.apart(operation, "x", x, "statistics", statistics);
        Checks.apart(operation, "weight", weight, "statistics", statistics);
        Checks.apart(operation, "bias", bias, "statistics", statistics);
        if (x.size() == 0) {
            return;
        }
        ChannelSums sums = sums(x);
        Workspace.Mark mark = workspace.mark();
        double[] means = workspace.doubles(sums.parts() * sums.channels());
        double[] variances = workspace.doubles(sums.parts() * sums.channels());
        sums.statistics(x, means, variances, parallelism, workspace);
        for (int part = 0; part < sums.parts(); part++) {
            for (int group = 0; group < groups; group++) {
                join(means, variances, part, group, sums.channels(), statistics);
            }
        }
        coefficients(sums, statistics, weight, bias, workspace).apply(x, y, parallelism);
        workspace.release(mark);
    }

    /** Joins the statistics of the channels of one group of one example. */
    private void join(double[] means, double[] variances, int part, int group, int channels, Tensor statistics) {
        int size = channels / groups;
        int from = part * channels + group * size;
        double mean = 0;
        for (int i = from; i < from + size; i++) {
            mean += means[i];
        }
        mean /= size;
        double variance = 0;
        for (int i = from; i < from + size; i++) {
            double e = means[i] - mean;
            variance += variances[i] + e * e;
        }
        float[] s = statistics.array();
        int at = at(statistics, part, group);
        s[at] = (float) mean;
        s[at + groups] = (float) (mean - s[at]);
        s[at + 2 * groups] = (float) (variance / size);
    }

    /**
     * Computes the gradients: with the deviations {@code d = x - mean}, {@code r = 1 / sqrt(variance + epsilon)}, and g, which
     * is dy or, behind a ReLU, 0 where the result was, and means over the group,
     *
     * <pre>
     *   dbias   += sum over examples and positions of g
     *   dweight += sum over examples and positions of r g d
     *   dx       = r (weight g - mean of weight g - d r² (mean of weight g d))
     * </pre>
     *
     * <p>The order of operations: sums over the positions of a channel as {@link BatchNormalization#gradient} has them; then
     * in double, channels of a group and examples in ascending order from +0; slope and level in double, rounded once.
     *
     * @param x the examples of the forward pass, {@code [batch, ..., channels]}
     * @param statistics what the forward pass wrote
     * @param weight {@code [channels]}
     * @param bias {@code [channels]}
     * @param dy the gradients of the results, same shape as x
     * @param dx receives the gradients of the inputs, same shape; may be x or dy, or share no element with them
     * @param dweight added to, {@code [channels]}
     * @param dbias added to, {@code [channels]}
     * @param parallelism the threads
     * @param workspace scratch memory: two rows for each chunk, five and two of doubles for each example
     * @throws ShapeMismatchException if the shapes do not fit, or the groups do not divide the channels
     * @throws IllegalArgumentException if a result overlaps another argument in another way; nothing is written then
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
        String operation = "group normalization gradient";
        check(operation, x, weight, bias, statistics);
        Checks.normalizationGradient(operation, x, dy, dx, dweight, dbias);
        if (x.size() == 0) {
            return;
        }
        ChannelSums sums = sums(x);
        Workspace.Mark mark = workspace.mark();
        ChannelCoefficients k = coefficients(sums, statistics, weight, bias, workspace);
        double[] gradients = workspace.doubles(sums.parts() * sums.channels());
        double[] products = workspace.doubles(sums.parts() * sums.channels());
        k.gradientSums(x, dy, gradients, products, parallelism, workspace);
        for (int part = 0; part < sums.parts(); part++) {
            for (int group = 0; group < groups; group++) {
                finish(sums, statistics, part, group, weight, gradients, products, k);
            }
        }
        addParts(dweight, products, sums.parts());
        addParts(dbias, gradients, sums.parts());
        k.applyGradient(x, dy, dx, parallelism);
        workspace.release(mark);
    }

    /** Sets slope and level of one group of one example, and turns its products into parts of the weights' gradient. */
    private void finish(
            ChannelSums sums,
            Tensor statistics,
            int part,
            int group,
            Tensor weight,
            double[] gradients,
            double[] products,
            ChannelCoefficients coefficients) {
        int size = sums.channels() / groups;
        int at = at(statistics, part, group);
        float rest = statistics.array()[at + groups];
        double r = 1 / Math.sqrt(statistics.array()[at + 2 * groups] + epsilon);
        double level = 0;
        double slope = 0;
        for (int c = group * size; c < (group + 1) * size; c++) {
            int i = part * sums.channels() + c;
            float w = weight.array()[weight.offset() + c];
            products[i] = (products[i] - rest * gradients[i]) * r;
            level += w * gradients[i];
            slope += w * products[i];
        }
        double count = (double) size * sums.rows();
        for (int c = group * size; c < (group + 1) * size; c++) {
            coefficients.setGradient(part, c, -r * r * slope / count, -r * level / count, rest);
        }
    }

    private static void addParts(Tensor total, double[] terms, int parts) {
        int channels = total.size();
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int part = 0; part < parts; part++) {
                sum += terms[part * channels + c];
            }
            ChannelSums.add(total, c, sum);
        }
    }

    private ChannelCoefficients coefficients(
            ChannelSums sums, Tensor statistics, Tensor weight, Tensor bias, Workspace workspace) {
        ChannelCoefficients coefficients = new ChannelCoefficients(sums, rectified, workspace);
        int size = sums.channels() / groups;
        float[] s = statistics.array();
        for (int part = 0; part < sums.parts(); part++) {
            for (int c = 0; c < sums.channels(); c++) {
                int at = at(statistics, part, c / size);
                double root = Math.sqrt(s[at + 2 * groups] + epsilon);
                float w = weight.array()[weight.offset() + c];
                coefficients.set(part, c, s[at], s[at + groups], root, w, bias.array()[bias.offset() + c]);
            }
        }
        return coefficients;
    }

    private int at(Tensor statistics, int part, int group) {
        return statistics.offset() + part * STATISTICS * groups + group;
    }

    private static ChannelSums sums(Tensor x) {
        int batch = x.shape().extent(0);
        int channels = x.shape().extent(-1);
        return new ChannelSums(batch, x.size() / batch / channels, channels);
    }

    private void check(String operation, Tensor x, Tensor weight, Tensor bias, Tensor statistics) {
        int channels = Checks.channels(operation, "x", x, "weight", weight);
        Checks.channels(operation, "x", x, "bias", bias);
        if (x.shape().rank() < 2 || channels % groups != 0) {
            throw new ShapeMismatchException(operation + ": x is " + x.shape()
                    + "; it must be [batch]x...x[channels], channels a multiple of " + groups + " groups");
        }
        if (!statistics.shape().equals(Shape.of(x.shape().extent(0), STATISTICS, groups))) {
            throw new ShapeMismatchException(operation + ": x is " + x.shape() + ", statistics are "
                    + statistics.shape() + "; they must be " + x.shape().extent(0) + "x" + STATISTICS + "x" + groups);
        }
    }
}
