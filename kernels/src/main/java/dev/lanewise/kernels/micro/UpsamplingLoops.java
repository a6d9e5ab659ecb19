package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of up-sampling over the channels of one pixel.
 *
 * <p>Assumed: the pixels lie within the arrays; what is written shares no element with what is read. The last channels
 * that fill no vector go one by one through the same operations, and nothing outside is read or written: the loops add to
 * what they write, so a vector that overlaps its neighbour would add twice.
 */
public final class UpsamplingLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private UpsamplingLoops() {}

    /**
     * Computes {@code y = fma(x3, w3, fma(x2, w2, fma(x1, w1, x0 w0)))}.
     *
     * @param channels floats of a pixel
     * @param x the pixels
     * @param x0 where the first one is
     * @param x1 where the second one is
     * @param x2 where the third one is
     * @param x3 where the fourth one is
     * @param w0 the weight of the first one
     * @param w1 the weight of the second one
     * @param w2 the weight of the third one
     * @param w3 the weight of the fourth one
     * @param y receives the pixel
     * @param y0 where to
     */
    public static void blend(
            int channels,
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            float w0,
            float w1,
            float w2,
            float w3,
            float[] y,
            int y0) {
        int c = 0;
        for (; c < S.loopBound(channels); c += S.length()) {
            FloatVector sum = FloatVector.fromArray(S, x, x0 + c).mul(w0);
            FloatVector second = FloatVector.fromArray(S, x, x1 + c);
            FloatVector third = FloatVector.fromArray(S, x, x2 + c);
            FloatVector fourth = FloatVector.fromArray(S, x, x3 + c);
            sum = second.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, w1), sum);
            sum = third.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, w2), sum);
            sum = fourth.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, w3), sum);
            sum.intoArray(y, y0 + c);
        }
        for (; c < channels; c++) {
            float sum = Math.fma(x[x1 + c], w1, x[x0 + c] * w0);
            y[y0 + c] = Math.fma(x[x3 + c], w3, Math.fma(x[x2 + c], w2, sum));
        }
    }

    /**
     * Computes {@code to = fma(from, weight, to)}.
     *
     * @param channels floats of a pixel
     * @param from what is added
     * @param from0 where it is
     * @param weight its weight
     * @param to added to
     * @param to0 where it is
     */
    public static void addScaled(int channels, float[] from, int from0, float weight, float[] to, int to0) {
        int c = 0;
        for (; c < S.loopBound(channels); c += S.length()) {
            FloatVector sum = FloatVector.fromArray(S, to, to0 + c);
            FloatVector term = FloatVector.fromArray(S, from, from0 + c);
            term.lanewise(VectorOperators.FMA, FloatVector.broadcast(S, weight), sum)
                    .intoArray(to, to0 + c);
        }
        for (; c < channels; c++) {
            to[to0 + c] = Math.fma(from[from0 + c], weight, to[to0 + c]);
        }
    }

    /**
     * Computes {@code to = to + from}.
     *
     * @param channels floats of a pixel
     * @param from what is added
     * @param from0 where it is
     * @param to added to
     * @param to0 where it is
     */
    public static void add(int channels, float[] from, int from0, float[] to, int to0) {
        int c = 0;
        for (; c < S.loopBound(channels); c += S.length()) {
            FloatVector term = FloatVector.fromArray(S, from, from0 + c);
            FloatVector.fromArray(S, to, to0 + c).add(term).intoArray(to, to0 + c);
        }
        for (; c < channels; c++) {
            to[to0 + c] += from[from0 + c];
        }
    }
}
