package dev.lanewise.bench.layers;

import dev.lanewise.reference.WindowAxis;
import java.util.Random;

/**
 * Pooling to time, or the gradient of its images. An average does not count padding.
 *
 * <p>The work is the bytes of images and output, each once: what has to be moved at least.
 *
 * @param average whether the average of a window is taken, not its maximum
 * @param direction {@link Direction#FORWARD} or {@link Direction#BACKWARD_DATA}
 * @param shape its shape
 */
public record PoolLayer(boolean average, Direction direction, PoolShape shape) implements Layer {
    /** A product with a rounded reciprocal in place of a division is off by less than two units in the last place. */
    private static final double DIVISION = 0x1p-22;

    private static final double ADDITION = 0x1p-24;

    @Override
    public double work() {
        return (double) Float.BYTES * (shape.inputSize() + shape.outputSize());
    }

    /** Returns whether the gradient of the images is computed. */
    private boolean isBackward() {
        return direction == Direction.BACKWARD_DATA;
    }

    @Override
    public Operands draw(Random random) {
        float[] x = average ? Draws.small(random, shape.inputSize()) : Draws.distinct(random, shape.inputSize());
        return new Operands(x, isBackward() ? Draws.small(random, shape.outputSize()) : new float[0]);
    }

    @Override
    public void check(Operands operands, float[] result) {
        int size = isBackward() ? shape.inputSize() : shape.outputSize();
        if (result.length != size) {
            throw new IllegalStateException(
                    "the result of " + this + " has " + result.length + " elements; it must have " + size);
        }
        int step = Math.max(1, size / 5000 | 1);
        for (int at = 0; at < size; at += step) {
            Sum sum = new Sum();
            if (isBackward()) {
                gather(operands, at, sum);
            } else {
                window(operands.left(), at, sum);
            }
            double wanted = !isBackward() && average ? sum.total / sum.terms : !isBackward() ? sum.most : sum.total;
            double bound = average ? (DIVISION + ADDITION * sum.terms) * sum.magnitude : 0;
            if (!(Math.abs(result[at] - wanted) <= bound)) {
                throw new IllegalStateException(
                        this + ": element " + at + " is " + result[at] + "; it must be " + wanted);
            }
        }
    }

    /** What a window or a pixel adds up to. */
    private static final class Sum {
        double total;
        double magnitude;
        double most = Double.NEGATIVE_INFINITY;
        int terms;

        void add(double value) {
            total += value;
            magnitude += Math.abs(value);
            most = Math.max(most, value);
            terms++;
        }
    }

    /** Takes the pixels of the window of an element of the output. */
    private void window(float[] x, int at, Sum sum) {
        int c = at % shape.channels();
        int pixel = at / shape.channels();
        int size = shape.vertical().output() * shape.horizontal().output();
        window(
                x,
                pixel / size,
                pixel % size / shape.horizontal().output(),
                pixel % shape.horizontal().output(),
                c,
                sum);
    }

    private void window(float[] x, int n, int oh, int ow, int c, Sum sum) {
        for (int ih = first(shape.vertical(), oh); ih < end(shape.vertical(), oh); ih++) {
            for (int iw = first(shape.horizontal(), ow); iw < end(shape.horizontal(), ow); iw++) {
                sum.add(x[inputElement(n, ih, iw, c)]);
            }
        }
    }

    /** Takes what the windows over a pixel give it. */
    private void gather(Operands operands, int at, Sum sum) {
        int c = at % shape.channels();
        int pixel = at / shape.channels();
        int size = shape.vertical().input() * shape.horizontal().input();
        int ih = pixel % size / shape.horizontal().input();
        int iw = pixel % shape.horizontal().input();
        for (int oh = 0; oh < shape.vertical().output(); oh++) {
            boolean covered = first(shape.vertical(), oh) <= ih && ih < end(shape.vertical(), oh);
            for (int ow = 0; covered && ow < shape.horizontal().output(); ow++) {
                if (first(shape.horizontal(), ow) <= iw && iw < end(shape.horizontal(), ow)) {
                    sum.add(share(operands, pixel / size, oh, ow, c, operands.left()[at]));
                }
            }
        }
    }

    private double share(Operands operands, int n, int oh, int ow, int c, float value) {
        float gradient = operands.right()[
                ((n * shape.vertical().output() + oh) * shape.horizontal().output() + ow) * shape.channels() + c];
        Sum window = new Sum();
        window(operands.left(), n, oh, ow, c, window);
        return average ? gradient / (double) window.terms : value == window.most ? gradient : 0;
    }

    private static int first(WindowAxis axis, int output) {
        return Math.max(0, output * axis.stride() - axis.padBefore());
    }

    private static int end(WindowAxis axis, int output) {
        return Math.min(axis.input(), output * axis.stride() - axis.padBefore() + axis.kernel());
    }

    private int inputElement(int n, int ih, int iw, int c) {
        return ((n * shape.vertical().input() + ih) * shape.horizontal().input() + iw) * shape.channels() + c;
    }

    /** Writes what is done and the shape, as {@link LayerContest#POOL} reads it. */
    @Override
    public String toString() {
        return (average ? "avg" : "max") + (isBackward() ? "-backward:" : ":") + shape;
    }
}
