package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.BinaryOperation;
import dev.lanewise.kernels.Interpolation;
import dev.lanewise.reference.ArithmeticGradientsReference;
import dev.lanewise.reference.ArithmeticReference;
import dev.lanewise.reference.AttentionReference;
import dev.lanewise.reference.BatchNormalizationReference;
import dev.lanewise.reference.BiasReference;
import dev.lanewise.reference.ConvolutionReference;
import dev.lanewise.reference.DropoutReference;
import dev.lanewise.reference.GroupNormalizationReference;
import dev.lanewise.reference.LayerNormalizationReference;
import dev.lanewise.reference.LogSoftmaxReference;
import dev.lanewise.reference.LogSumExpReference;
import dev.lanewise.reference.LossesReference;
import dev.lanewise.reference.ParametricReluReference;
import dev.lanewise.reference.PenaltiesReference;
import dev.lanewise.reference.PoolingAxis;
import dev.lanewise.reference.PoolingReference;
import dev.lanewise.reference.ReductionGradientsReference;
import dev.lanewise.reference.ReductionsReference;
import dev.lanewise.reference.SoftmaxReference;
import dev.lanewise.reference.TransposedConvolutionReference;
import dev.lanewise.reference.UpsamplingReference;
import dev.lanewise.reference.WindowAxis;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The gradients of the {@code double} references are the slopes of their forward passes, by central differences in
 * {@code double}. The kernels are held to the references, so theirs are too.
 */
class ReferenceGradientsTest {
    private static final double STEP = 1e-5;

    private final Random random = new Random(5);

