package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of normalisation by channel, over rows of {@code channels} floats of which some {@code columns} next to each
 * other are taken. What each channel is multiplied by and so on, its coefficients, stand one after the other, one row for
 * each kind, {@code stride} apart.
 *
 * <p>Assumed: the rows lie within the arrays; what is written is one of the rows that are read or shares no element with
 * what is read. The last columns that fill no vector go through the same operations under a mask. Nothing outside is read
 * or written.
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
        int width = S.length();
        int c = 0;
        for (; c <= columns - 2 * width; c += 2 * width) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
                a = a.add(FloatVector.fromArray(S, x, at));
                b = b.add(FloatVector.fromArray(S, x, at + width));
            }
            FloatVector shiftA = a.mul(share);
            FloatVector shiftB = b.mul(share);
            FloatVector sumA = FloatVector.zero(S);
            FloatVector sumB = FloatVector.zero(S);
            FloatVector squaresA = FloatVector.zero(S);
            FloatVector squaresB = FloatVector.zero(S);
            for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
                FloatVector dA = FloatVector.fromArray(S, x, at).sub(shiftA);
                FloatVector dB = FloatVector.fromArray(S, x, at + width).sub(shiftB);
                sumA = sumA.add(dA);
                sumB = sumB.add(dB);
                squaresA = dA.fma(dA, squaresA);
                squaresB = dB.fma(dB, squaresB);
            }
            shiftA.intoArray(sums, sums0 + c);
            shiftB.intoArray(sums, sums0 + c + width);
            sumA.intoArray(sums, sums0 + stride + c);
            sumB.intoArray(sums, sums0 + stride + c + width);
            squaresA.intoArray(sums, sums0 + 2 * stride + c);
            squaresB.intoArray(sums, sums0 + 2 * stride + c + width);
        }
        for (; c < columns; c += width) {
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
        float[] k = coefficients;
        int whole = S.loopBound(channels);
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int row = 0; row < rows; row++) {
            int from = x0 + row * channels;
            int to = y0 + row * channels;
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector d = FloatVector.fromArray(S, x, from + c).sub(FloatVector.fromArray(S, k, k0 + c));
                FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c);
                FloatVector z = d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + c));
                if (rectified) {
                    z = z.blend(0f, z.compare(VectorOperators.LE, 0f));
                }
                z.intoArray(y, to + c);
            }
            if (whole < channels) {
                FloatVector d = FloatVector.fromArray(S, x, from + whole, rest)
                        .sub(FloatVector.fromArray(S, k, k0 + whole, rest));
                FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + whole, rest);
                FloatVector z = d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + whole, rest));
                if (rectified) {
                    z = z.blend(0f, z.compare(VectorOperators.LE, 0f));
                }
                z.intoArray(y, to + whole, rest);
            }
        }
    }

    /**
     * Sums up gradients and their products with deviations, each channel's rows in ascending order from +0: with
     * {@code d = x - center} and g, which is dy or, behind a ReLU, 0 where the result was, the sum of g and, by fused
     * multiply-adds, that of g d.
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param dy the gradients of the results
     * @param dy0 index of the first
     * @param rows how many rows
     * @param channels the distance from row to row
     * @param columns how many channels
     * @param coefficients center, scale and offset, as {@link #apply} takes them
     * @param k0 index of the first center
     * @param stride the distance between the kinds
     * @param rectified whether ReLU followed
     * @param sums receives the sum of g, and {@code sumsStride} behind it that of g d
     * @param sums0 index of the first sum
     * @param sumsStride the distance between the two kinds
     */
    public static void gradientSums(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            int channels,
            int columns,
            float[] coefficients,
            int k0,
            int stride,
            boolean rectified,
            float[] sums,
            int sums0,
            int sumsStride) {
        float[] k = coefficients;
        int width = S.length();
        int c = 0;
        for (; c <= columns - 2 * width; c += 2 * width) {
            FloatVector centerA = FloatVector.fromArray(S, k, k0 + c);
            FloatVector centerB = FloatVector.fromArray(S, k, k0 + c + width);
            FloatVector scaleA = FloatVector.fromArray(S, k, k0 + stride + c);
            FloatVector scaleB = FloatVector.fromArray(S, k, k0 + stride + c + width);
            FloatVector offsetA = FloatVector.fromArray(S, k, k0 + 2 * stride + c);
            FloatVector offsetB = FloatVector.fromArray(S, k, k0 + 2 * stride + c + width);
            FloatVector sumA = FloatVector.zero(S);
            FloatVector sumB = FloatVector.zero(S);
            FloatVector productsA = FloatVector.zero(S);
            FloatVector productsB = FloatVector.zero(S);
            for (int row = 0, at = c; row < rows; row++, at += channels) {
                FloatVector dA = FloatVector.fromArray(S, x, x0 + at).sub(centerA);
                FloatVector dB = FloatVector.fromArray(S, x, x0 + at + width).sub(centerB);
                FloatVector gA = FloatVector.fromArray(S, dy, dy0 + at);
                FloatVector gB = FloatVector.fromArray(S, dy, dy0 + at + width);
                if (rectified) {
                    FloatVector zA = dA.fma(scaleA, offsetA);
                    FloatVector zB = dB.fma(scaleB, offsetB);
                    gA = gA.blend(zA, zA.test(VectorOperators.IS_NAN)).blend(0f, zA.compare(VectorOperators.LE, 0f));
                    gB = gB.blend(zB, zB.test(VectorOperators.IS_NAN)).blend(0f, zB.compare(VectorOperators.LE, 0f));
                }
                sumA = sumA.add(gA);
                sumB = sumB.add(gB);
                productsA = gA.fma(dA, productsA);
                productsB = gB.fma(dB, productsB);
            }
            sumA.intoArray(sums, sums0 + c);
            sumB.intoArray(sums, sums0 + c + width);
            productsA.intoArray(sums, sums0 + sumsStride + c);
            productsB.intoArray(sums, sums0 + sumsStride + c + width);
        }
        for (; c < columns; c += width) {
            VectorMask<Float> some = S.indexInRange(c, columns);
            FloatVector center = FloatVector.fromArray(S, k, k0 + c, some);
            FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c, some);
            FloatVector offset = FloatVector.fromArray(S, k, k0 + 2 * stride + c, some);
            FloatVector sum = FloatVector.zero(S);
            FloatVector products = FloatVector.zero(S);
            for (int row = 0, at = c; row < rows; row++, at += channels) {
                FloatVector d = FloatVector.fromArray(S, x, x0 + at, some).sub(center);
                FloatVector g = FloatVector.fromArray(S, dy, dy0 + at, some);
                if (rectified) {
                    FloatVector z = d.fma(scale, offset);
                    g = g.blend(z, z.test(VectorOperators.IS_NAN)).blend(0f, z.compare(VectorOperators.LE, 0f));
                }
                sum = sum.add(g);
                products = g.fma(d, products);
            }
            sum.intoArray(sums, sums0 + c, some);
            products.intoArray(sums, sums0 + sumsStride + c, some);
        }
    }

    /**
     * Computes {@code dx = fma(g, scale, fma(x - center, slope, level))} with g as in {@link #gradientSums}.
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param dy the gradients of the results
     * @param dy0 index of the first
     * @param rows how many rows
     * @param channels floats of a row
     * @param coefficients center, scale, offset, slope and level
     * @param k0 index of the first center
     * @param stride the distance between the kinds
     * @param rectified whether ReLU followed
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first
     */
    public static void gradient(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            int channels,
            float[] coefficients,
            int k0,
            int stride,
            boolean rectified,
            float[] dx,
            int dx0) {
        float[] k = coefficients;
        int whole = S.loopBound(channels);
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int row = 0; row < rows; row++) {
            int at = row * channels;
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector d = FloatVector.fromArray(S, x, x0 + at + c).sub(FloatVector.fromArray(S, k, k0 + c));
                FloatVector g = FloatVector.fromArray(S, dy, dy0 + at + c);
                FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c);
                if (rectified) {
                    FloatVector z = d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + c));
                    g = g.blend(z, z.test(VectorOperators.IS_NAN)).blend(0f, z.compare(VectorOperators.LE, 0f));
                }
                FloatVector slope = FloatVector.fromArray(S, k, k0 + 3 * stride + c);
                FloatVector own = d.fma(slope, FloatVector.fromArray(S, k, k0 + 4 * stride + c));
                g.fma(scale, own).intoArray(dx, dx0 + at + c);
            }
            if (whole < channels) {
                FloatVector d = FloatVector.fromArray(S, x, x0 + at + whole, rest)
                        .sub(FloatVector.fromArray(S, k, k0 + whole, rest));
                FloatVector g = FloatVector.fromArray(S, dy, dy0 + at + whole, rest);
                FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + whole, rest);
                if (rectified) {
                    FloatVector z = d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + whole, rest));
                    g = g.blend(z, z.test(VectorOperators.IS_NAN)).blend(0f, z.compare(VectorOperators.LE, 0f));
                }
                FloatVector slope = FloatVector.fromArray(S, k, k0 + 3 * stride + whole, rest);
                FloatVector own = d.fma(slope, FloatVector.fromArray(S, k, k0 + 4 * stride + whole, rest));
                g.fma(scale, own).intoArray(dx, dx0 + at + whole, rest);
            }
        }
    }
}
