package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops that normalise rows whose sums are known, and their gradients.
 *
 * <p>Assumed: the rows lie within the arrays; what is written is one of the rows that are read, or shares no element with what is read.
 * Nothing outside is read or written.
 */
public final class RowNormLoops {
    /** Floats for each row: center, scale, offset. */
    public static final int STATISTICS = 3;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private RowNormLoops() {}

    /**
     * Computes {@code y = fma(x scale, weight, +0)}, the bits of {@link #apply} with a center of 0, an offset of -0 and a bias of
     * +0.
     *
     * @param x the rows, one behind the other
     * @param x0 index of the first element
     * @param rows how many rows
     * @param size the length of a row
     * @param s holds center, scale and offset of each row
     * @param s0 index of the first center
     * @param weight one value for each element of a row
     * @param weight0 index of the first
     * @param y receives the results
     * @param y0 index of the first
     */
    public static void applyScale(
            float[] x, int x0, int rows, int size, float[] s, int s0, float[] weight, int weight0, float[] y, int y0) {
        FloatVector zero = FloatVector.zero(S);
        int whole = S.loopBound(size);
        for (int row = 0; row < rows; row++, x0 += size, y0 += size) {
            float scale = s[s0 + row * STATISTICS + 1];
            for (int i = 0; i < whole; i += S.length()) {
                FloatVector n = FloatVector.fromArray(S, x, x0 + i).mul(scale);
                n.fma(FloatVector.fromArray(S, weight, weight0 + i), zero).intoArray(y, y0 + i);
            }
            if (whole < size) {
                VectorMask<Float> rest = S.indexInRange(whole, size);
                FloatVector n = FloatVector.fromArray(S, x, x0 + whole, rest).mul(scale);
                n.fma(FloatVector.fromArray(S, weight, weight0 + whole, rest), zero)
                        .intoArray(y, y0 + whole, rest);
            }
        }
    }

    /**
     * Computes {@code y = fma(fma(x - center, scale, offset), weight, bias)}.
     *
     * @param x the rows, one behind the other
     * @param x0 index of the first element
     * @param rows how many rows
     * @param size the length of a row
     * @param s holds center, scale and offset of each row
     * @param s0 index of the first center
     * @param weight one value for each element of a row
     * @param weight0 index of the first
     * @param bias one value for each element of a row
     * @param bias0 index of the first
     * @param y receives the results
     * @param y0 index of the first
     */
    public static void apply(
            float[] x,
            int x0,
            int rows,
            int size,
            float[] s,
            int s0,
            float[] weight,
            int weight0,
            float[] bias,
            int bias0,
            float[] y,
            int y0) {
        int whole = S.loopBound(size);
        for (int row = 0; row < rows; row++, x0 += size, y0 += size, s0 += STATISTICS) {
            float center = s[s0];
            FloatVector scale = FloatVector.broadcast(S, s[s0 + 1]);
            FloatVector offset = FloatVector.broadcast(S, s[s0 + 2]);
            for (int i = 0; i < whole; i += S.length()) {
                FloatVector n = FloatVector.fromArray(S, x, x0 + i).sub(center).fma(scale, offset);
                FloatVector b = FloatVector.fromArray(S, bias, bias0 + i);
                n.fma(FloatVector.fromArray(S, weight, weight0 + i), b).intoArray(y, y0 + i);
            }
            if (whole < size) {
                VectorMask<Float> rest = S.indexInRange(whole, size);
                FloatVector n = FloatVector.fromArray(S, x, x0 + whole, rest)
                        .sub(center)
                        .fma(scale, offset);
                FloatVector b = FloatVector.fromArray(S, bias, bias0 + whole, rest);
                n.fma(FloatVector.fromArray(S, weight, weight0 + whole, rest), b)
                        .intoArray(y, y0 + whole, rest);
            }
        }
    }

    /**
     * Computes {@code dx = fma(n, -slope, g - level) scale} with {@code g = dy weight}, {@code n = fma(x - center, scale, offset)} and the means of g and
     * g n along the row as level and slope; and adds the rows' part of
     * the gradients of weight and bias: {@code dweight = fma(dy, n, dweight)}, {@code dbias += dy}, rows in ascending order.
     *
     * @param x the rows of the forward pass, one behind the other
     * @param x0 index of the first element
     * @param dy the gradients of the results
     * @param dy0 index of the first
     * @param rows how many rows
     * @param size the length of a row
     * @param s holds center, scale and offset of each row
     * @param s0 index of the first center
     * @param weight one value for each element of a row
     * @param weight0 index of the first
     * @param means holds the level of each row, {@link VirtualLanes#COUNT} floats apart, and from
     *     {@link ShortRowSums#SECOND} on the slopes
     * @param means0 index of the first level
     * @param dx receives the gradients of the inputs
     * @param dx0 index of the first
     * @param sums added to: dweight, and behind it dbias
     * @param sums0 index of the first
     */
    public static void gradient(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            int size,
            float[] s,
            int s0,
            float[] weight,
            int weight0,
            float[] means,
            int means0,
            float[] dx,
            int dx0,
            float[] sums,
            int sums0) {
        int whole = S.loopBound(size);
        for (int row = 0; row < rows; row++, x0 += size, dy0 += size, dx0 += size, s0 += STATISTICS) {
            float center = s[s0];
            FloatVector scale = FloatVector.broadcast(S, s[s0 + 1]);
            FloatVector offset = FloatVector.broadcast(S, s[s0 + 2]);
            float level = means[means0 + row * VirtualLanes.COUNT];
            FloatVector back =
                    FloatVector.broadcast(S, -means[means0 + ShortRowSums.SECOND + row * VirtualLanes.COUNT]);
            for (int i = 0; i < whole; i += S.length()) {
                FloatVector e = FloatVector.fromArray(S, dy, dy0 + i);
                FloatVector n = FloatVector.fromArray(S, x, x0 + i).sub(center).fma(scale, offset);
                e.fma(n, FloatVector.fromArray(S, sums, sums0 + i)).intoArray(sums, sums0 + i);
                FloatVector.fromArray(S, sums, sums0 + size + i).add(e).intoArray(sums, sums0 + size + i);
                FloatVector g = e.mul(FloatVector.fromArray(S, weight, weight0 + i));
                n.fma(back, g.sub(level)).mul(scale).intoArray(dx, dx0 + i);
            }
            if (whole < size) {
                VectorMask<Float> rest = S.indexInRange(whole, size);
                FloatVector e = FloatVector.fromArray(S, dy, dy0 + whole, rest);
                FloatVector n = FloatVector.fromArray(S, x, x0 + whole, rest)
                        .sub(center)
                        .fma(scale, offset);
                int at = sums0 + whole;
                e.fma(n, FloatVector.fromArray(S, sums, at, rest)).intoArray(sums, at, rest);
                FloatVector.fromArray(S, sums, at + size, rest).add(e).intoArray(sums, at + size, rest);
                FloatVector g = e.mul(FloatVector.fromArray(S, weight, weight0 + whole, rest));
                n.fma(back, g.sub(level)).mul(scale).intoArray(dx, dx0 + whole, rest);
            }
        }
    }
}
