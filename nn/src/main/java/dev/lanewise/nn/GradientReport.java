package dev.lanewise.nn;

import java.util.Locale;

/**
 * What a {@link GradientCheck} found.
 *
 * @param worst the comparison whose error is largest in units of its tolerance; null where there was nothing to compare
 * @param compared how many elements were compared
 * @param leftOut how many outputs were left out because they lie near a kink
 * @param sensitivity the largest tolerance of a tensor relative to the largest gradient in it: an error of this share
 *     of the largest gradient, 0.002 for instance, would not have gone unnoticed. 0 where all gradients are 0
 */
public record GradientReport(Comparison worst, int compared, int leftOut, double sensitivity) {
    /**
     * One element of a gradient.
     *
     * @param tensor {@code input} or the name of the parameter
     * @param index the element, such as {@code [2, 5]}
     * @param expected the numerical gradient
     * @param got what the backward function computed
     * @param tolerance how far they may be apart
     */
    public record Comparison(String tensor, String index, double expected, double got, double tolerance) {
        /**
         * Returns how far expectation and result are apart.
         *
         * @return the absolute difference, at least 0; NaN where one is NaN
         */
        public double error() {
            return Math.abs(got - expected);
        }

        /**
         * Tells whether they are close enough.
         *
         * @return true if the error is at most the tolerance
         */
        public boolean passed() {
            return error() <= tolerance;
        }

        /** The same with a wider tolerance. */
        Comparison allowing(double more) {
            return new Comparison(tensor, index, expected, got, tolerance + more);
        }

        /** The error in units of the tolerance; infinite where it is NaN. */
        double severity() {
            double error = error();
            if (Double.isNaN(error)) {
                return Double.POSITIVE_INFINITY;
            }
            return error == 0 ? 0 : error / tolerance;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "gradient of %s%s: expected %.6g (numerical), got %.6g (backward); they differ by %.2g, at most %.2g"
                            + " is rounding",
                    tensor,
                    index,
                    expected,
                    got,
                    error(),
                    tolerance);
        }
    }

    /**
     * Tells whether every element is right.
     *
     * @return true if no error exceeds its tolerance
     */
    public boolean passed() {
        return worst == null || worst.passed();
    }
}
