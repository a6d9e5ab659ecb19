package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of the weight gradient by F(4x4, 3x3), which are those of the forward pass transposed: {@code A dy A^T} of
 * each tile, and {@code G^T M G} of their sums.
 *
 * <pre>
 *   z0 = y0                                                      w0 = (256/225 m0 + s) + t
 *   z1, z2 = (y0 + 25/64 y2) +- (125/512 y3 + 5/8 y1)            w1 = 3/2 q + 5/8 d
 *   z3, z4 = (y0 + 9/4 y2) +- (27/8 y3 + 3/2 y1)                 w2 = 9/4 t + (25/64 s + m5)
 *   z5 = y3
 *   s, d = -2048/2975 (m1 +- m2)     t, q = 128/1071 (m3 +- m4)
 * </pre>
 *
 * <p>where a product is fused with a sum unless the sum's other term is a product written after it, or it is a scale's; first
 * down each column, then along each row.
 */
public final class WinogradGradients {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private WinogradGradients() {}

    /**
     * Transforms the gradient of one tile's results. The last vector is moved to the left until it ends with the last channel.
     *
     * @param channels its channels, at least a vector's
     * @param y holds 4x4 pixels
     * @param y0 where the first one is
     * @param row from row to row of pixels
     * @param pixel from pixel to pixel of a row
     * @param temp 24 vectors
     * @param t0 where they start
     * @param z receives the 36 positions, row by row
     * @param z0 where the first one goes
     * @param position from position to position
     */
    public static void results(
            int channels,
            float[] y,
            int y0,
            int row,
            int pixel,
            float[] temp,
            int t0,
            float[] z,
            int z0,
            int position) {
        FloatVector a = FloatVector.broadcast(S, WinogradPoints.A);
        FloatVector b = FloatVector.broadcast(S, WinogradPoints.B);
        FloatVector a2 = FloatVector.broadcast(S, WinogradPoints.A2);
        FloatVector b2 = FloatVector.broadcast(S, WinogradPoints.B2);
        FloatVector a3 = FloatVector.broadcast(S, WinogradPoints.A3);
        FloatVector b3 = FloatVector.broadcast(S, WinogradPoints.B3);
        for (int done = 0; done < channels; done += L) {
            int c = Math.min(done, channels - L);
            for (int j = 0; j < 4; j++) {
                int from = y0 + c + j * pixel;
                int to = t0 + j * L;
                FloatVector p0 = FloatVector.fromArray(S, y, from);
                FloatVector p1 = FloatVector.fromArray(S, y, from + row);
                FloatVector p2 = FloatVector.fromArray(S, y, from + 2 * row);
                FloatVector p3 = FloatVector.fromArray(S, y, from + 3 * row);
                FloatVector even = p2.lanewise(VectorOperators.FMA, a2, p0);
                FloatVector odd = p3.lanewise(VectorOperators.FMA, a3, p1.mul(a));
                p0.intoArray(temp, to);
                even.add(odd).intoArray(temp, to + 4 * L);
                even.sub(odd).intoArray(temp, to + 8 * L);
                even = p2.lanewise(VectorOperators.FMA, b2, p0);
                odd = p3.lanewise(VectorOperators.FMA, b3, p1.mul(b));
                even.add(odd).intoArray(temp, to + 12 * L);
                even.sub(odd).intoArray(temp, to + 16 * L);
                p3.intoArray(temp, to + 20 * L);
            }
            for (int i = 0; i < 6; i++) {
                int from = t0 + i * 4 * L;
                int to = z0 + c + i * 6 * position;
                FloatVector p0 = FloatVector.fromArray(S, temp, from);
                FloatVector p1 = FloatVector.fromArray(S, temp, from + L);
                FloatVector p2 = FloatVector.fromArray(S, temp, from + 2 * L);
                FloatVector p3 = FloatVector.fromArray(S, temp, from + 3 * L);
                FloatVector even = p2.lanewise(VectorOperators.FMA, a2, p0);
                FloatVector odd = p3.lanewise(VectorOperators.FMA, a3, p1.mul(a));
                p0.intoArray(z, to);
                even.add(odd).intoArray(z, to + position);
                even.sub(odd).intoArray(z, to + 2 * position);
                even = p2.lanewise(VectorOperators.FMA, b2, p0);
                odd = p3.lanewise(VectorOperators.FMA, b3, p1.mul(b));
                even.add(odd).intoArray(z, to + 3 * position);
                even.sub(odd).intoArray(z, to + 4 * position);
                p3.intoArray(z, to + 5 * position);
            }
        }
    }

