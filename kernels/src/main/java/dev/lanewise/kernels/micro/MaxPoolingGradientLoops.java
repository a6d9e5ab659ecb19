package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of the gradient of maximum pooling; windows, pixels and what is assumed are those of {@link MaxPoolingLoops}. */
public final class MaxPoolingGradientLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private MaxPoolingGradientLoops() {}

    /**
     * Gives each window's gradient to the first pixel that equals its maximum or is NaN, and +0 to its other pixels. A NaN
     * among the pixels implies that the maximum is NaN.
     *
     * @param x the pixels
     * @param x0 index of the first window's first pixel
     * @param rows rows of a window
     * @param columns columns of a window
     * @param rowFloats floats from a pixel to the one below
     * @param step floats from a window to the next
     * @param channels floats of a pixel
     * @param y the maxima
     * @param y0 index of the first
     * @param dy gradients of the maxima
     * @param dy0 index of the first
     * @param dx receives the gradients of the pixels
     * @param dx0 index of the gradient of the first window's first pixel
     * @param windows how many windows
     * @param adding whether to add to dx or overwrite it
     */
    public static void maxGradient(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            float[] y,
            int y0,
            float[] dy,
            int dy0,
            float[] dx,
            int dx0,
            int windows,
            boolean adding) {
        int whole = S.loopBound(channels);
        if (whole > 0 && rows == 2 && columns == 2 && !adding) {
            maxGradientOfFour(x, x0, rowFloats, step, channels, whole, y, y0, dy, dy0, dx, dx0, windows);
        } else if (whole > 0 && columns == 3 && adding) {
            addGradientOfThreeColumns(x, x0, rows, rowFloats, step, channels, whole, y, y0, dy, dy0, dx, dx0, windows);
        } else if (whole > 0) {
            maxGradientOfWindows(
                    x, x0, rows, columns, rowFloats, step, channels, whole, y, y0, dy, dy0, dx, dx0, windows, adding);
        }
        if (whole < channels) {
            maxGradientOfRest(
                    x, x0, rows, columns, rowFloats, step, channels, whole, y, y0, dy, dy0, dx, dx0, windows, adding);
        }
    }

    /** Whole vectors of windows of two by two pixels that no other window meets. */
    private static void maxGradientOfFour(
            float[] x,
            int x0,
            int rowFloats,
            int step,
            int channels,
            int whole,
            float[] y,
            int y0,
            float[] dy,
            int dy0,
            float[] dx,
            int dx0,
            int windows) {
        for (int window = 0; window < windows; window++) {
            int out = window * channels;
            int in = window * step;
            for (int c = 0; c < whole; c += L) {
                FloatVector best = FloatVector.fromArray(S, y, y0 + out + c);
                FloatVector left = FloatVector.fromArray(S, dy, dy0 + out + c).add(0f);
                int at = in + c;
                VectorMask<Float> takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                FloatVector.zero(S).blend(left, takes).intoArray(dx, dx0 + at);
                left = left.blend(0f, takes);
                at = in + channels + c;
                takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                FloatVector.zero(S).blend(left, takes).intoArray(dx, dx0 + at);
                left = left.blend(0f, takes);
                at = in + rowFloats + c;
                takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                FloatVector.zero(S).blend(left, takes).intoArray(dx, dx0 + at);
                left = left.blend(0f, takes);
                at = in + rowFloats + channels + c;
                takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                FloatVector.zero(S).blend(left, takes).intoArray(dx, dx0 + at);
            }
        }
    }

    /** Whole vectors of windows three pixels wide, added to what other windows give. */
    private static void addGradientOfThreeColumns(
            float[] x,
            int x0,
            int rows,
            int rowFloats,
            int step,
            int channels,
            int whole,
            float[] y,
            int y0,
            float[] dy,
            int dy0,
            float[] dx,
            int dx0,
            int windows) {
        FloatVector zero = FloatVector.zero(S);
        for (int window = 0; window < windows; window++) {
            int out = window * channels;
            for (int c = 0; c < whole; c += L) {
                FloatVector best = FloatVector.fromArray(S, y, y0 + out + c);
                FloatVector left = FloatVector.fromArray(S, dy, dy0 + out + c);
                for (int row = 0; row < rows; row++) {
                    int at = window * step + row * rowFloats + c;
                    VectorMask<Float> takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                    FloatVector before = FloatVector.fromArray(S, dx, dx0 + at);
                    zero.blend(left, takes).add(before).intoArray(dx, dx0 + at);
                    left = left.blend(0f, takes);
                    at += channels;
                    takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                    before = FloatVector.fromArray(S, dx, dx0 + at);
                    zero.blend(left, takes).add(before).intoArray(dx, dx0 + at);
                    left = left.blend(0f, takes);
                    at += channels;
                    takes = takes(FloatVector.fromArray(S, x, x0 + at), best);
                    before = FloatVector.fromArray(S, dx, dx0 + at);
                    zero.blend(left, takes).add(before).intoArray(dx, dx0 + at);
                    left = left.blend(0f, takes);
                }
            }
        }
    }

    private static void maxGradientOfWindows(
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
            float[] dy,
            int dy0,
            float[] dx,
            int dx0,
            int windows,
            boolean adding) {
        for (int window = 0; window < windows; window++) {
            int out = window * channels;
            for (int c = 0; c < whole; c += L) {
                FloatVector best = FloatVector.fromArray(S, y, y0 + out + c);
                // What no pixel has taken yet: it becomes 0 with the first that does.
                FloatVector left = FloatVector.fromArray(S, dy, dy0 + out + c);
                for (int row = 0; row < rows; row++) {
                    int at = window * step + row * rowFloats + c;
                    for (int column = 0; column < columns; column++) {
                        VectorMask<Float> takes = takes(FloatVector.fromArray(S, x, x0 + at + column * channels), best);
                        FloatVector before = adding
                                ? FloatVector.fromArray(S, dx, dx0 + at + column * channels)
                                : FloatVector.zero(S);
                        FloatVector.zero(S).blend(left, takes).add(before).intoArray(dx, dx0 + at + column * channels);
                        left = left.blend(0f, takes);
                    }
                }
            }
        }
    }

    /** The channels that fill no vector. */
    private static void maxGradientOfRest(
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
            float[] dy,
            int dy0,
            float[] dx,
            int dx0,
            int windows,
            boolean adding) {
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int window = 0; window < windows; window++) {
            int out = window * channels + whole;
            FloatVector best = FloatVector.fromArray(S, y, y0 + out, rest);
            FloatVector left = FloatVector.fromArray(S, dy, dy0 + out, rest);
            for (int row = 0; row < rows; row++) {
                int at = window * step + row * rowFloats + whole;
                for (int column = 0; column < columns; column++) {
                    VectorMask<Float> takes =
                            takes(FloatVector.fromArray(S, x, x0 + at + column * channels, rest), best);
                    FloatVector before = adding
                            ? FloatVector.fromArray(S, dx, dx0 + at + column * channels, rest)
                            : FloatVector.zero(S);
                    FloatVector.zero(S)
                            .blend(left, takes)
                            .add(before)
                            .intoArray(dx, dx0 + at + column * channels, rest);
                    left = left.blend(0f, takes);
                }
            }
        }
    }

    /** Where a pixel is its window's maximum, or NaN. */
    private static VectorMask<Float> takes(FloatVector v, FloatVector best) {
        return v.compare(VectorOperators.EQ, best).or(v.compare(VectorOperators.NE, v));
    }
}
