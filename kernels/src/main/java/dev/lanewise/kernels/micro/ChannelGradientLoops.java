package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the gradient of normalisation by channel; rows, coefficients, sums and what is assumed are those of
 * {@link ChannelLoops}. The gradient of a result is taken from behind a ReLU if one followed.
 */
public final class ChannelGradientLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private ChannelGradientLoops() {}

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
     * @param coefficients center, scale and offset, as {@link ChannelLoops#apply} takes them
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
        int whole = S.loopBound(columns);
        Arrays.fill(sums, sums0, sums0 + whole, 0);
        Arrays.fill(sums, sums0 + sumsStride, sums0 + sumsStride + whole, 0);
        int even = rows / 2 * 2;
        gradientSumsOfTwo(
                x, x0, dy, dy0, even, channels, whole, coefficients, k0, stride, rectified, sums, sums0, sumsStride);
        int at = even * channels;
        gradientSumsOfOne(
                x,
                x0 + at,
                dy,
                dy0 + at,
                rows - even,
                channels,
                whole,
                coefficients,
                k0,
                stride,
                rectified,
                sums,
                sums0,
                sumsStride);
        if (whole < columns) {
            gradientSumsOfRest(
                    x,
                    x0,
                    dy,
                    dy0,
                    rows,
                    channels,
                    whole,
                    columns,
                    coefficients,
                    k0,
                    stride,
                    rectified,
                    sums,
                    sums0,
                    sumsStride);
        }
    }

    /**
     * Two rows for each time that the sums are read and written. Four are too much for C2, which then leaves calls in the loop, and
     * makes objects of their vectors: 350 MB in a training step of a ResNet-18.
     */
    private static void gradientSumsOfTwo(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            int channels,
            int whole,
            float[] k,
            int k0,
            int stride,
            boolean rectified,
            float[] sums,
            int sums0,
            int sumsStride) {
        VectorMask<Float> relu = S.maskAll(rectified);
        for (int row = 0; row < rows; row += 2) {
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector center = FloatVector.fromArray(S, k, k0 + c);
                FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c);
                FloatVector offset = FloatVector.fromArray(S, k, k0 + 2 * stride + c);
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + c);
                FloatVector products = FloatVector.fromArray(S, sums, sums0 + sumsStride + c);
                int at = row * channels + c;
                FloatVector d = FloatVector.fromArray(S, x, x0 + at).sub(center);
                FloatVector g = FloatVector.fromArray(S, dy, dy0 + at);
                g = behindRelu(g, d.fma(scale, offset), relu);
                sum = sum.add(g);
                products = g.fma(d, products);
                d = FloatVector.fromArray(S, x, x0 + at + channels).sub(center);
                g = FloatVector.fromArray(S, dy, dy0 + at + channels);
                g = behindRelu(g, d.fma(scale, offset), relu);
                sum = sum.add(g);
                products = g.fma(d, products);
                sum.intoArray(sums, sums0 + c);
                products.intoArray(sums, sums0 + sumsStride + c);
            }
        }
    }

    /** The row that is left, if any. */
    private static void gradientSumsOfOne(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            int channels,
            int whole,
            float[] k,
            int k0,
            int stride,
            boolean rectified,
            float[] sums,
            int sums0,
            int sumsStride) {
        VectorMask<Float> relu = S.maskAll(rectified);
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector center = FloatVector.fromArray(S, k, k0 + c);
                FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c);
                FloatVector offset = FloatVector.fromArray(S, k, k0 + 2 * stride + c);
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + c);
                FloatVector products = FloatVector.fromArray(S, sums, sums0 + sumsStride + c);
                int at = row * channels + c;
                FloatVector d = FloatVector.fromArray(S, x, x0 + at).sub(center);
                FloatVector g = FloatVector.fromArray(S, dy, dy0 + at);
                g = behindRelu(g, d.fma(scale, offset), relu);
                sum = sum.add(g);
                products = g.fma(d, products);
                sum.intoArray(sums, sums0 + c);
                products.intoArray(sums, sums0 + sumsStride + c);
            }
        }
    }

    /** The channels that fill no vector. */
    private static void gradientSumsOfRest(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            int channels,
            int whole,
            int columns,
            float[] k,
            int k0,
            int stride,
            boolean rectified,
            float[] sums,
            int sums0,
            int sumsStride) {
        VectorMask<Float> relu = S.maskAll(rectified);
        VectorMask<Float> some = S.indexInRange(whole, columns);
        FloatVector center = FloatVector.fromArray(S, k, k0 + whole);
        FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + whole);
        FloatVector offset = FloatVector.fromArray(S, k, k0 + 2 * stride + whole);
        FloatVector sum = FloatVector.zero(S);
        FloatVector products = FloatVector.zero(S);
        for (int i = 0, at = whole; i < rows; i++, at += channels) {
            FloatVector d = FloatVector.fromArray(S, x, x0 + at, some).sub(center);
            FloatVector g = FloatVector.fromArray(S, dy, dy0 + at, some);
            g = behindRelu(g, d.fma(scale, offset), relu);
            sum = sum.add(g);
            products = g.fma(d, products);
        }
        sum.intoArray(sums, sums0 + whole, some);
        products.intoArray(sums, sums0 + sumsStride + whole, some);
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
        int whole = S.loopBound(channels);
        for (int row = 0; row < rows; row++) {
            int at = row * channels;
            gradientOfRow(x, x0 + at, dy, dy0 + at, whole, coefficients, k0, stride, rectified, dx, dx0 + at);
            if (whole < channels) {
                gradientOfRest(
                        x, x0 + at, dy, dy0 + at, whole, channels, coefficients, k0, stride, rectified, dx, dx0 + at);
            }
        }
    }

    private static void gradientOfRow(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int whole,
            float[] k,
            int k0,
            int stride,
            boolean rectified,
            float[] dx,
            int dx0) {
        VectorMask<Float> relu = S.maskAll(rectified);
        for (int c = 0; c < whole; c += S.length()) {
            FloatVector d = FloatVector.fromArray(S, x, x0 + c).sub(FloatVector.fromArray(S, k, k0 + c));
            FloatVector g = FloatVector.fromArray(S, dy, dy0 + c);
            FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + c);
            g = behindRelu(g, d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + c)), relu);
            FloatVector slope = FloatVector.fromArray(S, k, k0 + 3 * stride + c);
            FloatVector own = d.fma(slope, FloatVector.fromArray(S, k, k0 + 4 * stride + c));
            g.fma(scale, own).intoArray(dx, dx0 + c);
        }
    }

    /** The channels that fill no vector. */
    private static void gradientOfRest(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int whole,
            int channels,
            float[] k,
            int k0,
            int stride,
            boolean rectified,
            float[] dx,
            int dx0) {
        VectorMask<Float> relu = S.maskAll(rectified);
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        FloatVector d = FloatVector.fromArray(S, x, x0 + whole, rest).sub(FloatVector.fromArray(S, k, k0 + whole));
        FloatVector g = FloatVector.fromArray(S, dy, dy0 + whole, rest);
        FloatVector scale = FloatVector.fromArray(S, k, k0 + stride + whole);
        g = behindRelu(g, d.fma(scale, FloatVector.fromArray(S, k, k0 + 2 * stride + whole)), relu);
        FloatVector slope = FloatVector.fromArray(S, k, k0 + 3 * stride + whole);
        FloatVector own = d.fma(slope, FloatVector.fromArray(S, k, k0 + 4 * stride + whole));
        g.fma(scale, own).intoArray(dx, dx0 + whole, rest);
    }

    /**
     * The gradient g of a ReLU of z with respect to z, in the lanes of {@code relu}: 0 where z is not positive, and NaN where z is.
     * A mask, not a branch, for which C2 would write each loop twice.
     */
    private static FloatVector behindRelu(FloatVector g, FloatVector z, VectorMask<Float> relu) {
        return g.blend(z, z.compare(VectorOperators.NE, z, relu)).blend(0f, z.compare(VectorOperators.LE, 0f, relu));
    }
}
