package dev.lanewise.reference;

import dev.lanewise.kernels.Activation;

/**
 * The activations and their gradients, one number at a time. The {@code double} versions say what is true, the
 * {@code float} versions which bits.
 */
public final class ActivationsReference {
    private static final double SELU_SCALE = 1.0507009873554804934193349852946;
    private static final double SELU_SCALE_ALPHA = SELU_SCALE * 1.6732632423543772848170429916717;

    /** As the kernel has it, for 1/100 is no float. */
    private static final float SLOPE = 0.01f;

    private ActivationsReference() {}

    /**
     * Computes {@code y = f(x)}.
     *
     * @param f the activation
     * @param x the inputs
     * @return y
     */
    public static double[] forward(Activation f, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = forward(f, x[i]);
        }
        return y;
    }

    /**
     * Computes {@code f(x)}.
     *
     * @param f the activation
     * @param x the input
     * @return f(x)
     */
    public static double forward(Activation f, double x) {
        return switch (f) {
            case IDENTITY -> x;
            case RELU -> x <= 0 ? 0 : x;
            case RELU6 -> x <= 0 ? 0 : Math.min(x, 6);
            case LEAKY_RELU -> x > 0 ? x : x * SLOPE;
            case ELU -> x > 0 ? x : StrictMath.expm1(x);
            case SELU -> x > 0 ? x * SELU_SCALE : StrictMath.expm1(x) * SELU_SCALE_ALPHA;
            case GELU -> DoubleFunctions.gelu(x);
            case GELU_TANH -> DoubleFunctions.geluTanh(x);
            case SILU -> DoubleFunctions.silu(x);
            case MISH -> DoubleFunctions.mish(x);
            case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
            case HARD_SWISH -> Math.max(x, -3) * Math.min(Math.max(x + 3, 0), 6) / 6;
            case SOFTSIGN -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
            case SOFTPLUS -> DoubleFunctions.softplus(x);
            case SIGMOID -> DoubleFunctions.sigmoid(x);
            case TANH -> StrictMath.tanh(x);
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case SQRT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case ERF -> DoubleFunctions.erf(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
        };
    }

    /**
     * Computes {@code y = f(x)} with the kernel's bits.
     *
     * @param f the activation
     * @param x the inputs
     * @return y
     */
    public static float[] forward(Activation f, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = switch (f) {
                case IDENTITY -> x[i];
                case RELU -> FloatRectifiers.relu(x[i]);
                case RELU6 -> FloatRectifiers.relu6(x[i]);
                case LEAKY_RELU -> FloatRectifiers.leakyRelu(x[i], SLOPE);
                case ELU -> FloatRectifiers.elu(x[i], 1f);
                case SELU -> FloatRectifiers.selu(x[i]);
                case GELU -> FloatErrorFunctions.gelu(x[i]);
                case GELU_TANH -> FloatGates.geluTanh(x[i]);
                case SILU -> FloatGates.silu(x[i]);
                case MISH -> FloatGates.mish(x[i]);
                case HARD_SIGMOID -> FloatRectifiers.hardSigmoid(x[i]);
                case HARD_SWISH -> FloatRectifiers.hardSwish(x[i]);
                case SOFTSIGN -> FloatQuotients.softsign(x[i]);
                case SOFTPLUS -> FloatLogarithms.softplus(x[i]);
                case SIGMOID -> FloatExponentials.sigmoid(x[i]);
                case TANH -> FloatExponentials.tanh(x[i]);
                case EXP -> FloatExponentials.exp(x[i]);
                case EXPM1 -> FloatExponentials.expm1(x[i]);
                case LOG -> FloatLogarithms.log(x[i]);
                case LOG1P -> FloatLogarithms.log1p(x[i]);
                case SQRT -> FloatQuotients.sqrt(x[i]);
                case RECIPROCAL -> FloatQuotients.reciprocal(x[i]);
                case ERF -> FloatErrorFunctions.erf(x[i]);
                case SIN -> FloatTrigonometry.sin(x[i]);
                case COS -> FloatTrigonometry.cos(x[i]);
            };
        }
        return y;
    }

    /**
     * Computes {@code dx = dy f'(x)}; NaN where f(x) is, but for the identity.
     *
     * @param f the activation
     * @param kept the inputs of the forward pass if {@link Activation#keepsInputs}, otherwise its results
     * @param dy the gradient of the results
     * @return dx
     */
    public static double[] gradient(Activation f, double[] kept, double[] dy) {
        double[] dx = new double[kept.length];
        for (int i = 0; i < kept.length; i++) {
            dx[i] = f == Activation.IDENTITY ? dy[i] : dy[i] * derivative(f, kept[i]);
        }
        return dx;
    }

    /** f' at x, or where the result is y. */
    private static double derivative(Activation f, double kept) {
        double x = kept;
        double y = kept;
        if (Double.isNaN(kept)) {
            return kept;
        }
        return switch (f) {
            case IDENTITY -> 1;
            case RELU -> y == 0 ? 0 : 1;
            case RELU6 -> y > 0 && y < 6 ? 1 : 0;
            case LEAKY_RELU -> y > 0 ? 1 : SLOPE;
            case ELU -> y > 0 ? 1 : y + 1;
            case SELU -> y > 0 ? SELU_SCALE : y + SELU_SCALE_ALPHA;
            case GELU -> DoubleFunctions.geluDerivative(x);
            case GELU_TANH -> DoubleFunctions.geluTanhDerivative(x);
            case SILU -> DoubleFunctions.siluDerivative(x);
            case MISH -> DoubleFunctions.mishDerivative(x);
            case HARD_SIGMOID -> y > 0 && y < 1 ? 1 / 6.0 : 0;
            case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5;
            case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
            case SOFTPLUS -> DoubleFunctions.sigmoid(x);
            case SIGMOID -> y * (1 - y);
            case TANH -> 1 - y * y;
            case EXP -> y;
            case EXPM1 -> y + 1;
            case LOG -> x >= 0 ? 1 / Math.abs(x) : Double.NaN;
            case LOG1P -> x >= -1 ? 1 / (1 + x) : Double.NaN;
            case SQRT -> 0.5 / y;
            case RECIPROCAL -> -y * y;
            case ERF -> DoubleFunctions.erfDerivative(x);
            case SIN -> StrictMath.cos(x);
            case COS -> -StrictMath.sin(x);
        };
    }

    /**
     * Computes {@code dx = dy f'(x)} with the kernel's bits.
     *
     * @param f the activation
     * @param kept the inputs of the forward pass if {@link Activation#keepsInputs}, otherwise its results
     * @param dy the gradient of the results
     * @return dx
     */
    public static float[] gradient(Activation f, float[] kept, float[] dy) {
        float[] dx = new float[kept.length];
        for (int i = 0; i < kept.length; i++) {
            float k = kept[i];
            float d = dy[i];
            dx[i] = switch (f) {
                case IDENTITY -> d;
                case RELU -> FloatRectifiers.reluGradient(k, d);
                case RELU6 -> FloatRectifiers.relu6Gradient(k, d);
                case LEAKY_RELU -> FloatRectifiers.leakyReluGradient(k, d, SLOPE);
                case ELU -> FloatRectifiers.eluGradient(k, d, 1f);
                case SELU -> FloatRectifiers.seluGradient(k, d);
                case GELU -> FloatErrorFunctions.geluGradient(k, d);
                case GELU_TANH -> FloatGates.geluTanhGradient(k, d);
                case SILU -> FloatGates.siluGradient(k, d);
                case MISH -> FloatGates.mishGradient(k, d);
                case HARD_SIGMOID -> FloatRectifiers.hardSigmoidGradient(k, d);
                case HARD_SWISH -> FloatRectifiers.hardSwishGradient(k, d);
                case SOFTSIGN -> FloatQuotients.softsignGradient(k, d);
                case SOFTPLUS -> FloatLogarithms.softplusGradient(k, d);
                case SIGMOID -> FloatExponentials.sigmoidGradient(k, d);
                case TANH -> FloatExponentials.tanhGradient(k, d);
                case EXP -> FloatExponentials.expGradient(k, d);
                case EXPM1 -> FloatExponentials.expm1Gradient(k, d);
                case LOG -> FloatLogarithms.logGradient(k, d);
                case LOG1P -> FloatLogarithms.log1pGradient(k, d);
                case SQRT -> FloatQuotients.sqrtGradient(k, d);
                case RECIPROCAL -> FloatQuotients.reciprocalGradient(k, d);
                case ERF -> FloatErrorFunctions.erfGradient(k, d);
                case SIN -> FloatTrigonometry.sinGradient(k, d);
                case COS -> FloatTrigonometry.cosGradient(k, d);
            };
        }
        return dx;
    }
}
