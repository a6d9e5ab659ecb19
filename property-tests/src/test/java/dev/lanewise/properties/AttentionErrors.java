package dev.lanewise.properties;

import dev.lanewise.properties.support.Rounding;
import dev.lanewise.reference.AttentionReference;
import dev.lanewise.reference.AttentionReference.DoubleGradients;

/**
 * What is true of attention, and how far rounding may be from it.
 *
 * <p>A score is off by at most gamma(d + 2) times the sum of the magnitudes of its products, and by one rounding of the mask; the
 * exponent {@code score - max} by one more of its magnitude. A weight {@code exp(score - max)} so is off by that much, relatively,
 * and by 3 half ulps of exp itself; so is their sum, after additions over lanes and corrections of as many tiles. What follows are
 * sums of products.
 *
 * @param reference the sizes
 * @param q the queries
 * @param k the keys
 * @param v the values
 * @param mask the mask
 */
record AttentionErrors(AttentionReference reference, double[] q, double[] k, double[] v, double[] mask) {
    double[] results() {
        return reference.forward(q, k, v, mask);
    }

    DoubleGradients gradients(double[] dO) {
        return reference.gradient(q, k, v, mask, dO);
    }

    private static double[] magnitudes(double[] values) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        return magnitudes;
    }

    /** The relative error of a weight, its sum divided. */
    private double ofWeights() {
        double largest = 0;
        int s = reference.s();
        int d = reference.d();
        for (int i = 0; i < mask.length; i++) {
            int row = i / s;
            int key = row / reference.t() * s + i % s;
            double magnitude = Double.isInfinite(mask[i]) ? 0 : Math.abs(mask[i]);
            for (int p = 0; p < d; p++) {
                magnitude += Math.abs(q[row * d + p] * k[key * d + p]) * reference.scale();
            }
            largest = Math.max(largest, magnitude);
        }
        int tiles = s / 128 + 1;
        // Of the scores of a weight and of the largest, of weights and of their sum; corrections are weights
        // themselves.
        double exponent = Rounding.bound(largest, d + 3) + Rounding.bound(2 * largest, 1);
        return Math.expm1(2 * exponent * (1 + tiles)) + Rounding.bound(1, 2 * (4 + 8 + 5 + 6 * tiles));
    }

    double[] resultBounds() {
        double[] bounds = reference.forward(q, k, magnitudes(v), mask);
        double relative = ofWeights() + Rounding.bound(1, reference.s() + 2 * (reference.s() / 128 + 1) + 2);
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = relative * bounds[i] + reference.s() * (double) Float.MIN_VALUE;
        }
        return bounds;
    }

    /**
     * Returns the bounds of the gradients.
     *
     * @param dO the magnitudes of the gradient of the results
     */
    DoubleGradients gradientBounds(double[] dO) {
        int t = reference.t();
        int s = reference.s();
        int d = reference.d();
        int e = reference.e();
        double[] w = reference.weights(q, k, mask);
        double[] results = reference.forward(q, k, magnitudes(v), mask);
        double[] dq = new double[q.length];
        double[] dk = new double[k.length];
        double[] dv = new double[v.length];
        double weights = ofWeights();
        double dots = 3 * weights + Rounding.bound(1, 2 * e + s + 2 * (s / 128 + 1) + 12);
        double ofScores = dots + Rounding.bound(1, Math.max(s, t) + 4);
        double ofValues = weights + Rounding.bound(1, t + 3);
        for (int i = 0; i < w.length; i++) {
            int row = i / s;
            int key = row / t * s + i % s;
            double ds = 0;
            for (int p = 0; p < e; p++) {
                double gradient = dO[row * e + p];
                ds += gradient * (Math.abs(v[key * e + p]) + results[row * e + p]);
                dv[key * e + p] += ofValues * w[i] * gradient + Float.MIN_VALUE;
            }
            ds *= w[i] * reference.scale();
            for (int p = 0; p < d; p++) {
                dq[row * d + p] += ofScores * ds * Math.abs(k[key * d + p]) + Float.MIN_VALUE;
                dk[key * d + p] += ofScores * ds * Math.abs(q[row * d + p]) + Float.MIN_VALUE;
            }
        }
        return new DoubleGradients(dq, dk, dv);
    }
}
