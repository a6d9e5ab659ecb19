package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Instance normalisation of images, {@code y = f((x - mean[c]) / sqrt(variance[c] + epsilon) weight[c] + bias[c])} with the
 * mean and the variance of each channel of an image by itself: {@link GroupNorm} with as many groups as channels. Ulyanov,
 * Vedaldi and Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016.
 *
 * <p>Input and output {@code [batch, height, width, channels]}, parameters {@code weight} (ones at first) and {@code bias}
 * (zeros), of shape {@code [channels]}. The same in training and outside.
 */
public final class InstanceNorm2d implements Layer {
    private final GroupNorm norm;

    /**
     * Creates a layer with an epsilon of 1e-5, as in PyTorch.
     *
     * @param channels how many channels, at least 1
     * @param activation what follows, {@link Activation#IDENTITY} for none, or {@link Activation#RELU}
     * @throws IllegalArgumentException if channels is below 1, or the activation another
     */
    public InstanceNorm2d(int channels, Activation activation) {
        this(channels, 1e-5, activation);
    }

    /**
     * Creates a layer.
     *
     * @param channels how many channels, at least 1
     * @param epsilon added to the variance, so that it is not 0; above 0 and finite
     * @param activation what follows, {@link Activation#IDENTITY} for none, or {@link Activation#RELU}
     * @throws IllegalArgumentException if a number is out of range, or the activation another
     */
    public InstanceNorm2d(int channels, double epsilon, Activation activation) {
        Require.positive("instancenorm2d", "channels", channels);
        this.norm = new GroupNorm(channels, channels, epsilon, activation);
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
     * Returns what follows.
     *
     * @return the activation
     */
    public Activation activation() {
        return norm.activation();
    }

    /**
     * Returns the shape of the output, which is that of the input.
     *
     * @throws ShapeMismatchException if it is no image of as many channels, or one of a single pixel
     */
    @Override
    public Shape outputShape(Shape input) {
        int channels = norm.channels();
        if (input.rank() != 3 || input.extent(2) != channels || input.size() == channels) {
            throw new ShapeMismatchException("instancenorm2d: an example is " + input + "; it must be [height]x[width]x"
                    + channels + ", channels last, of at least 2 pixels");
        }
        return input;
    }

    @Override
    public List<Parameter> parameters() {
        return norm.parameters();
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        return norm.forward(input, pass);
    }
}
