package dev.lanewise.reference;

/**
 * The logarithm of the sum of exponentials along rows, one number at a time. The {@code double} versions say what is true, the
 * {@code float} versions which bits. A mask has one number for each input: where it is -infinity, the input is left out.
 *
 * @param rows the number of rows
 * @param columns their length
 */
public record LogSumExpReference(int rows, int columns) {
    /**
     * Computes {@code y = log(sum over k of exp(x(k)))} for each row.
     *
     * @param x the inputs, row-major
     * @return y
     */
    public double[] forward(double[] x) {
        double[] y = new double[rows];
        for (int row = 0; row < rows; row++) {
            double max = softmax().max(x, row);
            double sum = 0;
            boolean nan = false;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                sum += StrictMath.exp(x[i] - max);
                nan |= Double.isNaN(x[i]);
            }
            y[row] = Double.isInfinite(max) && !nan ? max : StrictMath.log(sum) + max;
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
    public double[] forward(double[] x, double[] mask) {
        return forward(SoftmaxReference.masked(x, mask));
    }

    /**
     * Computes the result with the kernel's bits: the sum of {@code exp(x - max)} in float over 16 virtual lanes, its logarithm
     * plus max in double, rounded.
     *
     * @param x the inputs, row-major
     * @return y
     */
    public float[] forward(float[] x) {
        float[] e = softmax().exponentials(x);
        float[] y = new float[rows];
        for (int row = 0; row < rows; row++) {
            float max = softmax().max(x, row);
            boolean nan = false;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                nan |= Float.isNaN(x[i]);
            }
            y[row] = Float.isInfinite(max) && !nan
                    ? max
                    : (float) (StrictMath.log(softmax().sum(e, row)) + max);
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
        return forward(SoftmaxReference.masked(x, mask));
    }

    /**
     * Computes {@code dx(j) = dy * softmax(x + mask)(j)} in each row; 0 in rows that are -infinity throughout.
     *
     * @param x the inputs of the forward pass
     * @param mask one for each input
     * @param dy the gradient of the results, one for each row
     * @return dx
     */
    public double[] gradient(double[] x, double[] mask, double[] dy) {
        double[] dx = softmax().forward(x, mask);
        for (int i = 0; i < dx.length; i++) {
            dx[i] *= dy[i / columns];
        }
        return dx;
    }

    /**
     * Computes the gradient with the kernel's bits: {@code e * s}, {@code e = exp(x + mask - max)}, {@code s = 1 / sum of e *
     * dy}.
     *
     * @param x the inputs of the forward pass
     * @param mask one for each input
     * @param dy the gradient of the results, one for each row
     * @return dx
     */
    public float[] gradient(float[] x, float[] mask, float[] dy) {
        float[] z = SoftmaxReference.masked(x, mask);
        float[] dx = softmax().exponentials(z);
        for (int row = 0; row < rows; row++) {
            float factor = 1f / softmax().sum(dx, row) * dy[row];
            boolean leftOut = softmax().isLeftOut(z, row);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                dx[i] = leftOut ? 0 : dx[i] * factor;
            }
        }
        return dx;
    }

    private SoftmaxReference softmax() {
        return new SoftmaxReference(rows, columns);
    }
}
