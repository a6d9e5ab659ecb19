package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of parametric ReLU over rows of {@code channels} floats, one row after the other.
 *
 * <p>Assumed: the rows lie within the arrays; what is written is one of the rows that are read or shares no element with
 * what is read. The last channels that fill no vector go through the same operations under a mask. Nothing outside is read
 * or written.
 */
public final class ParametricReluLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private ParametricReluLoops() {}

    /**
     * Computes {@code factor[r, c]} where {@code x[r, c]} is positive, otherwise {@code factor[r, c] slope[c]}: with x as
     * the factor the activation, with dy its gradient.
     *
     * @param x the rows that decide
     * @param x0 index of the first element
     * @param factor the rows that are multiplied
     * @param factor0 index of the first element
     * @param slope one value for each channel
     * @param slope0 index of the first value
     * @param y receives the products
     * @param y0 index of the first
     * @param rows how many rows
     * @param channels floats of a row
     */
    public static void multiply(
            float[] x,
            int x0,
            float[] factor,
            int factor0,
            float[] slope,
            int slope0,
            float[] y,
            int y0,
            int rows,
            int channels) {
        int whole = S.loopBound(channels);
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int row = 0; row < rows; row++) {
            int at = row * channels;
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector v = FloatVector.fromArray(S, x, x0 + at + c);
                FloatVector f = FloatVector.fromArray(S, factor, factor0 + at + c);
                FloatVector steep = f.mul(FloatVector.fromArray(S, slope, slope0 + c));
                FloatVector open = steep.blend(v, v.compare(VectorOperators.NE, v));
                open.blend(f, v.compare(VectorOperators.GT, 0f)).intoArray(y, y0 + at + c);
            }
            if (whole < channels) {
                FloatVector v = FloatVector.fromArray(S, x, x0 + at + whole, rest);
                FloatVector f = FloatVector.fromArray(S, factor, factor0 + at + whole, rest);
                FloatVector steep = f.mul(FloatVector.fromArray(S, slope, slope0 + whole, rest));
                FloatVector open = steep.blend(v, v.compare(VectorOperators.NE, v));
                open.blend(f, v.compare(VectorOperators.GT, 0f)).intoArray(y, y0 + at + whole, rest);
            }
        }
    }

    /**
     * Adds up {@code dy[r, c] x[r, c]} over the rows where {@code x[r, c]} is not positive: one chain of fused
     * multiply-adds for each channel, from +0, ascending.
     *
     * @param x the rows that decide
     * @param x0 index of the first element
     * @param dy the gradients of the results
     * @param dy0 index of the first
     * @param rows how many rows
     * @param channels floats of a row
     * @param sum receives one sum for each channel
     * @param sum0 index of the first
     */
    public static void sum(float[] x, int x0, float[] dy, int dy0, int rows, int channels, float[] sum, int sum0) {
        int whole = S.loopBound(channels);
        for (int c = 0; c < whole; c += S.length()) {
            FloatVector a = FloatVector.zero(S);
            for (int row = 0, at = c; row < rows; row++, at += channels) {
                FloatVector v = FloatVector.fromArray(S, x, x0 + at);
                FloatVector next = FloatVector.fromArray(S, dy, dy0 + at).fma(v, a);
                a = next.blend(a, v.compare(VectorOperators.GT, 0f));
            }
            a.intoArray(sum, sum0 + c);
        }
        if (whole < channels) {
            VectorMask<Float> rest = S.indexInRange(whole, channels);
            FloatVector a = FloatVector.zero(S);
            for (int row = 0, at = whole; row < rows; row++, at += channels) {
                FloatVector v = FloatVector.fromArray(S, x, x0 + at, rest);
                FloatVector next = FloatVector.fromArray(S, dy, dy0 + at, rest).fma(v, a);
                a = next.blend(a, v.compare(VectorOperators.GT, 0f));
            }
            a.intoArray(sum, sum0 + whole, rest);
        }
    }
}
