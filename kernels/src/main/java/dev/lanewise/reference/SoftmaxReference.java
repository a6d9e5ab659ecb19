package dev.lanewise.reference;

/**
 * Softmax along rows and the cross-entropy on it, one number at a time. The {@code double} versions say what is true, the
 * {@code float} versions which bits.
 *
 * @param rows the number of rows
 * @param columns their length
 */
public record SoftmaxReference(int rows, int columns) {
    /**
     * Computes {@code y(j) = exp(x(j)) / sum over k of exp(x(k))} in each row.
     *
     * @param x the inputs, row-major
     * @return y
     */
    public double[] forward(double[] x) {
        double[] y = new double[x.length];
        for (int row = 0; row < rows; row++) {
            double max = max(x, row);
            double sum = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                y[i] = StrictMath.exp(x[i] - max);
                sum += y[i];
            }
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                y[i] /= sum;
            }
        }
        return y;
    }

    /**
     * Computes the softmax with the kernel's bits: {@code e * (1 / sum of e)}, {@code e = exp(x - max)}, the sum over 16
     * virtual lanes.
     *
     * @param x the inputs, row-major
     * @return y
     */
    public float[] forward(float[] x) {
        float[] y = exponentials(x);
        for (int row = 0; row < rows; row++) {
            float factor = 1f / sum(y, row);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                y[i] *= factor;
            }
        }
        return y;
    }

    /**
     * Computes the softmax of {@code x + mask}; 0 in rows that are -infinity throughout.
     *
     * @param x the inputs, row-major
     * @param mask one for each input; where it is -infinity, the input is left out
     * @return y
     */
    public double[] forward(double[] x, double[] mask) {
        double[] z = masked(x, mask);
        double[] y = forward(z);
        for (int i = 0; i < y.length; i++) {
            y[i] = isLeftOut(z, i / columns) ? 0 : y[i];
        }
        return y;
    }

    /**
     * Computes the softmax of {@code x + mask} with the kernel's bits.
     *
     * @param x the inputs, row-major
     * @param mask one for each input
     * @return y
     */
    public float[] forward(float[] x, float[] mask) {
        float[] z = masked(x, mask);
        float[] y = forward(z);
        for (int i = 0; i < y.length; i++) {
            y[i] = isLeftOut(z, i / columns) ? 0 : y[i];
        }
        return y;
    }

    /**
     * Computes {@code dx(j) = y(j) (dy(j) - sum over k of dy(k) y(k))} in each row.
     *
     * @param y the results of the forward pass
     * @param dy their gradient
     * @return dx
     */
    public double[] gradient(double[] y, double[] dy) {
        double[] dx = new double[y.length];
        for (int row = 0; row < rows; row++) {
            double dot = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                dot += dy[i] * y[i];
            }
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                dx[i] = y[i] * (dy[i] - dot);
            }
        }
        return dx;
    }

    /**
     * Computes the gradient with the kernel's bits: the sum by fused multiply-adds over 16 virtual lanes.
     *
     * @param y the results of the forward pass
     * @param dy their gradient
     * @return dx
     */
    public float[] gradient(float[] y, float[] dy) {
        float[] dx = new float[y.length];
        for (int row = 0; row < rows; row++) {
            float dot = LaneSums.dot(y, dy, row * columns, (row + 1) * columns);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                dx[i] = (dy[i] - dot) * y[i];
            }
        }
        return dx;
    }

    /**
     * Computes the mean over the rows of {@code log(sum over k of exp(x(k))) - x(label)}.
     *
     * @param x the logits, row-major
     * @param labels the right class of each row
     * @return the loss
     */
    public double crossEntropy(double[] x, int[] labels) {
        double total = 0;
        for (int row = 0; row < rows; row++) {
            double max = max(x, row);
            double sum = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                sum += StrictMath.exp(x[i] - max);
            }
            total += StrictMath.log(sum) + (max - x[row * columns + labels[row]]);
        }
        return total / rows;
    }

    /**
     * Computes the loss with the kernel's bits: the sum in float over 16 virtual lanes, the logarithm in double, a row's
     * loss rounded to float, the mean in double in ascending order.
     *
     * @param x the logits, row-major
     * @param labels the right class of each row
     * @return the loss
     */
    public float crossEntropy(float[] x, int[] labels) {
        float[] e = exponentials(x);
        double total = 0;
        for (int row = 0; row < rows; row++) {
            double margin = (double) max(x, row) - x[row * columns + labels[row]];
            total += (float) (StrictMath.log(sum(e, row)) + margin);
        }
        return (float) (total / rows);
    }

    /**
     * Computes the gradient of {@link #crossEntropy(double[], int[])}: {@code (softmax(x)(j) - (j == label ? 1 : 0)) /
     * rows}.
     *
     * @param x the logits, row-major
     * @param labels the right class of each row
     * @return the gradient
     */
    public double[] crossEntropyGradient(double[] x, int[] labels) {
        double[] gradient = forward(x);
        for (int row = 0; row < rows; row++) {
            gradient[row * columns + labels[row]] -= 1;
        }
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= rows;
        }
        return gradient;
    }

    /**
     * Computes the gradient with the kernel's bits: {@code e * s} with {@code s = 1 / sum * (1 / rows)}, at the label
     * {@code fma(e, s, -1 / rows)}.
     *
     * @param x the logits, row-major
     * @param labels the right class of each row
     * @return the gradient
     */
    public float[] crossEntropyGradient(float[] x, int[] labels) {
        float[] e = exponentials(x);
        float share = 1f / rows;
        for (int row = 0; row < rows; row++) {
            float factor = 1f / sum(e, row) * share;
            int label = row * columns + labels[row];
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                e[i] = i == label ? Math.fma(e[i], factor, -share) : e[i] * factor;
            }
        }
        return e;
    }

    static double[] masked(double[] x, double[] mask) {
        double[] z = x.clone();
        for (int i = 0; i < x.length; i++) {
            z[i] = mask[i] == Double.NEGATIVE_INFINITY ? mask[i] : x[i] + mask[i];
        }
        return z;
    }

    static float[] masked(float[] x, float[] mask) {
        float[] z = x.clone();
        for (int i = 0; i < x.length; i++) {
            z[i] = FloatLosses.masked(x[i], mask[i]);
        }
        return z;
    }

    /** Whether a row is -infinity throughout. */
    boolean isLeftOut(double[] x, int row) {
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            if (x[i] != Double.NEGATIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }

    /** Whether a row is -infinity throughout. */
    boolean isLeftOut(float[] x, int row) {
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            if (x[i] != Float.NEGATIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }

    float[] exponentials(float[] x) {
        float[] e = new float[x.length];
        for (int row = 0; row < rows; row++) {
            float max = max(x, row);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                e[i] = FloatExponentials.exp(x[i] - max);
            }
        }
        return e;
    }

    float sum(float[] e, int row) {
        return LaneSums.sum(e, row * columns, (row + 1) * columns);
    }

    float max(float[] x, int row) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            max = x[i] > max ? x[i] : max;
        }
        return max;
    }

    double max(double[] x, int row) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            max = x[i] > max ? x[i] : max;
        }
        return max;
    }
}
