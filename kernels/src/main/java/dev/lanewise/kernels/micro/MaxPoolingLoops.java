package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of maximum pooling over a run of windows side by side, each of {@code rows x columns} pixels, the next one
 * {@code step} floats further; {@code rowFloats} leads to the pixel below. Pixels and outputs are {@code channels} floats
 * in a row, and a vector holds channels of one pixel.
 *
 * <p>Assumed: windows have at least one pixel and lie within the arrays; what is written shares no element with what is
 * read. Nothing outside is read or written. Channels that fill no vector are no special case, but where there are fewer than a
 * vector has: the last vector is moved to the left until it ends with the last channel, and computes some twice, to the same
 * bits. That is not for gradients, which may be added ({@link MaxPoolingGradientLoops}, {@link AveragePoolingLoops}): their last
 * channels go through the same operations under a mask.
 */
public final class MaxPoolingLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    /** Channels that are computed together, where there are as many. */
    static final int BLOCK = 4 * L;

    private MaxPoolingLoops() {}

    /**
     * Computes the maxima: a pixel replaces the maximum so far if it is greater or NaN.
     *
     * @param x the pixels
     * @param x0 index of the first window's first pixel
     * @param rows rows of a window
     * @param columns columns of a window
     * @param rowFloats floats from a pixel to the one below
     * @param step floats from a window to the next
     * @param channels floats of a pixel
     * @param y receives the maxima
     * @param y0 index of the first
     * @param windows how many windows
     */
    public static void max(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            float[] y,
            int y0,
            int windows) {
        if (channels < L) {
            maxOfFew(x, x0, rows, columns, rowFloats, step, channels, y, y0, windows);
            return;
        }
        if (rows == 2 && columns == 2) {
            maxOfFour(x, x0, rowFloats, step, channels, y, y0, windows);
            return;
        }
        int whole = S.loopBound(channels);
        int inBlocks = channels / BLOCK * BLOCK;
        if (inBlocks > 0) {
            maxOfBlocks(x, x0, rows, columns, rowFloats, step, channels, 0, inBlocks, y, y0, windows);
        }
        if (inBlocks > 0 && channels - inBlocks > L) {
            int last = channels - BLOCK;
            maxOfBlocks(x, x0, rows, columns, rowFloats, step, channels, last, channels, y, y0, windows);
            return;
        }
        if (inBlocks < whole) {
            maxOfVectors(x, x0, rows, columns, rowFloats, step, channels, inBlocks, whole, y, y0, windows);
        }
        if (whole < channels) {
            int last = channels - L;
            maxOfVectors(x, x0, rows, columns, rowFloats, step, channels, last, channels, y, y0, windows);
        }
    }

    private static void maxOfVectors(
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
            int windows) {
        if (columns == 3) {
            maxOfThreeColumns(x, x0, rows, rowFloats, step, channels, first, end, y, y0, windows);
        } else {
            maxOfWindows(x, x0, rows, columns, rowFloats, step, channels, first, end, y, y0, windows);
        }
    }

    /** Windows of two by two pixels, which most networks have: a loop over so few takes longer than what is in it. */
    private static void maxOfFour(
            float[] x, int x0, int rowFloats, int step, int channels, float[] y, int y0, int windows) {
        int whole = S.loopBound(channels);
        for (int window = 0; window < windows; window++) {
            int from = x0 + window * step;
            int to = y0 + window * channels;
            for (int c = 0; c < whole; c += L) {
                maxOfFour(x, from + c, from + channels + c, from + rowFloats + c, from + rowFloats + channels + c)
                        .intoArray(y, to + c);
            }
            if (whole < channels) {
                int at = from + channels - L;
                maxOfFour(x, at, at + channels, at + rowFloats, at + rowFloats + channels)
                        .intoArray(y, to + channels - L);
            }
        }
    }

    private static FloatVector maxOfFour(float[] x, int first, int right, int below, int last) {
        FloatVector best = greater(FloatVector.fromArray(S, x, first), FloatVector.fromArray(S, x, right));
        best = greater(best, FloatVector.fromArray(S, x, below));
        return greater(best, FloatVector.fromArray(S, x, last));
    }

    /** Four vectors of channels at a time: memory is read as it lies, and a chain of comparisons waits for the one before. */
    private static void maxOfBlocks(
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
            int windows) {
        for (int window = 0; window < windows; window++) {
            int to = y0 + window * channels;
            for (int v = first; v < end; v += BLOCK) {
                FloatVector a = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                for (int row = 0; row < rows; row++) {
                    int at = x0 + window * step + row * rowFloats + v;
                    for (int column = 0; column < columns; column++, at += channels) {
                        a = greater(a, FloatVector.fromArray(S, x, at));
                        b = greater(b, FloatVector.fromArray(S, x, at + L));
                        c = greater(c, FloatVector.fromArray(S, x, at + 2 * L));
                        d = greater(d, FloatVector.fromArray(S, x, at + 3 * L));
                    }
                }
                a.intoArray(y, to + v);
                b.intoArray(y, to + v + L);
                c.intoArray(y, to + v + 2 * L);
                d.intoArray(y, to + v + 3 * L);
            }
        }
    }

    /** Windows three pixels wide, a vector of channels at a time. */
    private static void maxOfThreeColumns(
            float[] x,
            int x0,
            int rows,
            int rowFloats,
            int step,
            int channels,
            int first,
            int end,
            float[] y,
            int y0,
            int windows) {
        for (int window = 0; window < windows; window++) {
            int to = y0 + window * channels;
            for (int v = first; v < end; v += L) {
                FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
                for (int row = 0; row < rows; row++) {
                    int at = x0 + window * step + row * rowFloats + v;
                    best = greater(best, FloatVector.fromArray(S, x, at));
                    best = greater(best, FloatVector.fromArray(S, x, at + channels));
                    best = greater(best, FloatVector.fromArray(S, x, at + 2 * channels));
                }
                best.intoArray(y, to + v);
            }
        }
    }

    private static void maxOfWindows(
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
            int windows) {
        for (int window = 0; window < windows; window++) {
            int to = y0 + window * channels;
            for (int v = first; v < end; v += L) {
                FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
                for (int row = 0; row < rows; row++) {
                    int at = x0 + window * step + row * rowFloats + v;
                    for (int column = 0; column < columns; column++, at += channels) {
                        best = greater(best, FloatVector.fromArray(S, x, at));
                    }
                }
                best.intoArray(y, to + v);
            }
        }
    }

    /** Fewer channels than a vector has. */
    private static void maxOfFew(
            float[] x,
            int x0,
            int rows,
            int columns,
            int rowFloats,
            int step,
            int channels,
            float[] y,
            int y0,
            int windows) {
        VectorMask<Float> some = S.indexInRange(0, channels);
        for (int window = 0; window < windows; window++) {
            FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
            for (int row = 0; row < rows; row++) {
                int at = x0 + window * step + row * rowFloats;
                for (int column = 0; column < columns; column++, at += channels) {
                    best = greater(best, FloatVector.fromArray(S, x, at, some));
                }
            }
            best.intoArray(y, y0 + window * channels, some);
        }
    }

    /** The lanes of v where they are greater or NaN, otherwise the best so far. */
    private static FloatVector greater(FloatVector best, FloatVector v) {
        return best.blend(v, v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v)));
    }
}
