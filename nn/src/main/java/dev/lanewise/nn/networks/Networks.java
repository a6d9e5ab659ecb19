package dev.lanewise.nn.networks;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layers.BatchNorm2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.Residual;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks for small images, fixed so that they can be compared. Each takes {@code [batch, height, width, channels]} and
 * returns {@code [batch, classes]}, not normalised: the input of {@link dev.lanewise.nn.losses.CrossEntropy}. Weights are
 * {@link Initializer#HE_NORMAL}, biases 0.
 *
 * <p>For 28x28x1 and ten classes {@code mlp} has 669,706 parameters, {@code lenet} 1,663,370, {@code vgg} 1,168,138; {@code resnet18}
 * has 11,173,962 for 32x32x3.
 */
public final class Networks {
    private static final int[] VGG_CHANNELS = {64, 128, 256};
    private static final int[] RESNET_CHANNELS = {64, 128, 256, 512};

    private Networks() {}

    /**
     * Returns two hidden layers of 512: flatten, linear 512, ReLU, linear 512, ReLU, linear to the classes.
     *
     * @param image the shape of an image, {@code [height, width, channels]}, such as 28x28x1 or 32x32x3
     * @param classes the number of classes, at least 1
     * @param seed the source of the weights
     * @return the network
     * @throws ShapeMismatchException if the image does not have three axes or is too small
     */
    public static Sequential mlp(Shape image, int classes, long seed) {
        requireImage("mlp", image);
        List<Layer> layers = new ArrayList<>();
        layers.add(new Flatten());
        layers.add(new Linear(image.size(), 512, Activation.RELU));
        layers.add(new Linear(512, 512, Activation.RELU));
        layers.add(new Linear(512, classes, Activation.IDENTITY));
        return initialized(layers, image, seed);
    }

    /**
     * Returns two convolutions, after LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998, with
     * more channels: conv 5x5x32 same, ReLU, maxpool 2, conv 5x5x64 same, ReLU, maxpool 2, linear 512, ReLU, linear to the
     * classes.
     *
     * @param image the shape of an image, {@code [height, width, channels]}, such as 28x28x1 or 32x32x3
     * @param classes the number of classes, at least 1
     * @param seed the source of the weights
     * @return the network
     * @throws ShapeMismatchException if the image does not have three axes or is too small
     */
    public static Sequential lenet(Shape image, int classes, long seed) {
        requireImage("lenet", image);
        List<Layer> layers = new ArrayList<>();
        layers.add(convolution(5, image.extent(2), 32));
        layers.add(new MaxPool2d(PoolingGeometry.of(2)));
        layers.add(convolution(5, 32, 64));
        layers.add(new MaxPool2d(PoolingGeometry.of(2)));
        layers.add(new Flatten());
        layers.add(new Linear(features(layers, image), 512, Activation.RELU));
        layers.add(new Linear(512, classes, Activation.IDENTITY));
        return initialized(layers, image, seed);
    }

    /**
     * Returns six convolutions of 3x3, after Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale
     * Image Recognition", 2015: conv 3x3 same and ReLU with 64, 64 channels, maxpool 2, with 128, 128, maxpool 2, with 256,
     * 256, maxpool 2, linear to the classes.
     *
     * @param image the shape of an image, {@code [height, width, channels]}, such as 28x28x1 or 32x32x3
     * @param classes the number of classes, at least 1
     * @param seed the source of the weights
     * @return the network
     * @throws ShapeMismatchException if the image does not have three axes or is too small
     */
    public static Sequential vgg(Shape image, int classes, long seed) {
        requireImage("vgg", image);
        List<Layer> layers = new ArrayList<>();
        int channels = image.extent(2);
        for (int wide : VGG_CHANNELS) {
            layers.add(convolution(3, channels, wide));
            layers.add(convolution(3, wide, wide));
            layers.add(new MaxPool2d(PoolingGeometry.of(2)));
            channels = wide;
        }
        layers.add(new Flatten());
        layers.add(new Linear(features(layers, image), classes, Activation.IDENTITY));
        return initialized(layers, image, seed);
    }

    /**
     * Returns ResNet-18 as it is used for images of 32x32 pixels: He et al., "Deep Residual Learning for Image Recognition",
     * 2016, table 1, with a first convolution of 3x3 at stride 1 and no pooling after it. Conv 3x3x64, batch norm, ReLU; eight
     * blocks of conv 3x3, batch norm, ReLU, conv 3x3, batch norm, added to a shortcut, ReLU, two blocks each with 64, 128, 256
     * and 512 channels; the mean of all pixels, linear to the classes. The first block of 128, 256 and 512 channels has stride
     * 2, and a shortcut of conv 1x1 and batch norm. Convolutions have no bias.
     *
     * @param image the shape of an image, {@code [height, width, channels]}, such as 28x28x1 or 32x32x3
     * @param classes the number of classes, at least 1
     * @param seed the source of the weights
     * @return the network
     * @throws ShapeMismatchException if the image does not have three axes or is too small
     */
    public static Sequential resnet18(Shape image, int classes, long seed) {
        requireImage("resnet18", image);
        List<Layer> layers = new ArrayList<>();
        layers.add(normalizedConvolution(3, 1, image.extent(2), 64, Activation.RELU));
        int channels = 64;
        for (int wide : RESNET_CHANNELS) {
            layers.add(residual(channels, wide));
            layers.add(residual(wide, wide));
            channels = wide;
        }
        layers.add(new GlobalAvgPool2d());
        layers.add(new Linear(channels, classes, Activation.IDENTITY));
        return initialized(layers, image, seed);
    }

    /** A block of two convolutions; with more channels out than in, at stride 2. */
    private static Residual residual(int inChannels, int outChannels) {
        int stride = inChannels == outChannels ? 1 : 2;
        Sequential body = Sequential.of(
                normalizedConvolution(3, stride, inChannels, outChannels, Activation.RELU),
                normalizedConvolution(3, 1, outChannels, outChannels, Activation.IDENTITY));
        Sequential shortcut = inChannels == outChannels
                ? Sequential.of()
                : normalizedConvolution(1, stride, inChannels, outChannels, Activation.IDENTITY);
        return new Residual(body, shortcut, Activation.RELU);
    }

    private static Sequential normalizedConvolution(
            int kernel, int stride, int inChannels, int outChannels, Activation activation) {
        int padding = kernel / 2;
        ConvolutionGeometry geometry = ConvolutionGeometry.of(kernel, kernel, inChannels, outChannels)
                .withStride(stride, stride)
                .withPadding(padding, padding, padding, padding);
        return Sequential.of(
                Conv2d.withoutBias(geometry, Activation.IDENTITY, ConvAlgorithm.EXACT),
                new BatchNorm2d(outChannels, activation));
    }

    private static Conv2d convolution(int kernel, int inChannels, int outChannels) {
        return new Conv2d(
                ConvolutionGeometry.of(kernel, kernel, inChannels, outChannels).same(), Activation.RELU);
    }

    private static int features(List<Layer> layers, Shape image) {
        return new Sequential(layers).outputShape(image).size();
    }

    private static Sequential initialized(List<Layer> layers, Shape image, long seed) {
        Sequential network = new Sequential(layers);
        network.outputShape(image);
        Initializer.HE_NORMAL.fill(network, seed);
        return network;
    }

    private static void requireImage(String name, Shape image) {
        if (image.rank() != 3) {
            throw new ShapeMismatchException(
                    name + ": an image is " + image + "; it must be [height]x[width]x[channels]");
        }
    }
}
