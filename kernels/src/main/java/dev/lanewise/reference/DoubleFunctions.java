package dev.lanewise.reference;

/** Functions and derivatives in {@code double}, from their definitions: what is true. Each is right to 1e-12, in the tails too. */
final class DoubleFunctions {
    private static final double TWO_OVER_ROOT_PI = 2 / StrictMath.sqrt(Math.PI);
    private static final double GELU = 2 * StrictMath.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    private DoubleFunctions() {}

    static double sigmoid(double x) {
        double z = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? z : 1) / (1 + z);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /** The error function: a series without cancellation (Abramowitz and Stegun, 7.1.6), from 2.5 on 1 - erfc. */
    static double erf(double x) {
        double a = Math.abs(x);
        if (!(a < 2.5)) {
            return a >= 2.5 ? Math.copySign(1 - erfc(a), x) : x;
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_ROOT_PI * StrictMath.exp(-x * x) * sum;
    }

    /** 1 - erf(x); from 2.5 on a continued fraction (Abramowitz and Stegun, 7.1.14), from 28 on less than any double. */
    static double erfc(double x) {
        if (!(x >= 2.5)) {
            return 1 - erf(x);
        }
        if (x > 28) {
            return 0;
        }
        double fraction = x;
        for (int n = 120; n >= 1; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return StrictMath.exp(-x * x) / (StrictMath.sqrt(Math.PI) * fraction);
    }

    /** The normal distribution function. */
    private static double normal(double x) {
        return erfc(-x * Math.sqrt(0.5)) / 2;
    }

    static double erfDerivative(double x) {
        return TWO_OVER_ROOT_PI * StrictMath.exp(-x * x);
    }

    static double gelu(double x) {
        return x == Double.NEGATIVE_INFINITY ? -0.0 : x * normal(x);
    }

    static double geluDerivative(double x) {
        double density = StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * Math.PI);
        return normal(x) + (density == 0 ? 0 : x * density);
    }

    static double geluTanh(double x) {
        return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(GELU * (x + CUBIC * x * x * x));
    }

    static double geluTanhDerivative(double x) {
        double v = GELU * (x + CUBIC * x * x * x);
        double bell = sigmoid(v) * sigmoid(-v);
        return sigmoid(v) + (bell == 0 ? 0 : x * GELU * (1 + 3 * CUBIC * x * x) * bell);
    }

    static double silu(double x) {
        return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(x);
    }

    static double siluDerivative(double x) {
        double bell = sigmoid(x) * sigmoid(-x);
        return sigmoid(x) + (bell == 0 ? 0 : x * bell);
    }

    static double mish(double x) {
        return x == Double.NEGATIVE_INFINITY ? -0.0 : x * StrictMath.tanh(softplus(x));
    }

    static double mishDerivative(double x) {
        double t = StrictMath.tanh(softplus(x));
        double bell = sigmoid(x) * (1 - t * t);
        return t + (bell == 0 ? 0 : x * bell);
    }
}
