package dev.lanewise.reference;

import dev.lanewise.kernels.BinaryOperation;

/**
 * Arithmetic on elements, one number at a time. The {@code double} versions say what is true, the {@code float} versions which
 * bits. Of two arguments one may be smaller: the large one is {@code [outer, middle, inner]}, the small one {@code [middle]}.
 *
 * @param outer the product of the axes before
 * @param middle the size of the small argument
 * @param inner the product of the axes after
 */
public record ArithmeticReference(int outer, int middle, int inner) {
    /**
     * Computes {@code y = a op b}.
     *
     * @param f the operation
     * @param a the first numbers
     * @param b the second numbers
     * @return y
     */
    public double[] apply(BinaryOperation f, double[] a, double[] b) {
        double[] y = new double[outer * middle * inner];
        for (int i = 0; i < y.length; i++) {
            double p = a[index(i, a.length)];
            double q = b[index(i, b.length)];
            y[i] = switch (f) {
                case ADD -> p + q;
                case SUBTRACT -> p - q;
                case MULTIPLY -> p * q;
                case DIVIDE -> p / q;
                case MIN -> Math.min(p, q);
                case MAX -> Math.max(p, q);
            };
        }
        return y;
    }

    /**
     * Computes {@code y = a op b} with the kernel's bits.
     *
     * @param f the operation
     * @param a the first numbers
     * @param b the second numbers
     * @return y
     */
    public float[] apply(BinaryOperation f, float[] a, float[] b) {
        float[] y = new float[outer * middle * inner];
        for (int i = 0; i < y.length; i++) {
            float p = a[index(i, a.length)];
            float q = b[index(i, b.length)];
            y[i] = switch (f) {
                case ADD -> FloatArithmetic.add(p, q);
                case SUBTRACT -> FloatArithmetic.subtract(p, q);
                case MULTIPLY -> FloatArithmetic.multiply(p, q);
                case DIVIDE -> FloatArithmetic.divide(p, q);
                case MIN -> FloatArithmetic.min(p, q);
                case MAX -> FloatArithmetic.max(p, q);
            };
        }
        return y;
    }

    /**
     * Chooses elements.
     *
     * @param condition where it is not 0, a is taken
     * @param a taken where the condition holds
     * @param b taken elsewhere
     * @return the chosen elements
     */
    public static float[] where(float[] condition, float[] a, float[] b) {
        float[] y = new float[a.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = FloatArithmetic.where(condition[i], a[i], b[i]);
        }
        return y;
    }

    /** The place in an argument of some length that belongs to element i of the result. */
    int index(int i, int length) {
        return length == outer * middle * inner ? i : i / inner % middle;
    }
}