    private double[] normal(int size) {
        return random.doubles(size, -2, 2).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Fails unless a gradient is that of a function at x: rounding leaves 1e-10, curvature as much. */
    private static void assertGradient(ToDoubleFunction<double[]> f, double[] x, double[] gradient) {
        assertEquals(x.length, gradient.length);
        for (int i = 0; i < x.length; i++) {
            double middle = x[i];
            x[i] = middle + STEP;
            double above = f.applyAsDouble(x);
            x[i] = middle - STEP;
            double below = f.applyAsDouble(x);
            x[i] = middle;
            assertEquals((above - below) / (2 * STEP), gradient[i], 1e-7, "element " + i);
        }
    }

    /** Fails unless {@code gradient} of dy is that of {@code dy . forward(x)}. */
    private void assertBackward(UnaryOperator<double[]> forward, double[] x, UnaryOperator<double[]> gradient) {
        double[] dy = normal(forward.apply(x).length);
        assertGradient(other -> dot(dy, forward.apply(other)), x, gradient.apply(dy));
    }

    @Test
    void parametricRelu() {
        double[] x = normal(35);
        double[] slope = normal(5);
        assertBackward(
                other -> ParametricReluReference.forward(other, slope),
                x,
                dy -> ParametricReluReference.inputGradient(x, slope, dy));
        assertBackward(
                other -> ParametricReluReference.forward(x, other),
                slope,
                dy -> ParametricReluReference.slopeGradient(x, dy, new double[5]));
    }

    @Test
    void batchNormalization() {
        for (boolean rectified : new boolean[] {false, true}) {
            BatchNormalizationReference rows = new BatchNormalizationReference(5, 1e-3, rectified);
            double[] x = normal(35);
            double[] weight = normal(5);
            double[] bias = normal(5);
            double[] own = rows.statistics(x);
            double[] zeros = new double[5];
            assertBackward(
                    other -> rows.forward(other, rows.statistics(other), weight, bias),
                    x,
                    dy -> rows.gradient(x, own, weight, bias, true, dy, zeros, zeros)
                            .dx());
            assertBackward(
                    other -> rows.forward(other, own, weight, bias),
                    x,
                    dy -> rows.gradient(x, own, weight, bias, false, dy, zeros, zeros)
                            .dx());
            assertBackward(
                    other -> rows.forward(x, own, other, bias),
                    weight,
                    dy -> rows.gradient(x, own, weight, bias, true, dy, zeros, zeros)
                            .dweight());
            assertBackward(
                    other -> rows.forward(x, own, weight, other),
                    bias,
                    dy -> rows.gradient(x, own, weight, bias, true, dy, zeros, zeros)
                            .dbias());
        }
    }

    @Test
    void layerNormalization() {
        for (boolean centered : new boolean[] {false, true}) {
            LayerNormalizationReference rows = new LayerNormalizationReference(7, 1e-3, centered);
            double[] x = normal(28);
            double[] weight = normal(7);
            double[] bias = normal(7);
            double[] zeros = new double[7];
            assertBackward(
                    other -> rows.forward(other, weight, bias),
                    x,
                    dy -> rows.gradient(x, weight, dy, zeros, zeros).dx());
            assertBackward(
                    other -> rows.forward(x, other, bias),
                    weight,
                    dy -> rows.gradient(x, weight, dy, zeros, zeros).dweight());
            assertBackward(
                    other -> rows.forward(x, weight, other),
                    bias,
                    dy -> rows.gradient(x, weight, dy, zeros, zeros).dbias());
        }
    }

    @Test
    void groupNormalization() {
        for (boolean rectified : new boolean[] {false, true}) {
            GroupNormalizationReference images = new GroupNormalizationReference(4, 6, 2, 1e-3, rectified);
            double[] x = normal(2 * 4 * 6);
            double[] weight = normal(6);
            double[] bias = normal(6);
            double[] zeros = new double[6];
            assertBackward(
                    other -> images.forward(other, weight, bias),
                    x,
                    dy -> images.gradient(x, weight, bias, dy, zeros, zeros).dx());
            assertBackward(
                    other -> images.forward(x, other, bias),
                    weight,
                    dy -> images.gradient(x, weight, bias, dy, zeros, zeros).dweight());
            assertBackward(
                    other -> images.forward(x, weight, other),
                    bias,
                    dy -> images.gradient(x, weight, bias, dy, zeros, zeros).dbias());
        }
    }

    @Test
    void softmaxAndCrossEntropy() {
        SoftmaxReference rows = new SoftmaxReference(4, 7);
        double[] x = normal(28);
        double[] y = rows.forward(x);
        assertBackward(rows::forward, x, dy -> rows.gradient(y, dy));
        int[] labels = {3, 0, 6, 6};
        assertGradient(other -> rows.crossEntropy(other, labels), x, rows.crossEntropyGradient(x, labels));
    }

    @Test
    void logSoftmaxAndLogSumExp() {
        double[] x = normal(28);
        LogSoftmaxReference rows = new LogSoftmaxReference(4, 7);
        double[] y = rows.forward(x);
        assertBackward(rows::forward, x, dy -> rows.gradient(y, dy));
        double[] mask = new double[28];
        for (int i = 0; i < 28; i++) {
            mask[i] = i < 7 || i % 3 == 0 ? Double.NEGATIVE_INFINITY : i / 14.0;
        }
        SoftmaxReference softmax = new SoftmaxReference(4, 7);
        double[] probabilities = softmax.forward(x, mask);
        assertBackward(other -> softmax.forward(other, mask), x, dy -> softmax.gradient(probabilities, dy));
        LogSumExpReference sums = new LogSumExpReference(4, 7);
        // The first row is left out: its result is -infinity, and so is no part of a loss.
        assertBackward(
                other -> {
                    double[] sum = sums.forward(other, mask);
                    sum[0] = 0;
                    return sum;
                },
                x,
                dy -> sums.gradient(x, mask, dy));
    }

    @Test
    void arithmetic() {
        for (BinaryOperation f : BinaryOperation.values()) {
            ArithmeticReference forward = new ArithmeticReference(3, 4, 2);
            ArithmeticGradientsReference gradients = new ArithmeticGradientsReference(3, 4, 2);
            double[] a = normal(24);
            double[] b = random.doubles(4, 0.5, 1).toArray();
            assertBackward(x -> forward.apply(f, x, b), a, dy -> gradients.ofA(f, a, b, dy));
            assertBackward(x -> forward.apply(f, a, x), b, dy -> gradients.ofB(f, a, b, dy));
            double[] c = random.doubles(24, 0.5, 1).toArray();
            assertBackward(x -> forward.apply(f, x, c), b, dy -> gradients.ofA(f, b, c, dy));
        }
    }

    @Test
    void reductions() {
        ReductionsReference forward = new ReductionsReference(2, 5, 3);
        ReductionGradientsReference gradients = new ReductionGradientsReference(2, 5, 3);
        double[] x = normal(30);
        assertBackward(forward::sum, x, gradients::sum);
        UnaryOperator<double[]> norm = other ->
                Arrays.stream(forward.dot(other, other)).map(Math::sqrt).toArray();
        double[] y = norm.apply(x);
        assertBackward(norm, x, dy -> gradients.norm(x, y, dy));
    }

    @Test
    void attention() {
        for (boolean causal : new boolean[] {false, true}) {
            AttentionReference heads = new AttentionReference(2, 5, 4, 3, 2, causal, 0.6f);
            double[] q = normal(30);
            double[] k = normal(24);
            double[] v = normal(16);
            double[] mask = random.doubles(40, -1, 1).toArray();
            mask[7] = Double.NEGATIVE_INFINITY;
            assertBackward(
                    x -> heads.forward(x, k, v, mask),
                    q,
                    dy -> heads.gradient(q, k, v, mask, dy).dq());
            assertBackward(
                    x -> heads.forward(q, x, v, mask),
                    k,
                    dy -> heads.gradient(q, k, v, mask, dy).dk());
            assertBackward(
                    x -> heads.forward(q, k, x, mask),
                    v,
                    dy -> heads.gradient(q, k, v, mask, dy).dv());
        }
    }

    @Test
    void losses() {
        double[] x = normal(30);
        double[] t = normal(30);
        assertGradient(
                other -> LossesReference.meanSquaredError(other, t), x, LossesReference.meanSquaredErrorGradient(x, t));
        assertGradient(
                other -> LossesReference.binaryCrossEntropy(other, t),
                x,
                LossesReference.binaryCrossEntropyGradient(x, t));
    }

    @Test
    void penalties() {
        double[] w = normal(30);
        double[] zeros = new double[30];
        assertGradient(other -> PenaltiesReference.l1Value(other, 0.3), w, PenaltiesReference.l1(w, zeros, 0.3));
        assertGradient(other -> PenaltiesReference.l2Value(other, 0.3), w, PenaltiesReference.l2(w, zeros, 0.3));
    }

    @Test
    void biasAndDropout() {
        double[] x = normal(35);
        assertBackward(bias -> BiasReference.add(x, bias), normal(5), dy -> BiasReference.gradient(dy, new double[5]));
        assertBackward(other -> DropoutReference.apply(other, 0.4f, 9), x, dy -> DropoutReference.apply(dy, 0.4f, 9));
    }

    @Test
    void pooling() {
        PoolingReference images =
                new PoolingReference(2, new WindowAxis(6, 3, 2, 1, 0, 1), new WindowAxis(5, 2, 1, 0, 1, 1), 3);
        double[] x = normal(images.inputSize());
        assertBackward(images::average, x, images::averageGradient);
        // The maxima's reference takes floats: distinct ones, further apart than the step.
        float[] pixels = new float[x.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i * 7919 % pixels.length;
        }
        double[] dy = normal(images.outputSize());
        double[] dx = images.maxGradient(pixels, dy);
        for (int i = 0; i < pixels.length; i++) {
            float[] higher = pixels.clone();
            higher[i] += 0.25f;
            double difference = sum(images.max(higher), dy) - sum(images.max(pixels), dy);
            assertEquals(difference / 0.25, dx[i], 1e-9);
        }
    }

    private static double sum(float[] y, double[] dy) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += y[i] * dy[i];
        }
        return sum;
    }

    @Test
    void poolingThatCountsPaddingOrAdapts() {
        PoolingReference padded =
                new PoolingReference(2, new WindowAxis(6, 3, 2, 1, 0, 1), new WindowAxis(5, 2, 1, 0, 1, 1), 3);
        assertBackward(x -> padded.average(x, 6), normal(padded.inputSize()), dy -> padded.averageGradient(dy, 6));
        PoolingReference adapted = new PoolingReference(2, PoolingAxis.adaptive(7, 3), PoolingAxis.adaptive(4, 5), 3);
        assertBackward(adapted::average, normal(adapted.inputSize()), adapted::averageGradient);
    }

    @Test
    void upsampling() {
        for (Interpolation mode : Interpolation.values()) {
            UpsamplingReference larger = new UpsamplingReference(mode, 2, 3, 4, 7, 5, 3);
            assertBackward(larger::forward, normal(larger.inputSize()), larger::gradient);
            UpsamplingReference smaller = new UpsamplingReference(mode, 1, 5, 4, 3, 1, 2);
            assertBackward(smaller::forward, normal(smaller.inputSize()), smaller::gradient);
        }
    }

    @Test
    void transposedConvolution() {
        TransposedConvolutionReference images = new TransposedConvolutionReference(new ConvolutionReference(
                2, new WindowAxis(6, 3, 2, 1, 0, 1), new WindowAxis(5, 2, 1, 0, 1, 2), 4, 6, 2));
        double[] x = normal(images.transposed().forward(new double[240], new double[72], new double[6]).length);
        double[] w = normal(3 * 2 * 2 * 6);
        double[] bias = normal(4);
        assertBackward(other -> images.forward(other, w, bias), x, dy -> images.inputGradient(dy, w));
        assertBackward(
                other -> images.forward(x, other, bias), w, dy -> images.weightGradient(x, dy, new double[w.length]));
    }

    @Test
    void convolution() {
        ConvolutionReference images = new ConvolutionReference(
                2, new WindowAxis(6, 3, 2, 1, 0, 1), new WindowAxis(5, 2, 1, 0, 1, 2), 4, 6, 2);
        double[] x = normal(2 * 6 * 5 * 4);
        double[] w = normal(3 * 2 * 2 * 6);
        double[] bias = normal(6);
        assertBackward(other -> images.forward(other, w, bias), x, dy -> images.inputGradient(dy, w));
        assertBackward(
                other -> images.forward(x, other, bias), w, dy -> images.weightGradient(x, dy, new double[w.length]));
    }

    @Test
    void catchesAWrongGradient() {
        double[] x = normal(30);
        double[] right = new double[30];
        for (int i = 0; i < 30; i++) {
            right[i] = 2 * x[i];
        }
        assertGradient(other -> dot(other, other), x, right);
        double[] wrong = right.clone();
        wrong[17] *= 1.0001;
        assertCaught(() -> assertGradient(other -> dot(other, other), x, wrong));
    }
}
