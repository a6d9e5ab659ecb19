package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Buffer;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Batch normalisation of features or of sequences, {@code y = f((x - mean[c]) / sqrt(variance[c] + epsilon) weight[c] +
 * bias[c])}: while training, mean and variance are those of the batch over all axes but the channels; otherwise the running
 * ones. Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
 * 2015.
 *
 * <p>Input and output {@code [batch, channels]} or {@code [batch, length, channels]}, parameters {@code weight} (ones at first) and
 * {@code bias} (zeros), of shape {@code [channels]}. A training pass changes the buffers {@code runningMean} and
 * {@code runningVariance} as PyTorch does: {@code running = (1 - momentum) running + momentum batch}, the variance with n - 1
 * for n values; they begin with 0 and 1. A batch of nothing changes nothing.
 */
public final class BatchNorm1d implements Layer {
    private final ChannelNorm norm;

    /**
     * Creates a layer with an epsilon of 1e-5 and a momentum of 0.1, as in PyTorch.
     *
     * @param channels how many channels, at least 1
     * @param activation what follows, {@link Activation#IDENTITY} for none, or {@link Activation#RELU}
     * @throws IllegalArgumentException if channels is below 1, or the activation another
     */
    public BatchNorm1d(int channels, Activation activation) {
        this(channels, ChannelNorm.EPSILON, ChannelNorm.MOMENTUM, activation);
    }

    /**
     * Creates a layer.
     *
     * @param channels how many channels, at least 1
     * @param epsilon added to the variance, so that it is not 0; above 0 and finite
     * @param momentum the weight of a new batch in the running statistics, from 0 to 1
     * @param activation what follows, {@link Activation#IDENTITY} for none, or {@link Activation#RELU}
     * @throws IllegalArgumentException if a number is out of range, or the activation another
     */
    public BatchNorm1d(int channels, double epsilon, double momentum, Activation activation) {
        this.norm = new ChannelNorm("batchnorm1d", channels, epsilon, momentum, activation);
    }

    /**
     * Returns the number of channels.
     *
     * @return the number, at least 1
     */
    public int channels() {
        return norm.channels();
    }

    /**
     * Returns what is added to the variance.
     *
     * @return epsilon, above 0
     */
    public double epsilon() {
        return norm.epsilon();
    }

    /**
     * Returns the weight of a new batch in the running statistics.
     *
     * @return the momentum, from 0 to 1
     */
    public double momentum() {
        return norm.momentum();
    }

    /**
     * Returns what follows.
     *
     * @return the activation
     */
    public Activation activation() {
        return norm.activation();
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1 || input.rank() > 2 || input.extent(-1) != norm.channels()) {
            throw new ShapeMismatchException("batchnorm1d: an example is " + input
                    + "; it must be [channels] or [length]x[channels] with channels " + norm.channels());
        }
        return input;
    }

    @Override
    public List<Parameter> parameters() {
        return norm.parameters();
    }

    @Override
    public List<Buffer> buffers() {
        return norm.buffers();
    }

    /**
     * Computes the output for a batch.
     *
     * @throws IllegalArgumentException in training, if the batch has one value for each channel
     */
    @Override
    public Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        return norm.forward(input, pass);
    }
}
