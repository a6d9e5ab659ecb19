package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The loops of average pooling; windows, pixels and what is assumed are those of {@link MaxPoolingLoops}. */
public final class AveragePoolingLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();
    private static final int BLOCK = MaxPoolingLoops.BLOCK;

    private AveragePoolingLoops() {}

    /**
     * Computes the averages: a sum in window order, divided.
     *
     * @param x the pixels
     * @param x0 index of the first window's first pixel
     * @param rows rows of a window
     * @param columns columns of a window
     * @param rowFloats floats from a pixel to the one below
     * @param step floats from a window to the next
     * @param channels floats of a pixel
     * @param y receives the averages
     * @param y0 index of the first
     * @param windows how many windows
     * @param divisor what each sum is divided by
     */
    public static void average(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        if (channels < L) {
            averageOfFew(x, x0, rows, columns, rowFloats, step, channels, y, y0, windows, divisor);
            return;
        }
        int whole = S.loopBound(channels);
        int inBlocks = channels / BLOCK * BLOCK;
        if (inBlocks > 0) {
            averageOfBlocks(x, x0, rows, columns, rowFloats, step, channels, 0, inBlocks, y, y0, windows, divisor);
        }
        if (inBlocks > 0 && channels - inBlocks > L) {
            int last = channels - BLOCK;
            averageOfBlocks(x, x0, rows, columns, rowFloats, step, channels, last, channels, y, y0, windows, divisor);
            return;
        }
        if (inBlocks < whole) {
            averageOfVectors(x, x0, rows, columns, rowFloats, step, channels, inBlocks, whole, y, y0, windows, divisor);
        }
        if (whole < channels) {
            int last = channels - L;
            averageOfVectors(x, x0, rows, columns, rowFloats, step, channels, last, channels, y, y0, windows, divisor);
        }
    }

    /** Four vectors of channels at a time: a chain of additions waits for the one before, and memory is read as it lies. */
    private static void averageOfBlocks(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int first,
            int end,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        for (int window = 0; window < windows; window++) {
            int from = x0 + window * step;
            int to = y0 + window * channels;
            for (int v = first; v < end; v += BLOCK) {
                FloatVector a = FloatVector.zero(S);
                FloatVector b = FloatVector.zero(S);
                FloatVector c = FloatVector.zero(S);
                FloatVector d = FloatVector.zero(S);
                for (int row = 0; row < rows; row++) {
                    int at = from + row * rowFloats + v;
                    for (int column = 0; column < columns; column++, at += channels) {
                        a = a.add(FloatVector.fromArray(S, x, at));
                        b = b.add(FloatVector.fromArray(S, x, at + L));
                        c = c.add(FloatVector.fromArray(S, x, at + 2 * L));
                        d = d.add(FloatVector.fromArray(S, x, at + 3 * L));
                    }
                }
                a.div(divisor).intoArray(y, to + v);
                b.div(divisor).intoArray(y, to + v + L);
                c.div(divisor).intoArray(y, to + v + 2 * L);
                d.div(divisor).intoArray(y, to + v + 3 * L);
            }
        }
    }

    private static void averageOfVectors(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int first,
            int end,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        for (int window = 0; window < windows; window++) {
            int from = x0 + window * step;
            int to = y0 + window * channels;
            for (int c = first; c < end; c += L) {
                FloatVector sum = FloatVector.zero(S);
                for (int row = 0; row < rows; row++) {
                    int at = from + row * rowFloats + c;
                    for (int column = 0; column < columns; column++) {
                        sum = sum.add(FloatVector.fromArray(S, x, at + column * channels));
                    }
                }
                sum.div(divisor).intoArray(y, to + c);
            }
        }
    }

    /** Fewer channels than a vector has. */
    private static void averageOfFew(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        VectorMask<Float> some = S.indexInRange(0, channels);
        for (int window = 0; window < windows; window++) {
            FloatVector sum = FloatVector.zero(S);
            for (int row = 0; row < rows; row++) {
                int at = x0 + window * step + row * rowFloats;
                for (int column = 0; column < columns; column++) {
                    sum = sum.add(FloatVector.fromArray(S, x, at + column * channels, some));
                }
            }
            sum.div(divisor).intoArray(y, y0 + window * channels, some);
        }
    }

    /**
     * Gives each window's gradient, divided, to all of its pixels.
     *
     * @param dy gradients of the averages
     * @param dy0 index of the first
     * @param rows rows of a window
     * @param columns columns of a window
     * @param rowFloats floats from a pixel to the one below
     * @param step floats from a window to the next
     * @param channels floats of a pixel
     * @param dx receives the gradients of the pixels
     * @param dx0 index of the gradient of the first window's first pixel
     * @param windows how many windows
     * @param divisor what each gradient is divided by
     * @param adding whether to add to dx or overwrite it
     */
    public static void averageGradient(
            float[] dy,
            int dy0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            float[] dx,
            int dx0,
            int windows,
            float divisor,
            boolean adding) {
        int whole = S.loopBound(channels);
        int inBlocks = channels / BLOCK * BLOCK;
        if (inBlocks > 0) {
            gradientOfBlocks(
                    dy, dy0, rows, columns, rowFloats, step, channels, inBlocks, dx, dx0, windows, divisor, adding);
        }
        if (inBlocks < whole) {
            gradientOfVectors(
                    dy, dy0, rows, columns, rowFloats, step, channels, inBlocks, whole, dx, dx0, windows, divisor,
                    adding);
        }
        if (whole < channels) {
            gradientOfRest(dy, dy0, rows, columns, rowFloats, step, channels, whole, dx, dx0, windows, divisor, adding);
        }
    }

    /** Four vectors of channels at a time. */
    private static void gradientOfBlocks(
            float[] dy,
            int dy0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int end,
            float[] dx,
            int dx0,
            int windows,
            float divisor,
            boolean adding) {
        FloatVector zero = FloatVector.zero(S);
        for (int window = 0; window < windows; window++) {
            int from = dy0 + window * channels;
            for (int v = 0; v < end; v += BLOCK) {
                FloatVector a = FloatVector.fromArray(S, dy, from + v).div(divisor);
                FloatVector b = FloatVector.fromArray(S, dy, from + v + L).div(divisor);
                FloatVector c = FloatVector.fromArray(S, dy, from + v + 2 * L).div(divisor);
                FloatVector d = FloatVector.fromArray(S, dy, from + v + 3 * L).div(divisor);
                for (int row = 0; row < rows; row++) {
                    int at = dx0 + window * step + row * rowFloats + v;
                    for (int column = 0; column < columns; column++, at += channels) {
                        if (adding) {
                            FloatVector.fromArray(S, dx, at).add(a).intoArray(dx, at);
                            FloatVector.fromArray(S, dx, at + L).add(b).intoArray(dx, at + L);
                            FloatVector.fromArray(S, dx, at + 2 * L).add(c).intoArray(dx, at + 2 * L);
                            FloatVector.fromArray(S, dx, at + 3 * L).add(d).intoArray(dx, at + 3 * L);
                        } else {
                            zero.add(a).intoArray(dx, at);
                            zero.add(b).intoArray(dx, at + L);
                            zero.add(c).intoArray(dx, at + 2 * L);
                            zero.add(d).intoArray(dx, at + 3 * L);
                        }
                    }
                }
            }
        }
    }

    private static void gradientOfVectors(
            float[] dy,
            int dy0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int first,
            int whole,
            float[] dx,
            int dx0,
            int windows,
            float divisor,
            boolean adding) {
        for (int window = 0; window < windows; window++) {
            int from = dy0 + window * channels;
            for (int c = first; c < whole; c += L) {
                FloatVector share = FloatVector.fromArray(S, dy, from + c).div(divisor);
                for (int row = 0; row < rows; row++) {
                    int at = dx0 + window * step + row * rowFloats + c;
                    for (int column = 0; column < columns; column++, at += channels) {
                        FloatVector before = adding ? FloatVector.fromArray(S, dx, at) : FloatVector.zero(S);
                        before.add(share).intoArray(dx, at);
                    }
                }
            }
        }
    }

    /** The channels that fill no vector. */
    private static void gradientOfRest(
            float[] dy,
            int dy0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int whole,
            float[] dx,
            int dx0,
            int windows,
            float divisor,
            boolean adding) {
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int window = 0; window < windows; window++) {
            FloatVector share = FloatVector.fromArray(S, dy, dy0 + window * channels + whole, rest)
                    .div(divisor);
            for (int row = 0; row < rows; row++) {
                int at = dx0 + window * step + row * rowFloats + whole;
                for (int column = 0; column < columns; column++, at += channels) {
                    FloatVector before = adding ? FloatVector.fromArray(S, dx, at, rest) : FloatVector.zero(S);
                    before.add(share).intoArray(dx, at, rest);
                }
            }
        }
    }
}
