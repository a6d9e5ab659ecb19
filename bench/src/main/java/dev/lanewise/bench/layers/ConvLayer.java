package dev.lanewise.bench.layers;

import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.reference.WinogradReference;
import java.util.Arrays;
import java.util.Random;

/**
 * A convolution to time, or one of its gradients.
 *
 * @param direction which
 * @param shape its shape
 * @param algorithm which algorithms Lanewise may use
 */
public record ConvLayer(Direction direction, ConvShape shape, ConvAlgorithm algorithm) implements Layer {
    /** Products of the check, at most: a second or so. */
    private static final long CHECKED = 500_000_000;

    /**
     * A convolution by exact sums.
     *
     * @param direction which
     * @param shape its shape
     */
    public ConvLayer(Direction direction, ConvShape shape) {
        this(direction, shape, ConvAlgorithm.EXACT);
    }

    /** Prepares the convolution in Lanewise. */
    Convolution convolution() {
        return Convolution.of(
                shape.geometry(), shape.vertical().input(), shape.horizontal().input(), algorithm);
    }

    @Override
    public double work() {
        return shape.flops();
    }

    /** Returns the elements of the left operand, the images or the gradient of the output. */
    private int leftSize() {
        return direction == Direction.BACKWARD_DATA ? shape.outputSize() : shape.inputSize();
    }

    private int rightSize() {
        return direction == Direction.BACKWARD_WEIGHTS ? shape.outputSize() : shape.weightSize();
    }

    /**
     * Returns the elements of what is computed.
     *
     * @return the size of the result
     */
    public int resultSize() {
        return switch (direction) {
            case FORWARD -> shape.outputSize();
            case BACKWARD_DATA -> shape.inputSize();
            case BACKWARD_WEIGHTS -> shape.weightSize();
        };
    }

    @Override
    public Operands draw(Random random) {
        return new Operands(Draws.small(random, leftSize()), Draws.small(random, rightSize()));
    }

    @Override
    public void check(Operands operands, float[] result) {
        if (result.length != resultSize()) {
            throw new IllegalStateException(
                    "the result of " + shape + " has " + result.length + " elements; it must have " + resultSize());
        }
        double products = Math.max(1, shape.flops() / 2 / result.length);
        long most = Math.max(100, Math.min(5000, (long) (CHECKED / products)));
        int step = (int) Math.max(1, result.length / most | 1);
        double bound = convolution().usesWinograd(shape.batch()) ? bound(operands) : 0;
        for (int at = 0; at < result.length; at += step) {
            long sum = sum(operands.left(), operands.right(), at);
            if (!(Math.abs(result[at] - (double) sum) <= bound)) {
                throw new IllegalStateException(direction.text() + " of " + shape + ": element " + at + " is "
                        + result[at] + "; it must be " + sum + (bound > 0 ? ", or at most " + bound + " from it" : ""));
            }
        }
    }

