package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The loops of average pooling; windows, pixels and what is assumed are those of {@link MaxPoolingLoops}. */
public final class AveragePoolingLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

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
        int whole = S.loopBound(channels);
        int wide = whole / (4 * L) * (4 * L);
        if (wide > 0) {
            averageOfFourVectors(x, x0, rows, columns, rowFloats, step, channels, wide, y, y0, windows, divisor);
        }
        if (wide < whole) {
            averageOfVectors(x, x0, rows, columns, rowFloats, step, channels, wide, whole, y, y0, windows, divisor);
        }
        if (whole < channels) {
            averageOfRest(x, x0, rows, columns, rowFloats, step, channels, whole, y, y0, windows, divisor);
        }
    }

    /** Four vectors of channels at a time: a chain of additions waits for the one before, and memory is read as it lies. */
    private static void averageOfFourVectors(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int wide,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        for (int window = 0; window < windows; window++) {
            int from = x0 + window * step;
            int to = y0 + window * channels;
            for (int v = 0; v < wide; v += 4 * L) {
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
            int whole,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        for (int window = 0; window < windows; window++) {
            int from = x0 + window * step;
            int to = y0 + window * channels;
            for (int c = first; c < whole; c += L) {
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

    /** The channels that fill no vector. */
    private static void averageOfRest(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            int whole,
            float[] y,
            int y0,
            int windows,
            float divisor) {
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int window = 0; window < windows; window++) {
            int from = x0 + window * step + whole;
            FloatVector sum = FloatVector.zero(S);
            for (int row = 0; row < rows; row++) {
                int at = from + row * rowFloats;
                for (int column = 0; column < columns; column++) {
                    sum = sum.add(FloatVector.fromArray(S, x, at + column * channels, rest));
                }
            }
            sum.div(divisor).intoArray(y, y0 + window * channels + whole, rest);
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
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int window = 0; window < windows; window++) {
            int from = dy0 + window * channels;
            int to = dx0 + window * step;
            for (int c = 0; c < whole; c += L) {
                FloatVector share = FloatVector.fromArray(S, dy, from + c).div(divisor);
                for (int row = 0; row < rows; row++) {
                    int at = to + row * rowFloats + c;
                    for (int column = 0; column < columns; column++) {
                        FloatVector before =
                                adding ? FloatVector.fromArray(S, dx, at + column * channels) : FloatVector.zero(S);
                        before.add(share).intoArray(dx, at + column * channels);
                    }
                }
            }
            if (whole < channels) {
                FloatVector share =
                        FloatVector.fromArray(S, dy, from + whole, rest).div(divisor);
                for (int row = 0; row < rows; row++) {
                    int at = to + row * rowFloats + whole;
                    for (int column = 0; column < columns; column++) {
                        FloatVector before = adding
                                ? FloatVector.fromArray(S, dx, at + column * channels, rest)
                                : FloatVector.zero(S);
                        before.add(share).intoArray(dx, at + column * channels, rest);
                    }
                }
            }
        }
    }
}
