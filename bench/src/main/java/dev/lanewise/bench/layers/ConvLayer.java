package dev.lanewise.bench.layers;

import dev.lanewise.reference.WindowAxis;
import java.util.Random;

/**
 * A convolution to time, or one of its gradients.
 *
 * @param direction which
 * @param shape its shape
 */
public record ConvLayer(Direction direction, ConvShape shape) implements Layer {
    /** Products of the check, at most: a second or so. */
    private static final long CHECKED = 500_000_000;

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
        for (int at = 0; at < result.length; at += step) {
            long sum = sum(operands.left(), operands.right(), at);
            if (result[at] != sum) {
                throw new IllegalStateException(direction.text() + " of " + shape + ": element " + at + " is "
                        + result[at] + "; it must be " + sum);
            }
        }
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
