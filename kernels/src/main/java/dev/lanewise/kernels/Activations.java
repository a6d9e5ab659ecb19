package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.ElementLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;

/**
 * Applies an {@link Activation} to every element, forward and backward.
 *
 * <p>Largest errors over all floats, against {@code double}, in units of the last place, subnormal results included:
 *
 * <table>
 * <caption>Errors</caption>
 * <tr><th>at most</th><th>functions</th></tr>
 * <tr><td>0</td><td>IDENTITY, RELU, RELU6</td></tr>
 * <tr><td>0.5</td><td>SQRT, RECIPROCAL</td></tr>
 * <tr><td>1</td><td>LEAKY_RELU, LOG, SOFTSIGN</td></tr>
 * <tr><td>1.5</td><td>EXP, EXPM1, LOG1P, ELU, SOFTPLUS, SIGMOID, TANH, ERF</td></tr>
 * <tr><td>2.5</td><td>SELU, GELU, GELU_TANH, SILU, MISH, HARD_SIGMOID, HARD_SWISH, SIN, COS</td></tr>
 * </table>
 *
 * <p>Where the function rises or falls without a turn, so do the floats. Of an odd function, {@code f(-x)} is {@code -f(x)}
 * to the bit. An element's bits do not depend on its neighbours, its place, the threads or the vector width.
 */
public final class Activations {
    /** Elements a task takes: some microseconds of work, and less than the L2 cache holds. */
    private static final int GRAIN = 1 << 14;

    /** The slope of {@link Activation#LEAKY_RELU}. */
    private static final float SLOPE = 0.01f;

    /** The factor of {@link Activation#ELU}. */
    private static final float ALPHA = 1f;

    private Activations() {}

    /** A loop from x to y. */
    @FunctionalInterface
    private interface Loop {
        void run(float[] x, int x0, float[] y, int y0, int size);
    }

    /** A loop from what was kept and dy to dx. */
    @FunctionalInterface
    private interface GradientLoop {
        void run(float[] kept, int kept0, float[] dy, int dy0, float[] dx, int dx0, int size);
    }

    /**
     * Computes {@code y(i) = f(x(i))}.
     *
     * @param f the activation
     * @param x the inputs, any shape
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements
     */
    public static void forward(Activation f, Tensor x, Tensor y, Parallelism parallelism) {
        run("activation", loop(f), x, y, parallelism);
    }

    /**
     * Computes {@code dx(i) = dy(i) f'(x(i))}; the order of operations is that of the method of the same name in {@code
     * dev.lanewise.reference}.
     *
     * @param f the activation
     * @param kept the inputs of the forward pass if {@link Activation#keepsInputs}, otherwise its results; any shape
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be kept or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps kept or dy without being the same elements
     */
    public static void gradient(Activation f, Tensor kept, Tensor dy, Tensor dx, Parallelism parallelism) {
        run("activation gradient", f.keepsInputs() ? "x" : "y", gradientLoop(f), kept, dy, dx, parallelism);
    }

    /**
     * Computes {@code y(i) = x(i)} where that is positive, otherwise {@code slope x(i)}.
     *
     * @param x the inputs, any shape
     * @param slope the derivative below 0: at least 0, and finite
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements, or the slope is none
     */
    public static void leakyRelu(Tensor x, float slope, Tensor y, Parallelism parallelism) {
        Checks.finite("leaky ReLU", "slope", slope);
        run("leaky ReLU", leakyRelu(slope), x, y, parallelism);
    }

    /**
     * Computes {@code dx(i) = dy(i)} where y(i) is positive, otherwise {@code slope dy(i)}.
     *
     * @param y the results of the forward pass, or its inputs; any shape
     * @param slope the derivative below 0: at least 0, and finite
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be y or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps y or dy without being the same elements, or the slope is none
     */
    public static void leakyReluGradient(Tensor y, float slope, Tensor dy, Tensor dx, Parallelism parallelism) {
        Checks.finite("leaky ReLU gradient", "slope", slope);
        run("leaky ReLU gradient", "y", leakyReluGradient(slope), y, dy, dx, parallelism);
    }

    /**
     * Computes {@code y(i) = x(i)} where that is positive, otherwise {@code alpha (exp(x(i)) - 1)}.
     *
     * @param x the inputs, any shape
     * @param alpha how far below 0 the results come: at least 0, and finite
     * @param y receives the results, same shape; may be x, or share no element with it
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; y is untouched then
     * @throws IllegalArgumentException if x and y overlap without being the same elements, or alpha is none
     */
    public static void elu(Tensor x, float alpha, Tensor y, Parallelism parallelism) {
        Checks.finite("ELU", "alpha", alpha);
        run("ELU", elu(alpha), x, y, parallelism);
    }

    /**
     * Computes {@code dx(i) = dy(i)} where y(i) is positive, otherwise {@code dy(i) (y(i) + alpha)}.
     *
     * @param y the results of the forward pass, any shape
     * @param alpha how far below 0 the results come: at least 0, and finite
     * @param dy the gradient of the results, same shape
     * @param dx receives the gradient of the inputs, same shape; may be y or dy, or share no element with them
     * @param parallelism the threads
     * @throws ShapeMismatchException if the shapes differ; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps y or dy without being the same elements, or alpha is none
     */
    public static void eluGradient(Tensor y, float alpha, Tensor dy, Tensor dx, Parallelism parallelism) {
        Checks.finite("ELU gradient", "alpha", alpha);
        run("ELU gradient", "y", eluGradient(alpha), y, dy, dx, parallelism);
    }

