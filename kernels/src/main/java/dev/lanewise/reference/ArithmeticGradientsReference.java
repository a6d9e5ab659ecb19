package dev.lanewise.reference;

import dev.lanewise.kernels.BinaryOperation;

/**
 * The gradients of arithmetic on elements, one number at a time, where one argument may be smaller, as in {@link
 * ArithmeticReference}. The {@code double} versions say what is true, the {@code float} versions which bits.
 *
 * @param outer the product of the axes before
 * @param middle the size of the small argument
 * @param inner the product of the axes after
 */
public record ArithmeticGradientsReference(int outer, int middle, int inner) {
    /**
     * Computes the gradient of a.
     *
     * @param f the operation
     * @param a the first numbers
     * @param b the second numbers
     * @param dy the gradient of the results
     * @return da
     */
    public double[] ofA(BinaryOperation f, double[] a, double[] b, double[] dy) {
        double[] da = new double[a.length];
        for (int i = 0; i < dy.length; i++) {
            double p = a[index(i, a.length)];
            double q = b[index(i, b.length)];
            da[index(i, a.length)] += dy[i]
                    * switch (f) {
                        case ADD, SUBTRACT -> 1;
                        case MULTIPLY -> q;
                        case DIVIDE -> 1 / q;
                        case MIN -> p <= q ? 1 : 0;
                        case MAX -> p >= q ? 1 : 0;
                    };
        }
        return da;
    }

    /**
     * Computes the gradient of b.
     *
     * @param f the operation
     * @param a the first numbers
     * @param b the second numbers
     * @param dy the gradient of the results
     * @return db
     */
    public double[] ofB(BinaryOperation f, double[] a, double[] b, double[] dy) {
        double[] db = new double[b.length];
        for (int i = 0; i < dy.length; i++) {
            double p = a[index(i, a.length)];
            double q = b[index(i, b.length)];
            db[index(i, b.length)] += dy[i]
                    * switch (f) {
                        case ADD -> 1;
                        case SUBTRACT -> -1;
                        case MULTIPLY -> p;
                        case DIVIDE -> -p / (q * q);
                        case MIN -> p > q ? 1 : 0;
                        case MAX -> p < q ? 1 : 0;
                    };
        }
        return db;
    }

    /**
     * Computes the gradient of a with the kernel's bits: one of each element of dy, where a is the small argument summed over the
     * inner, then over the outer axes, or over all at once if a has one element.
     *
     * @param f the operation
     * @param a the first numbers
     * @param b the second numbers
     * @param dy the gradient of the results
     * @return da
     */
    public float[] ofA(BinaryOperation f, float[] a, float[] b, float[] dy) {
        float[] each = new float[dy.length];
        for (int i = 0; i < dy.length; i++) {
            float p = a[index(i, a.length)];
            float q = b[index(i, b.length)];
            each[i] = switch (f) {
                case ADD, SUBTRACT -> dy[i];
                case MULTIPLY -> dy[i] * q;
                case DIVIDE -> dy[i] / q;
                case MIN -> FloatArithmetic.gradientIfNotAbove(p, q, dy[i]);
                case MAX -> FloatArithmetic.gradientIfNotBelow(p, q, dy[i]);
            };
        }
        return summed(each, a.length);
    }

    /**
     * Computes the gradient of b with the kernel's bits: one of each element of dy, summed over the inner, then over the outer
     * axes where b is the small argument; that of SUBTRACT is negated last.
     *
     * @param f the operation
     * @param a the first numbers
     * @param b the second numbers
     * @param dy the gradient of the results
     * @return db
     */
    public float[] ofB(BinaryOperation f, float[] a, float[] b, float[] dy) {
        float[] each = new float[dy.length];
        for (int i = 0; i < dy.length; i++) {
            float p = a[index(i, a.length)];
            float q = b[index(i, b.length)];
            each[i] = switch (f) {
                case ADD, SUBTRACT -> dy[i];
                case MULTIPLY -> dy[i] * p;
                case DIVIDE -> FloatArithmetic.divisorGradient(p, q, dy[i]);
                case MIN -> FloatArithmetic.gradientIfAbove(p, q, dy[i]);
                case MAX -> FloatArithmetic.gradientIfBelow(p, q, dy[i]);
            };
        }
        float[] db = summed(each, b.length);
        for (int i = 0; f == BinaryOperation.SUBTRACT && i < db.length; i++) {
            db[i] = -db[i];
        }
        return db;
    }

    private float[] summed(float[] each, int length) {
        if (length == each.length) {
            return each;
        }
        if (middle == 1) {
            return new ReductionsReference(1, outer * inner, 1).sum(each);
        }
        float[] rows = inner == 1 ? each : new ReductionsReference(outer * middle, inner, 1).sum(each);
        return new ReductionsReference(1, outer, middle).sum(rows);
    }

    private int index(int i, int length) {
        return new ArithmeticReference(outer, middle, inner).index(i, length);
    }
}
