package dev.lanewise.reference;

/**
 * The gradients of reductions along the middle axis of {@code [outer, extent, inner]}, one number at a time. The {@code double}
 * versions say what is true, the {@code float} versions which bits.
 *
 * @param outer the product of the axes before
 * @param extent the axis
 * @param inner the product of the axes after
 */
public record ReductionGradientsReference(int outer, int extent, int inner) {
    /**
     * Computes the gradient of a sum.
     *
     * @param dy the gradient of the sums
     * @return dx
     */
    public double[] sum(double[] dy) {
        double[] dx = new double[outer * extent * inner];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = dy[forward().result(i)];
        }
        return dx;
    }

    /**
     * Computes the gradient of a sum.
     *
     * @param dy the gradient of the sums
     * @return dx
     */
    public float[] sum(float[] dy) {
        float[] dx = new float[outer * extent * inner];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = dy[forward().result(i)];
        }
        return dx;
    }

    /**
     * Computes the gradient of a mean with the kernel's bits: {@code dy * (1 / extent)}.
     *
     * @param dy the gradient of the means
     * @return dx
     */
    public float[] mean(float[] dy) {
        float[] dx = sum(dy);
        for (int i = 0; i < dx.length; i++) {
            dx[i] *= 1f / extent;
        }
        return dx;
    }

    /**
     * Computes the gradient of a norm: {@code x dy / y}, 0 where y is 0.
     *
     * @param x the elements
     * @param y the norms
     * @param dy their gradient
     * @return dx
     */
    public double[] norm(double[] x, double[] y, double[] dy) {
        double[] dx = new double[x.length];
        for (int i = 0; i < dx.length; i++) {
            int result = forward().result(i);
            dx[i] = y[result] == 0 ? 0 : x[i] * dy[result] / y[result];
        }
        return dx;
    }

    /**
     * Computes the gradient of a norm with the kernel's bits: {@code x * (dy / y)}, the quotient 0 where y is 0.
     *
     * @param x the elements
     * @param y the norms
     * @param dy their gradient
     * @return dx
     */
    public float[] norm(float[] x, float[] y, float[] dy) {
        float[] dx = new float[x.length];
        for (int i = 0; i < dx.length; i++) {
            int result = forward().result(i);
            dx[i] = x[i] * (y[result] == 0 ? 0 : dy[result] / y[result]);
        }
        return dx;
    }

    /**
     * Computes the gradient of a maximum.
     *
     * @param places where the maxima were found
     * @param dy their gradient
     * @return dx
     */
    public float[] max(int[] places, float[] dy) {
        float[] dx = new float[outer * extent * inner];
        for (int i = 0; i < dy.length; i++) {
            dx[forward().element(i, places[i])] = dy[i];
        }
        return dx;
    }

    private ReductionsReference forward() {
        return new ReductionsReference(outer, extent, inner);
    }
}
