package dev.lanewise.kernels.micro;

import dev.lanewise.runtime.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the depthwise convolution for kernels, strides and dilations that no tile is generated for, in the order of
 * operations of {@link DepthwiseTiles}: four outputs, or four taps, at a time. Of fewer, the last one is taken as often as
 * there are too few, to the same bits.
 *
 * <p>Assumed: at least a vector of channels. The last vector is moved left to end with the last channel.
 */
final class DepthwiseAny {
    /** Outputs computed at a time: as many chains of multiply-adds. */
    static final int PIXELS = 4;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int L = Lanes.LENGTH;

    private DepthwiseAny() {}

    /** Computes outputs {@code p} to {@code p + 3} of a row; {@code row} is the source row of its first row of taps. */
    static void outputs(
            DepthwiseShape s,
            int channels,
            int row,
            int p,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] start,
            int start0,
            float[] y,
            int y0) {
        int last = s.columns() - 1;
        int p1 = Math.min(p + 1, last);
        int p2 = Math.min(p + 2, last);
        int p3 = Math.min(p + 3, last);
        int pixel = s.pixel();
        int width = s.width();
        int step = s.columnStep();
        for (int next = 0; next < channels; next += L) {
            int c = Math.min(next, channels - L);
            FloatVector out0 = FloatVector.fromArray(S, start, start0 + c);
            FloatVector out1 = out0;
            FloatVector out2 = out0;
            FloatVector out3 = out0;
            for (int j = 0; j < s.kernelRows(); j++) {
                int sourceRow = row + j * s.rowTap();
                int reach = sourceRow >= 0 && sourceRow < s.height() ? width : 0;
                int at = x0 + sourceRow * s.sourceRow() + c;
                for (int k = 0; k < s.kernelColumns(); k++) {
                    int column = s.firstColumn() + k * s.columnTap();
                    int c0 = column + p * step;
                    int c1 = column + p1 * step;
                    int c2 = column + p2 * step;
                    int c3 = column + p3 * step;
                    boolean in0 = c0 >= 0 && c0 < reach;
                    boolean in1 = c1 >= 0 && c1 < reach;
                    boolean in2 = c2 >= 0 && c2 < reach;
                    boolean in3 = c3 >= 0 && c3 < reach;
                    for (int d = 0; d < s.depth(); d++) {
                        int deep = d * s.channels();
                        int tap = w0 + j * s.weightRow() + k * s.weightColumn() + deep + c;
                        FloatVector weight = FloatVector.fromArray(S, w, tap);
                        FloatVector x0V = FloatVector.fromArray(S, in0 ? x : zeros, in0 ? at + c0 * pixel + deep : c);
                        FloatVector x1V = FloatVector.fromArray(S, in1 ? x : zeros, in1 ? at + c1 * pixel + deep : c);
                        FloatVector x2V = FloatVector.fromArray(S, in2 ? x : zeros, in2 ? at + c2 * pixel + deep : c);
                        FloatVector x3V = FloatVector.fromArray(S, in3 ? x : zeros, in3 ? at + c3 * pixel + deep : c);
                        out0 = x0V.lanewise(VectorOperators.FMA, weight, out0);
                        out1 = x1V.lanewise(VectorOperators.FMA, weight, out1);
                        out2 = x2V.lanewise(VectorOperators.FMA, weight, out2);
                        out3 = x3V.lanewise(VectorOperators.FMA, weight, out3);
                    }
                }
            }
            out0.intoArray(y, y0 + p * s.outputColumn() + c);
            out1.intoArray(y, y0 + p1 * s.outputColumn() + c);
            out2.intoArray(y, y0 + p2 * s.outputColumn() + c);
            out3.intoArray(y, y0 + p3 * s.outputColumn() + c);
        }
    }

    /** Adds to the weights what outputs from {@code first} to the end of a row give. */
    static void weights(
            DepthwiseShape s,
            int channels,
            int row,
            int first,
            float[] x,
            int x0,
            float[] zeros,
            float[] w,
            int w0,
            float[] dy,
            int dy0) {
        int last = s.kernelColumns() - 1;
        int pixel = s.pixel();
        int width = s.width();
        for (int next = 0; next < channels; next += L) {
            int c = Math.min(next, channels - L);
            for (int j = 0; j < s.kernelRows(); j++) {
                int sourceRow = row + j * s.rowTap();
                int reach = sourceRow >= 0 && sourceRow < s.height() ? width : 0;
                int at = x0 + sourceRow * s.sourceRow() + c;
                int taps = w0 + j * s.weightRow() + next;
                for (int k = 0; k <= last; k += 4) {
                    int k1 = Math.min(k + 1, last);
                    int k2 = Math.min(k + 2, last);
                    int k3 = Math.min(k + 3, last);
                    FloatVector w0V = FloatVector.fromArray(S, w, taps + k * s.weightColumn());
                    FloatVector w1V = FloatVector.fromArray(S, w, taps + k1 * s.weightColumn());
                    FloatVector w2V = FloatVector.fromArray(S, w, taps + k2 * s.weightColumn());
                    FloatVector w3V = FloatVector.fromArray(S, w, taps + k3 * s.weightColumn());
                    for (int p = first; p < s.columns(); p++) {
                        int column = s.firstColumn() + p * s.columnStep();
                        int c0 = column + k * s.columnTap();
                        int c1 = column + k1 * s.columnTap();
                        int c2 = column + k2 * s.columnTap();
                        int c3 = column + k3 * s.columnTap();
                        boolean in0 = c0 >= 0 && c0 < reach;
                        boolean in1 = c1 >= 0 && c1 < reach;
                        boolean in2 = c2 >= 0 && c2 < reach;
                        boolean in3 = c3 >= 0 && c3 < reach;
                        FloatVector g = FloatVector.fromArray(S, dy, dy0 + p * s.outputColumn() + c);
                        FloatVector x0V = FloatVector.fromArray(S, in0 ? x : zeros, in0 ? at + c0 * pixel : c);
                        FloatVector x1V = FloatVector.fromArray(S, in1 ? x : zeros, in1 ? at + c1 * pixel : c);
                        FloatVector x2V = FloatVector.fromArray(S, in2 ? x : zeros, in2 ? at + c2 * pixel : c);
                        FloatVector x3V = FloatVector.fromArray(S, in3 ? x : zeros, in3 ? at + c3 * pixel : c);
                        w0V = x0V.lanewise(VectorOperators.FMA, g, w0V);
                        w1V = x1V.lanewise(VectorOperators.FMA, g, w1V);
                        w2V = x2V.lanewise(VectorOperators.FMA, g, w2V);
                        w3V = x3V.lanewise(VectorOperators.FMA, g, w3V);
                    }
                    w0V.intoArray(w, taps + k * s.weightColumn());
                    w1V.intoArray(w, taps + k1 * s.weightColumn());
                    w2V.intoArray(w, taps + k2 * s.weightColumn());
                    w3V.intoArray(w, taps + k3 * s.weightColumn());
                }
            }
        }
    }
}
