package dev.lanewise.reference;

/**
 * The logarithm of softmax along rows, one number at a time. The {@code double} versions say what is true, the {@code float}
 * versions which bits.
 *
 * @param rows the number of rows
 * @param columns their length
 */
public record LogSoftmaxReference(int rows, int columns) {
    /**
     * Computes {@code y(j) = x(j) - log(sum over k of exp(x(k)))} in each row.
     *
     * @param x the inputs, row-major
     * @return y
     */
    public double[] forward(double[] x) {
        double[] logarithms = new LogSumExpReference(rows, columns).forward(x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] - logarithms[i / columns];
        }
        return y;
    }

    /**
     * Computes the same of {@code x + mask}; rows that are -infinity throughout stay so.
     *
     * @param x the inputs, row-major
     * @param mask one for each input; where it is -infinity, the input is left out
     * @return y
     */
    public double[] forward(double[] x, double[] mask) {
        double[] z = SoftmaxReference.masked(x, mask);
        double[] y = forward(z);
        for (int i = 0; i < y.length; i++) {
            y[i] = softmax().isLeftOut(z, i / columns) ? z[i] : y[i];
        }
        return y;
    }

    /**
     * Computes the result with the kernel's bits: {@code (x - max) - s}, s the logarithm, in double and rounded, of the sum of
     * {@code exp(x - max)} over 16 virtual lanes.
     *
     * @param x the inputs, row-major
     * @return y
     */
    public float[] forward(float[] x) {
        float[] e = softmax().exponentials(x);
        float[] y = new float[x.length];
        for (int row = 0; row < rows; row++) {
            float max = softmax().max(x, row);
            float logSum = (float) StrictMath.log(softmax().sum(e, row));
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                y[i] = FloatLosses.logSoftmax(x[i], max, logSum);
            }
        }
        return y;
    }

    /**
     * Computes the same of {@code x + mask}.
     *
     * @param x the inputs, row-major
     * @param mask one for each input
     * @return y
     */
    public float[] forward(float[] x, float[] mask) {
        float[] z = SoftmaxReference.masked(x, mask);
        float[] y = forward(z);
        for (int i = 0; i < y.length; i++) {
            y[i] = softmax().isLeftOut(z, i / columns) ? z[i] : y[i];
        }
        return y;
    }

    /**
     * Computes {@code dx(j) = dy(j) - exp(y(j)) * sum over k of dy(k)} in each row.
     *
     * @param y the results of the forward pass
     * @param dy their gradient
     * @return dx
     */
    public double[] gradient(double[] y, double[] dy) {
        double[] dx = new double[y.length];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                sum += dy[i];
            }
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                dx[i] = dy[i] - StrictMath.exp(y[i]) * sum;
            }
        }
        return dx;
    }

    /**
     * Computes the gradient with the kernel's bits: the sum over 16 virtual lanes, {@code fma(-exp(y), sum, dy)}.
     *
     * @param y the results of the forward pass
     * @param dy their gradient
     * @return dx
     */
    public float[] gradient(float[] y, float[] dy) {
        float[] dx = new float[y.length];
        for (int row = 0; row < rows; row++) {
            float sum = softmax().sum(dy, row);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                dx[i] = FloatLosses.logSoftmaxGradient(y[i], dy[i], sum);
            }
        }
        return dx;
    }

    private SoftmaxReference softmax() {
        return new SoftmaxReference(rows, columns);
    }
}
