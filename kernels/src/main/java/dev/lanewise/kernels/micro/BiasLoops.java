package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the bias over rows of {@code channels} floats, one row after the other.
 *
 * <p>Assumed: the rows lie within the arrays; what is written is x itself or shares no element with what is read. The last
 * channels that fill no vector go through the same operations under a mask. Nothing outside is read or written.
 */
public final class BiasLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private BiasLoops() {}

    /**
     * Adds the bias to each row.
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param bias one value for each channel
     * @param bias0 index of the first value
     * @param y receives the sums
     * @param y0 index of the first
     * @param rows how many rows
     * @param channels floats of a row
     */
    public static void add(float[] x, int x0, float[] bias, int bias0, float[] y, int y0, int rows, int channels) {
        int whole = S.loopBound(channels);
        VectorMask<Float> rest = S.indexInRange(whole, channels);
        for (int row = 0; row < rows; row++) {
            int from = x0 + row * channels;
            int to = y0 + row * channels;
            for (int c = 0; c < whole; c += S.length()) {
                FloatVector b = FloatVector.fromArray(S, bias, bias0 + c);
                FloatVector.fromArray(S, x, from + c).add(b).intoArray(y, to + c);
            }
            if (whole < channels) {
                FloatVector b = FloatVector.fromArray(S, bias, bias0 + whole, rest);
                FloatVector.fromArray(S, x, from + whole, rest).add(b).intoArray(y, to + whole, rest);
            }
        }
    }

    /**
     * Adds up the rows: each channel's sum begins with +0 and takes the rows in ascending order.
     *
     * @param x the rows
     * @param x0 index of the first element
     * @param rows how many rows
     * @param channels floats of a row
     * @param sum receives one sum for each channel
     * @param sum0 index of the first
     */
    public static void sum(float[] x, int x0, int rows, int channels, float[] sum, int sum0) {
        int c = 0;
        // Four chains of additions keep the adders busy: one waits 3 or 4 cycles for each sum.
        for (; c <= channels - 4 * S.length(); c += 4 * S.length()) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            FloatVector e = FloatVector.zero(S);
            for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
                a = a.add(FloatVector.fromArray(S, x, at));
                b = b.add(FloatVector.fromArray(S, x, at + S.length()));
                d = d.add(FloatVector.fromArray(S, x, at + 2 * S.length()));
                e = e.add(FloatVector.fromArray(S, x, at + 3 * S.length()));
            }
            a.intoArray(sum, sum0 + c);
            b.intoArray(sum, sum0 + c + S.length());
            d.intoArray(sum, sum0 + c + 2 * S.length());
            e.intoArray(sum, sum0 + c + 3 * S.length());
        }
        for (; c <= channels - S.length(); c += S.length()) {
            FloatVector a = FloatVector.zero(S);
            for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
                a = a.add(FloatVector.fromArray(S, x, at));
            }
            a.intoArray(sum, sum0 + c);
        }
        if (c < channels) {
            VectorMask<Float> rest = S.indexInRange(c, channels);
            FloatVector a = FloatVector.zero(S);
            for (int row = 0, at = x0 + c; row < rows; row++, at += channels) {
                a = a.add(FloatVector.fromArray(S, x, at, rest));
            }
            a.intoArray(sum, sum0 + c, rest);
        }
    }
}
