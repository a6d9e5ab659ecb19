package dev.lanewise.properties;

import dev.lanewise.kernels.Activation;
import dev.lanewise.reference.ActivationsReference;

/** The errors that {@code Activations} promises, and those of the gradients that follow from them. */
final class FunctionErrors {
    private FunctionErrors() {}

    /** The largest error of the results, in units of the last place. */
    static double ulps(Activation f) {
        return switch (f) {
            case IDENTITY, RELU, RELU6 -> 0;
            case SQRT, RECIPROCAL -> 0.5;
            case LEAKY_RELU, LOG, SOFTSIGN -> 1;
            case EXP, EXPM1, LOG1P, ELU, SOFTPLUS, SIGMOID, TANH, ERF -> 1.5;
            case SELU, GELU, GELU_TANH, SILU, MISH, HARD_SIGMOID, HARD_SWISH, SIN, COS -> 2.5;
        };
    }

    /** 1 if the function never falls, -1 if it never rises (of the reciprocal: on either side), otherwise 0. */
    static int direction(Activation f) {
        return switch (f) {
            case GELU, GELU_TANH, SILU, MISH, HARD_SWISH, SIN, COS -> 0;
            case RECIPROCAL -> -1;
            default -> 1;
        };
    }

    /** Whether {@code f(-x)} is {@code -f(x)}. */
    static boolean isOdd(Activation f) {
        return switch (f) {
            case IDENTITY, SOFTSIGN, TANH, RECIPROCAL, ERF, SIN -> true;
            default -> false;
        };
    }

    /** How many roundings a term of the gradient goes through at most; those of exp count three. */
    static int gradientRoundings(Activation f) {
        return switch (f) {
            case IDENTITY, RELU, RELU6 -> 0;
            case LEAKY_RELU, EXP -> 1;
            case ELU, SELU, HARD_SIGMOID, SIGMOID, TANH, EXPM1, LOG, LOG1P, SQRT, RECIPROCAL -> 3;
            case HARD_SWISH, SOFTPLUS, SOFTSIGN, ERF -> 5;
            case SIN, COS -> 6;
            case SILU -> 12;
            case GELU, GELU_TANH -> 16;
            case MISH -> 20;
        };
    }

    /** The sum of the magnitudes of the terms that the derivative is made of. */
    static double gradientMagnitude(Activation f, double kept) {
        return switch (f) {
            case ELU -> kept > 0 ? 1 : Math.abs(kept) + 1;
            case SELU -> kept > 0 ? 1.06 : Math.abs(kept) + 1.76;
            case HARD_SWISH -> Math.abs(kept) < 3 ? Math.abs(kept) / 3 + 0.5 : 1;
            case GELU, GELU_TANH, SILU, MISH -> gateMagnitude(f, kept);
            default -> Math.abs(ActivationsReference.gradient(f, new double[] {kept}, new double[] {1})[0]);
        };
    }

    /** These are x g(x): g(x) and x g'(x), of which the second is what is left of the derivative. */
    private static double gateMagnitude(Activation f, double x) {
        double derivative = ActivationsReference.gradient(f, new double[] {x}, new double[] {1})[0];
        if (Double.isInfinite(x)) {
            return Math.abs(derivative);
        }
        double gate = x == 0 ? 0.5 : ActivationsReference.forward(f, x) / x;
        return gate + Math.abs(derivative - gate);
    }
}
