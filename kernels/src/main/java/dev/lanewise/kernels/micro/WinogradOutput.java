package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transforms tiles of the output of F(4x4, 3x3), along channels: {@code y = A^T M A + bias}, 36 positions to 4x4 pixels.
 *
 * <pre>
 *   y0 = (m0 + (m1 + m2)) + (m3 + m4)
 *   y1 = 3/2 (m3 - m4) + 5/8 (m1 - m2)
 *   y2 = 9/4 (m3 + m4) + 25/64 (m1 + m2)
 *   y3 = 27/8 (m3 - m4) + (125/512 (m1 - m2) + m5)
 * </pre>
 *
 * <p>where the first product of y1 and y2, and both of y3, are fused with the sum; first down each column, then along each
 * row, then the bias.
 *
 * <p>Assumed: at least a vector of channels. The last vector is moved to the left until it ends with the last channel.
 */
public final class WinogradOutput {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private WinogradOutput() {}

    /**
     * Transforms one tile.
     *
     * @param channels its channels, at least a vector's
     * @param m holds the positions, row by row
     * @param m0 where the first one is
     * @param position from position to position
     * @param bias one value for each channel
     * @param bias0 where the first one is
     * @param temp 24 vectors
     * @param t0 where they start
     * @param y receives the pixels
     * @param y0 where the first one goes
     * @param row from row to row of pixels
     * @param pixel from pixel to pixel of a row
     */
    public static void run(
            int channels,
            float[] m,
            int m0,
            int position,
            float[] bias,
            int bias0,
            float[] temp,
            int t0,
            float[] y,
            int y0,
            int row,
            int pixel) {
        FloatVector a = FloatVector.broadcast(S, WinogradPoints.A);
        FloatVector b = FloatVector.broadcast(S, WinogradPoints.B);
        FloatVector a2 = FloatVector.broadcast(S, WinogradPoints.A2);
        FloatVector b2 = FloatVector.broadcast(S, WinogradPoints.B2);
        FloatVector a3 = FloatVector.broadcast(S, WinogradPoints.A3);
        FloatVector b3 = FloatVector.broadcast(S, WinogradPoints.B3);
        for (int done = 0; done < channels; done += L) {
            int c = Math.min(done, channels - L);
            FloatVector start = FloatVector.fromArray(S, bias, bias0 + c);
            for (int j = 0; j < 6; j++) {
                int from = m0 + c + j * position;
                int to = t0 + j * L;
                FloatVector p0 = FloatVector.fromArray(S, m, from);
                FloatVector p1 = FloatVector.fromArray(S, m, from + 6 * position);
                FloatVector p2 = FloatVector.fromArray(S, m, from + 12 * position);
                FloatVector p3 = FloatVector.fromArray(S, m, from + 18 * position);
                FloatVector p4 = FloatVector.fromArray(S, m, from + 24 * position);
                FloatVector p5 = FloatVector.fromArray(S, m, from + 30 * position);
                FloatVector sumA = p1.add(p2);
                FloatVector differenceA = p1.sub(p2);
                FloatVector sumB = p3.add(p4);
                FloatVector differenceB = p3.sub(p4);
                p0.add(sumA).add(sumB).intoArray(temp, to);
                differenceB.lanewise(VectorOperators.FMA, b, differenceA.mul(a)).intoArray(temp, to + 6 * L);
                sumB.lanewise(VectorOperators.FMA, b2, sumA.mul(a2)).intoArray(temp, to + 12 * L);
                differenceB
                        .lanewise(VectorOperators.FMA, b3, differenceA.lanewise(VectorOperators.FMA, a3, p5))
                        .intoArray(temp, to + 18 * L);
            }
            for (int i = 0; i < 4; i++) {
                int from = t0 + i * 6 * L;
                int to = y0 + c + i * row;
                FloatVector p0 = FloatVector.fromArray(S, temp, from);
                FloatVector p1 = FloatVector.fromArray(S, temp, from + L);
                FloatVector p2 = FloatVector.fromArray(S, temp, from + 2 * L);
                FloatVector p3 = FloatVector.fromArray(S, temp, from + 3 * L);
                FloatVector p4 = FloatVector.fromArray(S, temp, from + 4 * L);
                FloatVector p5 = FloatVector.fromArray(S, temp, from + 5 * L);
                FloatVector sumA = p1.add(p2);
                FloatVector differenceA = p1.sub(p2);
                FloatVector sumB = p3.add(p4);
                FloatVector differenceB = p3.sub(p4);
                p0.add(sumA).add(sumB).add(start).intoArray(y, to);
                differenceB
                        .lanewise(VectorOperators.FMA, b, differenceA.mul(a))
                        .add(start)
                        .intoArray(y, to + pixel);
                sumB.lanewise(VectorOperators.FMA, b2, sumA.mul(a2)).add(start).intoArray(y, to + 2 * pixel);
                differenceB
                        .lanewise(VectorOperators.FMA, b3, differenceA.lanewise(VectorOperators.FMA, a3, p5))
                        .add(start)
                        .intoArray(y, to + 3 * pixel);
            }
        }
    }
}
