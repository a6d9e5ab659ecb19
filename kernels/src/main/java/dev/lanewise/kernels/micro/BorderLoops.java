package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of {@link Border}: what zeros add, and its addition to the sums. */
public final class BorderLoops {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = Lanes.LENGTH;

    private BorderLoops() {}

    /**
     * Computes what a column of zeros before some rows of a matrix adds: {@code sums(j) = -0 + 0 w(0, j) + 0 w(1, j) + ...}.
     *
     * @param w holds the matrix
     * @param w0 where it starts
     * @param stride from row to row
     * @param rows its rows
     * @param columns its columns
     * @param sums receives the sums
     * @param sums0 where they start
     */
    public static void ofColumns(float[] w, int w0, int stride, int rows, int columns, float[] sums, int sums0) {
        Arrays.fill(sums, sums0, sums0 + columns, -0f);
        int whole = S.loopBound(columns);
        for (int row = 0; row < rows; row++) {
            int from = w0 + row * stride;
            for (int j = 0; j < whole; j += L) {
                FloatVector sum = FloatVector.fromArray(S, sums, sums0 + j);
                FloatVector.fromArray(S, w, from + j)
                        .fma(FloatVector.zero(S), sum)
                        .intoArray(sums, sums0 + j);
            }
            for (int j = whole; j < columns; j++) {
                sums[sums0 + j] = Math.fma(w[from + j], 0f, sums[sums0 + j]);
            }
        }
    }

    /**
     * Computes the same of a matrix that is stored by columns: {@code sums(j) = -0 + 0 w(j, 0) + 0 w(j, 1) + ...}. In which order makes no
     * difference.
     *
     * @param w holds the matrix
     * @param w0 where it starts
     * @param stride from row to row
     * @param rows its rows
     * @param columns its columns
     * @param sums receives the sums, one of each row
     * @param sums0 where they start
     */
    public static void ofRows(float[] w, int w0, int stride, int rows, int columns, float[] sums, int sums0) {
        int whole = S.loopBound(columns);
        for (int row = 0; row < rows; row++) {
            int from = w0 + row * stride;
            FloatVector lanes = FloatVector.broadcast(S, -0f);
            for (int j = 0; j < whole; j += L) {
                lanes = FloatVector.fromArray(S, w, from + j).fma(FloatVector.zero(S), lanes);
            }
            // The largest of zeros and NaN is their sum; a sum of lanes begins with +0.
            float sum = lanes.reduceLanes(VectorOperators.MAX);
            for (int j = whole; j < columns; j++) {
                sum = Math.fma(w[from + j], 0f, sum);
            }
            sums[sums0 + row] = sum;
        }
    }

    /**
     * Adds what zeros under some positions of the kernel add, to some columns of some rows.
     *
     * @param border says what they add
     * @param first the first position
     * @param end the position after the last
     * @param column the first column
     * @param columns how many
     * @param add whether these hold sums; else they begin with +0
     * @param c holds the sums
     * @param c0 where column 0 starts
     * @param targets the offset of each row
     * @param rows how many
     */
    static void add(
            Border border,
            int first,
            int end,
            int column,
            int columns,
            boolean add,
            float[] c,
            int c0,
            int[] targets,
            int rows) {
        for (int j = 0; j < columns; j += L) {
            VectorMask<Float> valid = S.indexInRange(j, columns);
            int from = border.sums0() + column + j;
            FloatVector sum = FloatVector.broadcast(S, add ? -0f : 0f);
            for (int position = first; position < end; position++) {
                sum = sum.add(FloatVector.fromArray(S, border.sums(), from + position * border.columns(), valid));
            }
            for (int i = 0; i < rows; i++) {
                int at = c0 + targets[i] + column + j;
                if (add) {
                    FloatVector.fromArray(S, c, at, valid).add(sum).intoArray(c, at, valid);
                } else {
                    sum.intoArray(c, at, valid);
                }
            }
        }
    }
}
