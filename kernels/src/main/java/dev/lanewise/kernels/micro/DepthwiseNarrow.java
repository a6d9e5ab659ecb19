package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The depthwise convolution of fewer channels than a vector has: vectors of which a mask hides the rest, in the order of
 * operations of {@link DepthwiseTiles}. A class of its own, so that no profile of the tiles knows of masks.
 */
final class DepthwiseNarrow {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    private DepthwiseNarrow() {}

    static void outputs(
            DepthwiseShape s,
            int fromRow,
            int toRow,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        VectorMask<Float> channels = S.indexInRange(0, s.channels());
        for (int r = fromRow; r < toRow; r++) {
            for (int p = 0; p < s.columns(); p++) {
                FloatVector out = FloatVector.fromArray(S, start, start0, channels);
                for (int j = 0; j < s.kernelRows(); j++) {
                    int row = s.firstRow() + r * s.rowStep() + j * s.rowTap();
                    int reach = row >= 0 && row < s.height() ? s.width() : 0;
                    for (int k = 0; k < s.kernelColumns(); k++) {
                        int column = s.firstColumn() + p * s.columnStep() + k * s.columnTap();
                        boolean inside = column >= 0 && column < reach;
                        int at = inside ? x0 + row * s.sourceRow() + column * s.pixel() : 0;
                        int tap = w0 + j * s.weightRow() + k * s.weightColumn();
                        for (int d = 0; d < s.depth(); d++) {
                            int deep = d * s.channels();
                            FloatVector in =
                                    FloatVector.fromArray(S, inside ? x : zeros, inside ? at + deep : 0, channels);
                            FloatVector weight = FloatVector.fromArray(S, w, tap + deep, channels);
                            out = in.lanewise(VectorOperators.FMA, weight, out);
                        }
                    }
                }
                out.intoArray(y, y0 + r * s.outputRow() + p * s.outputColumn(), channels);
            }
        }
    }

    static void weights(
            DepthwiseShape s,
            int count,
            int fromRow,
            int toRow,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] dy,
            int dy0) {
        VectorMask<Float> channels = S.indexInRange(0, count);
        for (int j = 0; j < s.kernelRows(); j++) {
            for (int k = 0; k < s.kernelColumns(); k++) {
                int tap = w0 + j * s.weightRow() + k * s.weightColumn();
                FloatVector sum = FloatVector.fromArray(S, w, tap, channels);
                for (int r = fromRow; r < toRow; r++) {
                    int row = s.firstRow() + r * s.rowStep() + j * s.rowTap();
                    int reach = row >= 0 && row < s.height() ? s.width() : 0;
                    for (int p = 0; p < s.columns(); p++) {
                        int column = s.firstColumn() + p * s.columnStep() + k * s.columnTap();
                        boolean inside = column >= 0 && column < reach;
                        int at = inside ? x0 + row * s.sourceRow() + column * s.pixel() : 0;
                        FloatVector in = FloatVector.fromArray(S, inside ? x : zeros, at, channels);
                        int from = dy0 + r * s.outputRow() + p * s.outputColumn();
                        FloatVector gradient = FloatVector.fromArray(S, dy, from, channels);
                        sum = in.lanewise(VectorOperators.FMA, gradient, sum);
                    }
                }
                sum.intoArray(w, tap, channels);
            }
        }
    }
}
