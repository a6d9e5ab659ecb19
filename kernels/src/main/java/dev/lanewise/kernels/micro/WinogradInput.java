package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transforms tiles of the input of F(4x4, 3x3), along channels: {@code V = B^T d B}, 6x6 pixels to 36 positions.
 *
 * <pre>
 *   v0 = (p d0 + (-s d2 + d4))              p = 225/256, s = 169/64
 *   v1, v2 = (d4 - 9/4 d2) +- 5/8 (d3 - 9/4 d1)
 *   v3, v4 = (d4 - 25/64 d2) +- 3/2 (d3 - 25/64 d1)
 *   v5 = (p d1 + (-s d3 + d5))
 * </pre>
 *
 * <p>each product and the sum after it one fused multiply-add; first down each column, then along each row.
 *
 * <p>Assumed: at least a vector of channels. The last vector is moved to the left until it ends with the last channel. Half of
 * the 36 vectors are more than there are registers, so what is between the two halves is in {@code temp}.
 */
public final class WinogradInput {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private WinogradInput() {}

    /**
     * Transforms one tile.
     *
     * @param channels its channels, at least a vector's
     * @param x holds the pixels
     * @param x0 where the first one is
     * @param row from row to row of pixels
     * @param pixel from pixel to pixel of a row
     * @param temp 36 vectors
     * @param t0 where they start
     * @param v receives the positions, row by row
     * @param v0 where the first one goes
     * @param position from position to position
     */
    public static void run(
            int channels,
            float[] x,
            int x0,
            int row,
            int pixel,
            float[] temp,
            int t0,
            float[] v,
            int v0,
            int position) {
        FloatVector a = FloatVector.broadcast(S, WinogradPoints.A);
        FloatVector b = FloatVector.broadcast(S, WinogradPoints.B);
        FloatVector minusA = FloatVector.broadcast(S, -WinogradPoints.A);
        FloatVector minusB = FloatVector.broadcast(S, -WinogradPoints.B);
        FloatVector minusA2 = FloatVector.broadcast(S, -WinogradPoints.A2);
        FloatVector minusB2 = FloatVector.broadcast(S, -WinogradPoints.B2);
        FloatVector minusSum = FloatVector.broadcast(S, -WinogradPoints.SUM);
        FloatVector product = FloatVector.broadcast(S, WinogradPoints.PRODUCT);
        for (int done = 0; done < channels; done += L) {
            int c = Math.min(done, channels - L);
            for (int j = 0; j < 6; j++) {
                int from = x0 + c + j * pixel;
                int to = t0 + j * L;
                FloatVector d0 = FloatVector.fromArray(S, x, from);
                FloatVector d1 = FloatVector.fromArray(S, x, from + row);
                FloatVector d2 = FloatVector.fromArray(S, x, from + 2 * row);
                FloatVector d3 = FloatVector.fromArray(S, x, from + 3 * row);
                FloatVector d4 = FloatVector.fromArray(S, x, from + 4 * row);
                FloatVector d5 = FloatVector.fromArray(S, x, from + 5 * row);
                FloatVector even = d2.lanewise(VectorOperators.FMA, minusB2, d4);
                FloatVector odd = d1.lanewise(VectorOperators.FMA, minusB2, d3);
                d0.lanewise(VectorOperators.FMA, product, d2.lanewise(VectorOperators.FMA, minusSum, d4))
                        .intoArray(temp, to);
                odd.lanewise(VectorOperators.FMA, a, even).intoArray(temp, to + 6 * L);
                odd.lanewise(VectorOperators.FMA, minusA, even).intoArray(temp, to + 12 * L);
                even = d2.lanewise(VectorOperators.FMA, minusA2, d4);
                odd = d1.lanewise(VectorOperators.FMA, minusA2, d3);
                odd.lanewise(VectorOperators.FMA, b, even).intoArray(temp, to + 18 * L);
                odd.lanewise(VectorOperators.FMA, minusB, even).intoArray(temp, to + 24 * L);
                d1.lanewise(VectorOperators.FMA, product, d3.lanewise(VectorOperators.FMA, minusSum, d5))
                        .intoArray(temp, to + 30 * L);
            }
            for (int i = 0; i < 6; i++) {
                int from = t0 + i * 6 * L;
                int to = v0 + c + i * 6 * position;
                FloatVector d0 = FloatVector.fromArray(S, temp, from);
                FloatVector d1 = FloatVector.fromArray(S, temp, from + L);
                FloatVector d2 = FloatVector.fromArray(S, temp, from + 2 * L);
                FloatVector d3 = FloatVector.fromArray(S, temp, from + 3 * L);
                FloatVector d4 = FloatVector.fromArray(S, temp, from + 4 * L);
                FloatVector d5 = FloatVector.fromArray(S, temp, from + 5 * L);
                FloatVector even = d2.lanewise(VectorOperators.FMA, minusB2, d4);
                FloatVector odd = d1.lanewise(VectorOperators.FMA, minusB2, d3);
                d0.lanewise(VectorOperators.FMA, product, d2.lanewise(VectorOperators.FMA, minusSum, d4))
                        .intoArray(v, to);
                odd.lanewise(VectorOperators.FMA, a, even).intoArray(v, to + position);
                odd.lanewise(VectorOperators.FMA, minusA, even).intoArray(v, to + 2 * position);
                even = d2.lanewise(VectorOperators.FMA, minusA2, d4);
                odd = d1.lanewise(VectorOperators.FMA, minusA2, d3);
                odd.lanewise(VectorOperators.FMA, b, even).intoArray(v, to + 3 * position);
                odd.lanewise(VectorOperators.FMA, minusB, even).intoArray(v, to + 4 * position);
                d1.lanewise(VectorOperators.FMA, product, d3.lanewise(VectorOperators.FMA, minusSum, d5))
                        .intoArray(v, to + 5 * position);
            }
        }
    }
}
