package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.LongRowSums;
import dev.lanewise.kernels.micro.RowNormLoops;
import dev.lanewise.kernels.micro.ShortRowSums;
import dev.lanewise.kernels.micro.VirtualLanes;
import dev.lanewise.tensor.Tensor;

/**
 * The means along rows from which these are normalised, and their gradients computed. {@link LayerNormalization} says what they are, and in which order they are
 * summed.
 *
 * @param centered whether the mean of a row is subtracted
 * @param epsilon added to variances or mean squares
 * @param columns the length of a row
 */
record RowMeans(boolean centered, double epsilon, int columns) {
    /** Floats of scratch. */
    static final int SCRATCH = ShortRowSums.SCRATCH;

    /** Elements of a long row that are summed in float. */
    private static final int PIECE = 1 << 12;

    /** Elements of short rows that are taken at once: they stay in a first-level cache while they are read three times. */
    private static final int BLOCK = 1 << 12;

    /** How many rows are taken at once. */
    int together() {
        if (columns >= LongRowSums.LEAST) {
            return 1;
        }
        return Math.clamp(BLOCK / columns / 4 * 4, 4, ShortRowSums.ROWS);
    }

    /** Writes center, scale and offset of rows that lie one behind the other, up to {@link #together} of them. */
    void statistics(float[] x, int x0, int rows, float[] s, int s0, float[] scratch, int scratch0) {
        if (columns >= LongRowSums.LEAST) {
            ofLongRow(x, x0, s, s0, scratch, scratch0);
        } else {
            ofShortRows(x, x0, rows, s, s0, scratch, scratch0);
        }
    }

    private void ofShortRows(float[] x, int x0, int rows, float[] s, int s0, float[] scratch, int scratch0) {
        int shifts = scratch0 + ShortRowSums.SHIFTS;
        double share = 1.0 / columns;
        if (centered) {
            ShortRowSums.sums(x, x0, rows, columns, scratch, scratch0);
            for (int row = 0; row < rows; row++) {
                scratch[shifts + row] = (float) (scratch[scratch0 + row * VirtualLanes.COUNT] * share);
            }
            ShortRowSums.deviations(x, x0, rows, columns, scratch, scratch0);
        } else {
            ShortRowSums.squares(x, x0, rows, columns, scratch, scratch0);
        }
        for (int row = 0; row < rows; row++) {
            int at = scratch0 + row * VirtualLanes.COUNT;
            float center = centered ? scratch[shifts + row] : 0;
            float deviations = centered ? scratch[at] : 0;
            write(center, deviations, scratch[at + ShortRowSums.SECOND], s, s0 + row * RowNormLoops.STATISTICS);
        }
    }

    private void ofLongRow(float[] x, int x0, float[] s, int s0, float[] scratch, int scratch0) {
        float center = centered ? (float) (sum(x, x0, scratch, scratch0) * (1.0 / columns)) : 0;
        double deviations = 0;
        double squares = 0;
        for (int i = 0; i < columns; i += PIECE) {
            int size = Math.min(PIECE, columns - i);
            if (centered) {
                LongRowSums.deviations(x, x0 + i, size, center, scratch, scratch0);
                deviations += scratch[scratch0];
                squares += scratch[scratch0 + VirtualLanes.COUNT];
            } else {
                squares += LongRowSums.squares(x, x0 + i, size, scratch, scratch0);
            }
        }
        write(center, deviations, squares, s, s0);
    }

    private double sum(float[] x, int x0, float[] scratch, int scratch0) {
        double total = 0;
        for (int i = 0; i < columns; i += PIECE) {
            total += LongRowSums.sum(x, x0 + i, Math.min(PIECE, columns - i), scratch, scratch0);
        }
        return total;
    }

    private void write(float center, double deviations, double squares, float[] s, int s0) {
        double share = 1.0 / columns;
        double mean = deviations * share;
        double variance = squares * share - mean * mean;
        // Math.max takes longer. A variance that is no number stays none.
        double scale = 1 / Math.sqrt((variance < 0 ? 0 : variance) + epsilon);
        s[s0] = center;
        s[s0 + 1] = (float) scale;
        s[s0 + 2] = (float) (-mean * scale);
    }

    /**
     * Computes the means of g and of g n of rows that lie one behind the other, up to {@link #together} of them, and leaves them where {@link RowNormLoops#gradient}
     * reads them, at the beginning of scratch.
     */
    void ofGradient(
            float[] x,
            int x0,
            float[] dy,
            int dy0,
            int rows,
            float[] s,
            int s0,
            Tensor weight,
            float[] scratch,
            int scratch0) {
        if (columns >= LongRowSums.LEAST) {
            ofLongGradient(x, x0, dy, dy0, s, s0, weight, scratch, scratch0);
            return;
        }
        float[] w = weight.array();
        ShortRowSums.gradientSums(x, x0, dy, dy0, rows, columns, s, s0, w, weight.offset(), scratch, scratch0);
        for (int row = 0; row < rows; row++) {
            int at = scratch0 + row * VirtualLanes.COUNT;
            writeMeans(scratch[at], scratch[at + ShortRowSums.SECOND], scratch, at);
        }
    }

    private void ofLongGradient(
            float[] x, int x0, float[] dy, int dy0, float[] s, int s0, Tensor weight, float[] scratch, int scratch0) {
        float[] w = weight.array();
        double gradients = 0;
        double products = 0;
        for (int i = 0; i < columns; i += PIECE) {
            int size = Math.min(PIECE, columns - i);
            int w0 = weight.offset() + i;
            LongRowSums.gradientSums(x, x0 + i, dy, dy0 + i, size, s, s0, w, w0, scratch, scratch0);
            gradients += scratch[scratch0];
            products += scratch[scratch0 + VirtualLanes.COUNT];
        }
        writeMeans(gradients, products, scratch, scratch0);
    }

    private void writeMeans(double gradients, double products, float[] means, int at) {
        double share = 1.0 / columns;
        means[at] = centered ? (float) (gradients * share) : 0;
        means[at + ShortRowSums.SECOND] = (float) (products * share);
    }
}