    /** The error that Winograd's algorithm may make where all operands are as large as the largest is. */
    private double bound(Operands operands) {
        float left = largest(operands.left());
        float right = largest(operands.right());
        double[] bounds;
        if (direction == Direction.BACKWARD_WEIGHTS) {
            WinogradReference onePair =
                    new WinogradReference(shape.batch(), shape.vertical(), shape.horizontal(), 1, 1);
            bounds = onePair.weightGradientBounds(
                    filled(shape.inputSize() / shape.inChannels(), left),
                    filled(shape.outputSize() / shape.outChannels(), right),
                    new float[9]);
        } else {
            int channels = direction == Direction.FORWARD ? shape.inChannels() : shape.outChannels();
            WindowAxis tile = new WindowAxis(6, 3, 1, 0, 0, 1);
            WinogradReference oneTile = new WinogradReference(1, tile, tile, channels, 1);
            bounds = oneTile.forwardBounds(filled(36 * channels, left), filled(9 * channels, right), new float[1]);
        }
        return Arrays.stream(bounds).max().orElseThrow();
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    private long sum(float[] left, float[] right, int at) {
        return switch (direction) {
            case FORWARD -> output(left, right, at);
            case BACKWARD_DATA -> inputGradient(left, right, at);
            case BACKWARD_WEIGHTS -> weightGradient(left, right, at);
        };
    }

    private long output(float[] x, float[] w, int at) {
        int co = at % shape.outChannels();
        int pixel = at / shape.outChannels();
        int n = pixel / outputs();
        int oh = pixel % outputs() / shape.horizontal().output();
        int ow = pixel % shape.horizontal().output();
        long sum = 0;
        for (int kh = 0; kh < shape.vertical().kernel(); kh++) {
            for (int kw = 0; kw < shape.horizontal().kernel(); kw++) {
                int x0 = inputPixel(n, input(shape.vertical(), oh, kh), input(shape.horizontal(), ow, kw), co);
                for (int ci = 0; x0 >= 0 && ci < shape.groupInputs(); ci++) {
                    sum += (long) (x[x0 + ci] * w[weight(kh, kw, ci, co)]);
                }
            }
        }
        return sum;
    }

    private long inputGradient(float[] dy, float[] w, int at) {
        int c = at % shape.inChannels();
        int pixel = at / shape.inChannels();
        int size = shape.vertical().input() * shape.horizontal().input();
        int ih = pixel % size / shape.horizontal().input();
        int iw = pixel % shape.horizontal().input();
        int firstOutput = c / shape.groupInputs() * shape.groupOutputs();
        long sum = 0;
        for (int kh = 0; kh < shape.vertical().kernel(); kh++) {
            for (int kw = 0; kw < shape.horizontal().kernel(); kw++) {
                int oh = output(shape.vertical(), ih, kh);
                int ow = output(shape.horizontal(), iw, kw);
                for (int k = 0; oh >= 0 && ow >= 0 && k < shape.groupOutputs(); k++) {
                    int co = firstOutput + k;
                    sum += (long) (dy[outputElement(pixel / size, oh, ow, co)]
                            * w[weight(kh, kw, c % shape.groupInputs(), co)]);
                }
            }
        }
        return sum;
    }

    private long weightGradient(float[] x, float[] dy, int at) {
        int co = at % shape.outChannels();
        int ci = at / shape.outChannels() % shape.groupInputs();
        int position = at / shape.outChannels() / shape.groupInputs();
        int kh = position / shape.horizontal().kernel();
        int kw = position % shape.horizontal().kernel();
        long sum = 0;
        for (int n = 0; n < shape.batch(); n++) {
            for (int oh = 0; oh < shape.vertical().output(); oh++) {
                for (int ow = 0; ow < shape.horizontal().output(); ow++) {
                    int x0 = inputPixel(n, input(shape.vertical(), oh, kh), input(shape.horizontal(), ow, kw), co);
                    if (x0 >= 0) {
                        sum += (long) (x[x0 + ci] * dy[outputElement(n, oh, ow, co)]);
                    }
                }
            }
        }
        return sum;
    }

    private int outputs() {
        return shape.vertical().output() * shape.horizontal().output();
    }

    /** The pixel under a position of the kernel; may lie outside. */
    private static int input(WindowAxis axis, int output, int position) {
        return output * axis.stride() + position * axis.dilation() - axis.padBefore();
    }

    /** The output that has a pixel under a position of the kernel; -1 if there is none. */
    private static int output(WindowAxis axis, int input, int position) {
        int distance = input + axis.padBefore() - position * axis.dilation();
        boolean there = distance >= 0 && distance % axis.stride() == 0 && distance / axis.stride() < axis.output();
        return there ? distance / axis.stride() : -1;
    }

    /** The first element of a pixel that the group of an output channel sees; -1 outside the image. */
    private int inputPixel(int n, int ih, int iw, int co) {
        boolean inside = ih >= 0
                && ih < shape.vertical().input()
                && iw >= 0
                && iw < shape.horizontal().input();
        int pixel = (n * shape.vertical().input() + ih) * shape.horizontal().input() + iw;
        return inside ? pixel * shape.inChannels() + co / shape.groupOutputs() * shape.groupInputs() : -1;
    }

    private int outputElement(int n, int oh, int ow, int co) {
        return ((n * shape.vertical().output() + oh) * shape.horizontal().output() + ow) * shape.outChannels() + co;
    }

    private int weight(int kh, int kw, int ci, int co) {
        return ((kh * shape.horizontal().kernel() + kw) * shape.groupInputs() + ci) * shape.outChannels() + co;
    }
}