    /**
     * Applies an activation in place on the calling thread: what a fused kernel does to rows that are still in cache.
     *
     * @param f the activation
     * @param array holds the elements
     * @param from index of the first element
     * @param to index after the last element
     */
    static void applyRange(Activation f, float[] array, int from, int to) {
        assert 0 <= from && from <= to && to <= array.length;
        loop(f).run(array, from, array, from, to - from);
    }

    private static void run(String operation, Loop loop, Tensor x, Tensor y, Parallelism parallelism) {
        Checks.sameShape(operation, "x", x, "y", y);
        Checks.sameOrApart(operation, "x", x, "y", y);
        float[] source = x.array();
        float[] target = y.array();
        int x0 = x.offset();
        int y0 = y.offset();
        parallelism.forRange(x.size(), GRAIN, (from, to) -> loop.run(source, x0 + from, target, y0 + from, to - from));
    }

    private static void run(
            String operation,
            String name,
            GradientLoop loop,
            Tensor kept,
            Tensor dy,
            Tensor dx,
            Parallelism parallelism) {
        Checks.sameShape(operation, name, kept, "dy", dy);
        Checks.sameShape(operation, name, kept, "dx", dx);
        Checks.sameOrApart(operation, name, kept, "dx", dx);
        Checks.sameOrApart(operation, "dy", dy, "dx", dx);
        parallelism.forRange(
                kept.size(),
                GRAIN,
                (from, to) -> loop.run(
                        kept.array(),
                        kept.offset() + from,
                        dy.array(),
                        dy.offset() + from,
                        dx.array(),
                        dx.offset() + from,
                        to - from));
    }

    private static Loop loop(Activation f) {
        return switch (f) {
            case IDENTITY -> Activations::copy;
            case RELU -> ElementLoops::relu;
            case RELU6 -> ElementLoops::relu6;
            case LEAKY_RELU -> leakyRelu(SLOPE);
            case ELU -> elu(ALPHA);
            case SELU -> ElementLoops::selu;
            case GELU -> ElementLoops::gelu;
            case GELU_TANH -> ElementLoops::geluTanh;
            case SILU -> ElementLoops::silu;
            case MISH -> ElementLoops::mish;
            case HARD_SIGMOID -> ElementLoops::hardSigmoid;
            case HARD_SWISH -> ElementLoops::hardSwish;
            case SOFTSIGN -> ElementLoops::softsign;
            case SOFTPLUS -> ElementLoops::softplus;
            case SIGMOID -> ElementLoops::sigmoid;
            case TANH -> ElementLoops::tanh;
            case EXP -> ElementLoops::exp;
            case EXPM1 -> ElementLoops::expm1;
            case LOG -> ElementLoops::log;
            case LOG1P -> ElementLoops::log1p;
            case SQRT -> ElementLoops::sqrt;
            case RECIPROCAL -> ElementLoops::reciprocal;
            case ERF -> ElementLoops::erf;
            case SIN -> ElementLoops::sin;
            case COS -> ElementLoops::cos;
        };
    }

    private static GradientLoop gradientLoop(Activation f) {
        return switch (f) {
            case IDENTITY -> (kept, kept0, dy, dy0, dx, dx0, size) -> copy(dy, dy0, dx, dx0, size);
            case RELU -> ElementLoops::reluGradient;
            case RELU6 -> ElementLoops::relu6Gradient;
            case LEAKY_RELU -> leakyReluGradient(SLOPE);
            case ELU -> eluGradient(ALPHA);
            case SELU -> ElementLoops::seluGradient;
            case GELU -> ElementLoops::geluGradient;
            case GELU_TANH -> ElementLoops::geluTanhGradient;
            case SILU -> ElementLoops::siluGradient;
            case MISH -> ElementLoops::mishGradient;
            case HARD_SIGMOID -> ElementLoops::hardSigmoidGradient;
            case HARD_SWISH -> ElementLoops::hardSwishGradient;
            case SOFTSIGN -> ElementLoops::softsignGradient;
            case SOFTPLUS -> ElementLoops::softplusGradient;
            case SIGMOID -> ElementLoops::sigmoidGradient;
            case TANH -> ElementLoops::tanhGradient;
            case EXP -> ElementLoops::expGradient;
            case EXPM1 -> ElementLoops::expm1Gradient;
            case LOG -> ElementLoops::logGradient;
            case LOG1P -> ElementLoops::log1pGradient;
            case SQRT -> ElementLoops::sqrtGradient;
            case RECIPROCAL -> ElementLoops::reciprocalGradient;
            case ERF -> ElementLoops::erfGradient;
            case SIN -> ElementLoops::sinGradient;
            case COS -> ElementLoops::cosGradient;
        };
    }

    private static Loop leakyRelu(float slope) {
        return (x, x0, y, y0, size) -> ElementLoops.leakyRelu(x, x0, y, y0, size, slope);
    }

    private static GradientLoop leakyReluGradient(float slope) {
        return (y, y0, dy, dy0, dx, dx0, size) -> ElementLoops.leakyReluGradient(y, y0, dy, dy0, dx, dx0, size, slope);
    }

    private static Loop elu(float alpha) {
        return (x, x0, y, y0, size) -> ElementLoops.elu(x, x0, y, y0, size, alpha);
    }

    private static GradientLoop eluGradient(float alpha) {
        return (y, y0, dy, dy0, dx, dx0, size) -> ElementLoops.eluGradient(y, y0, dy, dy0, dx, dx0, size, alpha);
    }

    private static void copy(float[] x, int x0, float[] y, int y0, int size) {
        if (x != y || x0 != y0) {
            System.arraycopy(x, x0, y, y0, size);
        }
    }
}
