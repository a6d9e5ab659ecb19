package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.GroupNormalization;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Group normalisation: {@code y = f((x - mean[g]) / sqrt(variance[g] + epsilon) weight[c] + bias[c])} with the mean and the
 * variance of an example over all positions and the channels of group g, to which c belongs. Wu and He, "Group
 * Normalization", 2018.
 *
 * <p>Input and output {@code [batch, ..., channels]}, parameters {@code weight} (ones at first) and {@code bias} (zeros), of
 * shape {@code [channels]}. Group g has the channels from {@code g channels / groups} on. The same in training and outside.
 */
public final class GroupNorm implements Layer {
    private final int groups;
    private final int channels;
    private final double epsilon;
    private final Activation activation;
    private final GroupNormalization kernel;
    private final Parameter weight;
    private final Parameter bias;

    /**
     * Creates a layer with an epsilon of 1e-5, as in PyTorch.
     *
     * @param groups how many groups, at least 1; divides the channels
     * @param channels how many channels, at least 1
     * @param activation what follows, {@link Activation#IDENTITY} for none, or {@link Activation#RELU}
     * @throws IllegalArgumentException if a number is out of range, or the activation another
     */
    public GroupNorm(int groups, int channels, Activation activation) {
        this(groups, channels, 1e-5, activation);
    }

    /**
     * Creates a layer.
     *
     * @param groups how many groups, at least 1; divides the channels
     * @param channels how many channels, at least 1
     * @param epsilon added to the variance, so that it is not 0; above 0 and finite
     * @param activation what follows, {@link Activation#IDENTITY} for none, or {@link Activation#RELU}
     * @throws IllegalArgumentException if a number is out of range, or the activation another
     */
    public GroupNorm(int groups, int channels, double epsilon, Activation activation) {
        this.groups = Require.positive("groupnorm", "groups", groups);
        this.channels = Require.positive("groupnorm", "channels", channels);
        if (channels % groups != 0) {
            throw new IllegalArgumentException("groupnorm: channels is " + channels + ", groups is " + groups
                    + "; channels must be a multiple of groups");
        }
        this.epsilon = epsilon;
        this.activation = Require.given("groupnorm", "activation", activation);
        this.kernel = GroupNormalization.of(groups, epsilon, activation);
        this.weight = Parameter.scale("weight", Shape.of(channels));
        this.bias = Parameter.bias("bias", Shape.of(channels));
    }

    /**
     * Returns the number of groups.
     *
     * @return the number, at least 1
     */
    public int groups() {
        return groups;
    }

    /**
     * Returns the number of channels.
     *
     * @return the number, a multiple of the groups
     */
    public int channels() {
        return channels;
    }

    /**
     * Returns what is added to the variance.
     *
     * @return epsilon, above 0
     */
    public double epsilon() {
        return epsilon;
    }

    /**
     * Returns what follows.
     *
     * @return the activation
     */
    public Activation activation() {
        return activation;
    }

    /**
     * Returns the shape of the output, which is that of the input.
     *
     * @throws ShapeMismatchException if its last axis is not as long as there are channels, or a group has one value
     */
    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1 || input.extent(-1) != channels || input.size() == groups) {
            throw new ShapeMismatchException("groupnorm: an example is " + input + "; its last axis must be " + channels
                    + " channels, with at least 2 values in each of " + groups + " groups");
        }
        return input;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        Tensor output = pass.workspace().tensor(input.shape());
        Tensor statistics = pass.workspace().tensor(input.shape().extent(0), GroupNormalization.STATISTICS, groups);
        kernel.forward(input, weight.value(), bias.value(), output, statistics, pass.parallelism(), pass.workspace());
        return new Forward(output, (gradient, wanted) -> {
            kernel.gradient(
                    input,
                    statistics,
                    weight.value(),
                    bias.value(),
                    gradient,
                    gradient,
                    weight.gradient(),
                    bias.gradient(),
                    pass.parallelism(),
                    pass.workspace());
            return wanted ? gradient : null;
        });
    }
}
