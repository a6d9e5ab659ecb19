package dev.lanewise.reference;

import java.util.Arrays;

/**
 * Normalisation along rows of {@code columns} numbers with its gradients, one number at a time. The {@code double} versions
 * say what is true, the {@code float} versions which bits.
 *
 * @param columns the length of a row
 * @param epsilon added to variances or mean squares
 * @param centered whether the mean is subtracted; otherwise rows are divided by the root of their mean square
 */
public record LayerNormalizationReference(int columns, double epsilon, boolean centered) {
    private static final int CHUNK_ROWS = 32;
    private static final int LONG = 1024;
    private static final int PIECE = 1 << 12;
    private static final int LANES_OF_LONG = 64;

    /**
     * Normalises.
     *
     * @param x the rows
     * @param weight one value for each column
     * @param bias one value for each column; null for none
     * @return y
     */
    public double[] forward(double[] x, double[] weight, double[] bias) {
        double[] y = normalized(x);
        for (int i = 0; i < y.length; i++) {
            y[i] = y[i] * weight[i % columns] + (bias == null ? 0 : bias[i % columns]);
        }
        return y;
    }

    private double[] normalized(double[] x) {
        double[] normalized = x.clone();
        for (int from = 0; from < x.length; from += columns) {
            double mean = 0;
            for (int i = from; i < from + columns && centered; i++) {
                mean += x[i] / columns;
            }
            double root = root(x, from, mean);
            for (int i = from; i < from + columns; i++) {
                normalized[i] = (x[i] - mean) / root;
            }
        }
        return normalized;
    }

    private double root(double[] x, int from, double mean) {
        double squares = 0;
        for (int i = from; i < from + columns; i++) {
            squares += (x[i] - mean) * (x[i] - mean) / columns;
        }
        return Math.sqrt(squares + epsilon);
    }

    /**
     * What the kernel's forward pass writes.
     *
     * @param y the results
     * @param statistics center, scale and offset of each row
     */
    public record FloatForward(float[] y, float[] statistics) {}

    /**
     * Normalises with the kernel's bits.
     *
     * @param x the rows
     * @param weight one value for each column
     * @param bias one value for each column; null for none
     * @return the results, and what the gradient needs
     */
    public FloatForward forward(float[] x, float[] weight, float[] bias) {
        float[] y = new float[x.length];
        float[] statistics = new float[3 * rows(x.length)];
        for (int row = 0; row < rows(x.length); row++) {
            float[] s = statistics(Arrays.copyOfRange(x, row * columns, (row + 1) * columns));
            System.arraycopy(s, 0, statistics, 3 * row, 3);
            for (int c = 0; c < columns; c++) {
                float n = Math.fma(x[row * columns + c] - s[0], s[1], s[2]);
                y[row * columns + c] = Math.fma(n, weight[c], bias == null ? 0f : bias[c]);
            }
        }
        return new FloatForward(y, statistics);
    }

    private float[] statistics(float[] row) {
        double share = 1.0 / columns;
        float center = centered ? (float) (sum(row) * share) : 0f;
        float[] d = new float[columns];
        for (int c = 0; c < columns; c++) {
            d[c] = row[c] - center;
        }
        double mean = centered ? sum(d) * share : 0;
        double variance = Math.max(0, dot(d, d) * share - mean * mean);
        double scale = 1 / Math.sqrt(variance + epsilon);
        return new float[] {center, (float) scale, (float) (-mean * scale)};
    }

    /**
     * Computes the gradients.
     *
     * @param x the rows of the forward pass
     * @param weight one value for each column
     * @param dy the gradients of the results
     * @param startWeight what the gradient of the weights is added to
     * @param startBias what the gradient of the biases is added to
     * @return the gradients
     */
    public NormalizationGradients gradient(
            double[] x, double[] weight, double[] dy, double[] startWeight, double[] startBias) {
        double[] normalized = normalized(x);
        double[] dx = new double[x.length];
        double[] dweight = startWeight.clone();
        double[] dbias = startBias.clone();
        for (int from = 0; from < x.length; from += columns) {
            double mean = 0;
            double level = 0;
            double slope = 0;
            for (int c = 0; c < columns; c++) {
                double g = dy[from + c] * weight[c];
                mean += centered ? x[from + c] / columns : 0;
                level += centered ? g / columns : 0;
                slope += g * normalized[from + c] / columns;
                dweight[c] += dy[from + c] * normalized[from + c];
                dbias[c] += dy[from + c];
            }
            double root = root(x, from, mean);
            for (int c = 0; c < columns; c++) {
                dx[from + c] = (dy[from + c] * weight[c] - level - normalized[from + c] * slope) / root;
            }
        }
        return new NormalizationGradients(dx, dweight, dbias);
    }

    /**
     * Computes the gradients with the kernel's bits.
     *
     * @param x the rows of the forward pass
     * @param statistics what the forward pass wrote
     * @param weight one value for each column
     * @param dy the gradients of the results
     * @param startWeight what the gradient of the weights is added to
     * @param startBias what the gradient of the biases is added to
     * @return the gradients
     */
    public NormalizationGradients.Floats gradient(
            float[] x, float[] statistics, float[] weight, float[] dy, float[] startWeight, float[] startBias) {
        int rows = rows(x.length);
        double share = 1.0 / columns;
        float[] dx = new float[x.length];
        float[] normalized = new float[x.length];
        for (int row = 0; row < rows; row++) {
            float[] g = new float[columns];
            float[] n = new float[columns];
            for (int c = 0; c < columns; c++) {
                int i = row * columns + c;
                g[c] = dy[i] * weight[c];
                n[c] = Math.fma(x[i] - statistics[3 * row], statistics[3 * row + 1], statistics[3 * row + 2]);
            }
            float level = centered ? (float) (sum(g) * share) : 0f;
            float slope = (float) (dot(g, n) * share);
            for (int c = 0; c < columns; c++) {
                dx[row * columns + c] = Math.fma(n[c], -slope, g[c] - level) * statistics[3 * row + 1];
                normalized[row * columns + c] = n[c];
            }
        }
        float[] dweight = startWeight.clone();
        float[] dbias = startBias.clone();
        for (int c = 0; c < columns && rows > 0; c++) {
            float[] column = column(dy, c);
            dweight[c] = (float) (dweight[c] + ChannelMoments.dot(column, column(normalized, c), CHUNK_ROWS));
            dbias[c] = (float) (dbias[c] + ChannelMoments.sum(column, CHUNK_ROWS));
        }
        return new NormalizationGradients.Floats(dx, dweight, dbias);
    }

    private int rows(int elements) {
        return columns == 0 ? 0 : elements / columns;
    }

    private float[] column(float[] x, int column) {
        float[] values = new float[x.length / columns];
        for (int row = 0; row < values.length; row++) {
            values[row] = x[row * columns + column];
        }
        return values;
    }

    private static double sum(float[] terms) {
        if (terms.length < LONG) {
            return LaneSums.sum(terms, 0, terms.length);
        }
        double total = 0;
        for (int from = 0; from < terms.length; from += PIECE) {
            total += LaneSums.sum(terms, from, Math.min(terms.length, from + PIECE), LANES_OF_LONG);
        }
        return total;
    }

    private static double dot(float[] a, float[] b) {
        if (a.length < LONG) {
            return LaneSums.dot(a, b, 0, a.length);
        }
        double total = 0;
        for (int from = 0; from < a.length; from += PIECE) {
            total += LaneSums.dot(a, b, from, Math.min(a.length, from + PIECE), LANES_OF_LONG);
        }
        return total;
    }
}
