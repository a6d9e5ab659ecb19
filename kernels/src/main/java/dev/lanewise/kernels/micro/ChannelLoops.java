package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of normalisation by channel, over rows of {@code channels} floats of which some {@code columns} next to each
 * other are taken. What each channel is multiplied by and so on, its coefficients, stand one after the other, one row for
 * each kind, {@code stride} apart.
 *
 * <p>Sums go over four rows at a time, with all columns of these before the next: memory is read in the order in which it
 * lies, and sums are loaded and stored once for four rows. Down the columns, two vectors wide, sums of 512 channels took
 * longer; only where rows are short, as with 64 channels, are the sums of deviations faster so (runs one after the other).
 *
 * <p>Assumed: the rows lie within the arrays; what is written is one of the rows that are read or shares no element with
 * what is read. The last columns that fill no vector go through the same operations under a mask. Nothing outside is read
 * or written, but for coefficients, which are followed by a vector of anything: with a mask for each of them, too, the
 * gradient would be more than C1 can compile.
 */
public final class ChannelLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private ChannelLoops() {}

    /**
     * Sums up deviations and their squares, each channel's rows in ascending order from +0: with
     * {@code shift = (sum of x) (1 / rows)} and {@code d = x - shift} the sum of d and, by fused multiply-adds, that of d².
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param rows how many rows, at least 1
     * @param channels the distance from row to row
     * @param columns how many channels
     * @param sums receives shift, sum of d, and sum of d²
     * @param sums0 index of the first shift
     * @param stride the distance between the three kinds
     */
    public static void deviations(
            float[] x, int x0, int rows, int channels, int columns, float[] sums, int sums0, int stride) {
        float share = 1f / rows;
        int whole = S.loopBound(columns);
        // Where rows are short, four vectors make most of one, and stay in registers.
        int done = channels < 8 * S.length() ? whole / (4 * S.length()) * 4 * S.length() : 0;
        for (int c = 0; c < done; c += 4 * S.length()) {
            deviationsOfFour(x, x0 + c, rows, channels, share, sums, sums0 + c, stride);
        }
        if (done < whole) {
            int at = x0 + done;
            shifts(x, at, rows, channels, whole - done, share, sums, sums0 + done);
            deviationsOfVectors(x, at, rows, channels, whole - done, sums, sums0 + done, stride);
        }
        if (whole < columns) {
            deviationsOfRest(x, x0, rows, channels, whole, columns, share, sums, sums0, stride);
        }
    }

    /** Four vectors of channels, down the rows. */
    private static void deviationsOfFour(
            float[] x, int x0, int rows, int channels, float share, float[] sums, int sums0, int stride) {
        int width = S.length();
        FloatVector a = FloatVector.zero(S);
        FloatVector b = FloatVector.zero(S);
        FloatVector c = FloatVector.zero(S);
        FloatVector d = FloatVector.zero(S);
        for (int row = 0, at = x0; row < rows; row++, at += channels) {
            a = a.add(FloatVector.fromArray(S, x, at));
            b = b.add(FloatVector.fromArray(S, x, at + width));
            c = c.add(FloatVector.fromArray(S, x, at + 2 * width));
            d = d.add(FloatVector.fromArray(S, x, at + 3 * width));
        }
        FloatVector shiftA = a.mul(share);
        FloatVector shiftB = b.mul(share);
        FloatVector shiftC = c.mul(share);
        FloatVector shiftD = d.mul(share);
        a = FloatVector.zero(S);
        b = FloatVector.zero(S);
        c = FloatVector.zero(S);
        d = FloatVector.zero(S);
        FloatVector aa = FloatVector.zero(S);
        FloatVector bb = FloatVector.zero(S);
        FloatVector cc = FloatVector.zero(S);
        FloatVector dd = FloatVector.zero(S);
        for (int row = 0, at = x0; row < rows; row++, at += channels) {
            FloatVector u = FloatVector.fromArray(S, x, at).sub(shiftA);
            a = a.add(u);
            aa = u.fma(u, aa);
            FloatVector v = FloatVector.fromArray(S, x, at + width).sub(shiftB);
            b = b.add(v);
            bb = v.fma(v, bb);
            u = FloatVector.fromArray(S, x, at + 2 * width).sub(shiftC);
            c = c.add(u);
            cc = u.fma(u, cc);
            v = FloatVector.fromArray(S, x, at + 3 * width).sub(shiftD);
            d = d.add(v);
            dd = v.fma(v, dd);
        }
        shiftA.intoArray(sums, sums0);
        shiftB.intoArray(sums, sums0 + width);
        shiftC.intoArray(sums, sums0 + 2 * width);
        shiftD.intoArray(sums, sums0 + 3 * width);
        a.intoArray(sums, sums0 + stride);
        b.intoArray(sums, sums0 + stride + width);
        c.intoArray(sums, sums0 + stride + 2 * width);
        d.intoArray(sums, sums0 + stride + 3 * width);
        aa.intoArray(sums, sums0 + 2 * stride);
        bb.intoArray(sums, sums0 + 2 * stride + width);
        cc.intoArray(sums, sums0 + 2 * stride + 2 * width);
        dd.intoArray(sums, sums0 + 2 * stride + 3 * width);
    }

    /** Computes the shifts of whole vectors of channels. */
    private static void shifts(
            float[] x, int x0, int rows, int channels, int columns, float share, float[] sums, int sums0) {
        Arrays.fill(sums, sums0, sums0 + columns, 0);
        int row = 0;
        for (; row <= rows - 4; row += 4) {
            int at = x0 + row * channels;
            for (int c = 0; c < columns; c += S.length()) {
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + c);
                sum = sum.add(FloatVector.fromArray(S, x, at + c));
                sum = sum.add(FloatVector.fromArray(S, x, at + channels + c));
                sum = sum.add(FloatVector.fromArray(S, x, at + 2 * channels + c));
                sum.add(FloatVector.fromArray(S, x, at + 3 * channels + c)).intoArray(sums, sums0 + c);
            }
        }
        for (; row < rows; row++) {
            int at = x0 + row * channels;
            for (int c = 0; c < columns; c += S.length()) {
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + c);
                sum.add(FloatVector.fromArray(S, x, at + c)).intoArray(sums, sums0 + c);
            }
        }
        for (int c = 0; c < columns; c += S.length()) {
            FloatVector.fromArray(S, sums, sums0 + c).mul(share).intoArray(sums, sums0 + c);
        }
    }

    /** Whole vectors of channels, whose shifts are there already. */
    private static void deviationsOfVectors(
            float[] x, int x0, int rows, int channels, int columns, float[] sums, int sums0, int stride) {
        Arrays.fill(sums, sums0 + stride, sums0 + stride + columns, 0);
        Arrays.fill(sums, sums0 + 2 * stride, sums0 + 2 * stride + columns, 0);
        int row = 0;
        for (; row <= rows - 4; row += 4) {
            int at = x0 + row * channels;
            for (int c = 0; c < columns; c += S.length()) {
                FloatVector shift = FloatVector.fromArray(S, sums, sums0 + c);
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + stride + c);
                FloatVector squares = FloatVector.fromArray(S, sums, sums0 + 2 * stride + c);
                FloatVector d = FloatVector.fromArray(S, x, at + c).sub(shift);
                sum = sum.add(d);
                squares = d.fma(d, squares);
                d = FloatVector.fromArray(S, x, at + channels + c).sub(shift);
                sum = sum.add(d);
                squares = d.fma(d, squares);
                d = FloatVector.fromArray(S, x, at + 2 * channels + c).sub(shift);
                sum = sum.add(d);
                squares = d.fma(d, squares);
                d = FloatVector.fromArray(S, x, at + 3 * channels + c).sub(shift);
                sum.add(d).intoArray(sums, sums0 + stride + c);
                d.fma(d, squares).intoArray(sums, sums0 + 2 * stride + c);
            }
        }
        for (; row < rows; row++) {
            int at = x0 + row * channels;
            for (int c = 0; c < columns; c += S.length()) {
                FloatVector d = FloatVector.fromArray(S, x, at + c).sub(FloatVector.fromArray(S, sums, sums0 + c));
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + stride + c);
                FloatVector squares = FloatVector.fromArray(S, sums, sums0 + 2 * stride + c);
                sum.add(d).intoArray(sums, sums0 + stride + c);
                d.fma(d, squares).intoArray(sums, sums0 + 2 * stride + c);
            }
        }
    }

    /** The channels from c on, which fill no vector. */
    private static void deviationsOfRest(
            float[] x,
            int x0,
            int rows,
            int channels,
            int c,
            int columns,
            float share,
            float[] sums,
            int sums0,
            int stride) {
        VectorMask<Float> some = S.indexInRange(c, columns);
        FloatVector a = FloatVector.zero(S);
        for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
            a = a.add(FloatVector.fromArray(S, x, at, some));
        }
        FloatVector shift = a.mul(share);
        FloatVector sum = FloatVector.zero(S);
        FloatVector squares = FloatVector.zero(S);
        for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
            FloatVector d = FloatVector.fromArray(S, x, at, some).sub(shift);
            sum = sum.add(d);
            squares = d.fma(d, squares);
        }
        shift.intoArray(sums, sums0 + c, some);
        sum.intoArray(sums, sums0 + stride + c, some);
        squares.intoArray(sums, sums0 + 2 * stride + c, some);
    }

    /**
     * Computes {@code y = fma(x - center, scale, offset)}, and 0 where that is not positive if {@code rectified}; NaN stays.
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param rows how many rows
     * @param channels floats of a row
     * @param coefficients center, scale and offset
     * @param k0 index of the first center
     * @param stride the distance between the kinds
     * @param rectified whether ReLU follows
     * @param y receives the results
     * @param y0 index of the first
     */
    public static void apply(
            float[] x,
            int x0,
            int rows,
            int channels,
            float[] coefficients,
            int k0,
            int stride,
            boolean rectified,
            float[] y,
            int y0) {
        int whole = S.loopBound(channels);
        for (int row = 0; row < rows; row++) {
            int from = x0 + row * channels;
            int to = y0 + row * channels;
            applyToRow(x, from, whole, coefficients, k0, stride, rectified, y, to);
            if (whole < channels) {
                applyToRest(x, from, whole, channels, coefficients, k0, stride, rectified, y, to);
            }
        }
    }

    private static void applyToRow(
            float[] x, int x0, int whole, float[] k, int k0, int stride, boolean rectified, float[] y, int y0) {
        for (int c = 0; c < whole; c += S.length()) {
            FloatVector d = FloatVector.fromArray(S, x, x0 + c).sub(FloatVector.fromArray(S, k, k0 + c));
            FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c);
            FloatVector z = d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + c));
            if (rectified) {
                z = z.blend(0f, z.compare(VectorOperators.LE, 0f));
            }
            z.intoArray(y, y0 + c);
        }
    }

    /** The channels that fill no vector. */
    private static void applyToRest(
            float[] x,
            int x0,
            int whole,
            int channels,
            float[] k,
            int k0,
            int stride,
            boolean rectified,
            float[] y,
            int y0) {
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        FloatVector d = FloatVector.fromArray(S, x, x0 + whole, rest).sub(FloatVector.fromArray(S, k, k0 + whole));
        FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + whole);
        FloatVector z = d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + whole));
        if (rectified) {
            z = z.blend(0f, z.compare(VectorOperators.LE, 0f));
        }
        z.intoArray(y, y0 + whole, rest);
    }
}
