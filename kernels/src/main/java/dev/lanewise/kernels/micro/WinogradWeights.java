package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transforms filters of F(4x4, 3x3), along output channels: {@code U = G w G^T}, 3x3 weights to 36 positions.
 *
 * <pre>
 *   u0 = 256/225 w0
 *   u1, u2 = -2048/2975 ((w0 + 25/64 w2) +- 5/8 w1)
 *   u3, u4 = 128/1071 ((w0 + 9/4 w2) +- 3/2 w1)
 *   u5 = w2
 * </pre>
 *
 * <p>where the products within the parentheses are fused with the sums; first down each column, then along each row.
 */
public final class WinogradWeights {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = S.length();

    private WinogradWeights() {}

    /**
     * Transforms a vector's output channels of some input channels.
     *
     * @param rows how many input channels
     * @param w holds the weights
     * @param w0 where the first one is
     * @param wRow from input channel to input channel
     * @param tap from weight to weight of a filter; they follow each other row by row
     * @param temp 18 vectors
     * @param t0 where they start
     * @param u receives the positions, row by row
     * @param u0 where the first one goes
     * @param uRow from input channel to input channel
     * @param position from position to position
     */
    public static void run(
            int rows,
            float[] w,
            int w0,
            int wRow,
            int tap,
            float[] temp,
            int t0,
            float[] u,
            int u0,
            int uRow,
            int position) {
        FloatVector a = FloatVector.broadcast(S, WinogradPoints.A);
        FloatVector b = FloatVector.broadcast(S, WinogradPoints.B);
        FloatVector minusA = FloatVector.broadcast(S, -WinogradPoints.A);
        FloatVector minusB = FloatVector.broadcast(S, -WinogradPoints.B);
        FloatVector a2 = FloatVector.broadcast(S, WinogradPoints.A2);
        FloatVector b2 = FloatVector.broadcast(S, WinogradPoints.B2);
        FloatVector scale0 = FloatVector.broadcast(S, WinogradPoints.SCALE_0);
        FloatVector scaleA = FloatVector.broadcast(S, WinogradPoints.SCALE_A);
        FloatVector scaleB = FloatVector.broadcast(S, WinogradPoints.SCALE_B);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < 3; j++) {
                int from = w0 + r * wRow + j * tap;
                int to = t0 + j * L;
                FloatVector g0 = FloatVector.fromArray(S, w, from);
                FloatVector g1 = FloatVector.fromArray(S, w, from + 3 * tap);
                FloatVector g2 = FloatVector.fromArray(S, w, from + 6 * tap);
                FloatVector evenA = g2.lanewise(VectorOperators.FMA, a2, g0);
                FloatVector evenB = g2.lanewise(VectorOperators.FMA, b2, g0);
                g0.mul(scale0).intoArray(temp, to);
                g1.lanewise(VectorOperators.FMA, a, evenA).mul(scaleA).intoArray(temp, to + 3 * L);
                g1.lanewise(VectorOperators.FMA, minusA, evenA).mul(scaleA).intoArray(temp, to + 6 * L);
                g1.lanewise(VectorOperators.FMA, b, evenB).mul(scaleB).intoArray(temp, to + 9 * L);
                g1.lanewise(VectorOperators.FMA, minusB, evenB).mul(scaleB).intoArray(temp, to + 12 * L);
                g2.intoArray(temp, to + 15 * L);
            }
            for (int i = 0; i < 6; i++) {
                int from = t0 + i * 3 * L;
                int to = u0 + r * uRow + i * 6 * position;
                FloatVector g0 = FloatVector.fromArray(S, temp, from);
                FloatVector g1 = FloatVector.fromArray(S, temp, from + L);
                FloatVector g2 = FloatVector.fromArray(S, temp, from + 2 * L);
                FloatVector evenA = g2.lanewise(VectorOperators.FMA, a2, g0);
                FloatVector evenB = g2.lanewise(VectorOperators.FMA, b2, g0);
                g0.mul(scale0).intoArray(u, to);
                g1.lanewise(VectorOperators.FMA, a, evenA).mul(scaleA).intoArray(u, to + position);
                g1.lanewise(VectorOperators.FMA, minusA, evenA).mul(scaleA).intoArray(u, to + 2 * position);
                g1.lanewise(VectorOperators.FMA, b, evenB).mul(scaleB).intoArray(u, to + 3 * position);
                g1.lanewise(VectorOperators.FMA, minusB, evenB).mul(scaleB).intoArray(u, to + 4 * position);
                g2.intoArray(u, to + 5 * position);
            }
        }
    }
}