    /**
     * Transforms sums to weights and adds them to the gradient. Whole vectors of sums are read, up to a vector less one more
     * than there are.
     *
     * @param count how many filters
     * @param m holds the positions, row by row
     * @param m0 where the first one is; filters follow each other
     * @param position from position to position
     * @param temp 27 vectors
     * @param t0 where they start
     * @param dw the gradient
     * @param dw0 where the first weight is; filters follow each other
     * @param tap from weight to weight of a filter; they follow each other row by row
     */
    public static void weights(
            int count, float[] m, int m0, int position, float[] temp, int t0, float[] dw, int dw0, int tap) {
        FloatVector a = FloatVector.broadcast(S, WinogradPoints.A);
        FloatVector b = FloatVector.broadcast(S, WinogradPoints.B);
        FloatVector a2 = FloatVector.broadcast(S, WinogradPoints.A2);
        FloatVector b2 = FloatVector.broadcast(S, WinogradPoints.B2);
        FloatVector scale0 = FloatVector.broadcast(S, WinogradPoints.SCALE_0);
        FloatVector scaleA = FloatVector.broadcast(S, WinogradPoints.SCALE_A);
        FloatVector scaleB = FloatVector.broadcast(S, WinogradPoints.SCALE_B);
        for (int f = 0; f < count; f += L) {
            for (int j = 0; j < 6; j++) {
                int from = m0 + f + j * position;
                int to = t0 + j * L;
                FloatVector p0 = FloatVector.fromArray(S, m, from);
                FloatVector p1 = FloatVector.fromArray(S, m, from + 6 * position);
                FloatVector p2 = FloatVector.fromArray(S, m, from + 12 * position);
                FloatVector p3 = FloatVector.fromArray(S, m, from + 18 * position);
                FloatVector p4 = FloatVector.fromArray(S, m, from + 24 * position);
                FloatVector p5 = FloatVector.fromArray(S, m, from + 30 * position);
                FloatVector sumA = p1.add(p2).mul(scaleA);
                FloatVector differenceA = p1.sub(p2).mul(scaleA);
                FloatVector sumB = p3.add(p4).mul(scaleB);
                FloatVector differenceB = p3.sub(p4).mul(scaleB);
                p0.lanewise(VectorOperators.FMA, scale0, sumA).add(sumB).intoArray(temp, to);
                differenceB.lanewise(VectorOperators.FMA, b, differenceA.mul(a)).intoArray(temp, to + 6 * L);
                sumB.lanewise(VectorOperators.FMA, b2, sumA.lanewise(VectorOperators.FMA, a2, p5))
                        .intoArray(temp, to + 12 * L);
            }
            for (int i = 0; i < 3; i++) {
                int from = t0 + i * 6 * L;
                int to = t0 + (18 + i * 3) * L;
                FloatVector p0 = FloatVector.fromArray(S, temp, from);
                FloatVector p1 = FloatVector.fromArray(S, temp, from + L);
                FloatVector p2 = FloatVector.fromArray(S, temp, from + 2 * L);
                FloatVector p3 = FloatVector.fromArray(S, temp, from + 3 * L);
                FloatVector p4 = FloatVector.fromArray(S, temp, from + 4 * L);
                FloatVector p5 = FloatVector.fromArray(S, temp, from + 5 * L);
                FloatVector sumA = p1.add(p2).mul(scaleA);
                FloatVector differenceA = p1.sub(p2).mul(scaleA);
                FloatVector sumB = p3.add(p4).mul(scaleB);
                FloatVector differenceB = p3.sub(p4).mul(scaleB);
                p0.lanewise(VectorOperators.FMA, scale0, sumA).add(sumB).intoArray(temp, to);
                differenceB.lanewise(VectorOperators.FMA, b, differenceA.mul(a)).intoArray(temp, to + L);
                sumB.lanewise(VectorOperators.FMA, b2, sumA.lanewise(VectorOperators.FMA, a2, p5))
                        .intoArray(temp, to + 2 * L);
            }
            add(temp, t0 + 18 * L, dw, dw0 + f, tap, Math.min(L, count - f));
        }
    }

    private static void add(float[] temp, int t0, float[] dw, int dw0, int tap, int count) {
        for (int k = 0; k < 9; k++) {
            int from = t0 + k * L;
            int to = dw0 + k * tap;
            if (count == L) {
                FloatVector sum = FloatVector.fromArray(S, temp, from);
                FloatVector.fromArray(S, dw, to).add(sum).intoArray(dw, to);
            } else {
                for (int i = 0; i < count; i++) {
                    dw[to + i] += temp[from + i];
                }
            }
        }
    }
}
