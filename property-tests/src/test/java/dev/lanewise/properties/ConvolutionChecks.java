package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.properties.ConvolutionCase.Call;
import dev.lanewise.properties.ConvolutionCase.Kernel;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.ConvolutionReference;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.Random;
import java.util.function.BiFunction;

/** What is demanded of the kernels of a convolution. */
final class ConvolutionChecks {
    private static final Parallelism THREE = Parallelism.of(3);

    private ConvolutionChecks() {}

    /** The real kernels. */
    static void real(Convolution convolution, Call call, Parallelism parallelism, Workspace workspace) {
        Tensor left = call.left();
        Tensor right = call.right();
        switch (call.pass()) {
            case FORWARD ->
                convolution.forward(left, right, call.bias(), call.activation(), call.result(), parallelism, workspace);
            case INPUT_GRADIENT -> convolution.inputGradient(left, right, call.result(), parallelism, workspace);
            case WEIGHT_GRADIENT -> convolution.weightGradient(left, right, call.result(), parallelism, workspace);
        }
    }

    static void checkBits(
            Kernel kernel,
            ConvolutionCase images,
            Pass pass,
            BiFunction<Random, Integer, float[]> values,
            Parallelism parallelism) {
        Call call = images.call(pass, values);
        Convolution convolution = images.convolution();
        ConvolutionReference reference = images.reference();
        float[] left = call.left().toArray();
        float[] right = call.right().toArray();
        float[] expected = switch (pass) {
            case FORWARD ->
                ActivationsReference.forward(
                        images.activation(), reference.forward(left, right, call.biasOrZeros(images.outChannels())));
            case INPUT_GRADIENT -> reference.inputGradient(left, right);
            case WEIGHT_GRADIENT ->
                reference.weightGradient(
                        left, right, call.result().toArray(), convolution.weightGradientChunks(images.batch()));
        };
        Bits.assertSame(pass.name(), expected, call.run(kernel, convolution, parallelism));
    }

    static void checkTruth(Kernel kernel, ConvolutionCase images, Pass pass) {
        Call call = images.call(pass, Values::normal);
        double[] truth = truth(images, call, false);
        double[] magnitudes = truth(images, call, true);
        float[] actual = call.run(kernel, images.convolution(), Pools.TWO);
        Bits.assertWithin(pass.name(), truth, actual, Rounding.bounds(magnitudes, images.roundings(pass)));
    }

    static void checkExact(Kernel kernel, ConvolutionCase images, Pass pass) {
        Call call = images.call(pass, Values::integers);
        double[] truth = truth(images, call, false);
        float[] actual = call.run(kernel, images.convolution(), Pools.TWO);
        Bits.assertWithin(pass.name(), truth, actual, new double[truth.length]);
    }

    /** The textbook's sums, or those of the terms' magnitudes. */
    static double[] truth(ConvolutionCase images, Call call, boolean magnitudes) {
        BiFunction<float[], Boolean, double[]> take =
                (values, absolute) -> absolute ? Rounding.magnitudes(values) : Values.widen(values);
        double[] left = take.apply(call.left().toArray(), magnitudes);
        double[] right = take.apply(call.right().toArray(), magnitudes);
        double[] bias = take.apply(call.biasOrZeros(images.outChannels()), magnitudes);
        ConvolutionReference reference = images.reference();
        return switch (call.pass()) {
            case FORWARD -> reference.forward(left, right, bias);
            case INPUT_GRADIENT -> reference.inputGradient(left, right);
            case WEIGHT_GRADIENT ->
                reference.weightGradient(left, right, take.apply(call.result().toArray(), magnitudes));
        };
    }

    static void checkThreads(Kernel kernel, ConvolutionCase images, Pass pass) {
        checkThreads(kernel, images, images.convolution(), pass);
    }

    static void checkThreads(Kernel kernel, ConvolutionCase images, Convolution convolution, Pass pass) {
        float[] one = images.call(pass, Values::normal).run(kernel, convolution, Pools.ONE);
        for (Parallelism threads : new Parallelism[] {Pools.TWO, THREE}) {
            float[] more = images.call(pass, Values::normal).run(kernel, convolution, threads);
            Bits.assertSame(threads.threads() + " threads: " + pass, one, more);
        }
    }

    /** The three are one trilinear form: g . conv(x, w) = x . dx(g, w) = w . dw(x, g). */
    static void checkAdjoint(Kernel kernel, ConvolutionCase images) {
        Convolution convolution = images.convolution();
        Random random = new Random(images.seed());
        Tensor x = integers(random, convolution.inputShape(images.batch()).toArray());
        Tensor w = integers(random, convolution.weightShape().toArray());
        Tensor g = integers(random, convolution.outputShape(images.batch()).toArray());
        double forward =
                dot(g, run(kernel, convolution, Pass.FORWARD, x, w, g.shape().toArray()));
        double input = dot(
                x, run(kernel, convolution, Pass.INPUT_GRADIENT, g, w, x.shape().toArray()));
        double weight = dot(
                w,
                run(kernel, convolution, Pass.WEIGHT_GRADIENT, x, g, w.shape().toArray()));
        // Integers: every sum is exact.
        assertEquals(forward, input);
        assertEquals(forward, weight);
    }

    /** Runs the forward pass with a residual: the real one, or one that is wrong on purpose. */
    @FunctionalInterface
    interface Residual {
        void run(Convolution convolution, Call call, Tensor residual, Parallelism parallelism);
    }

    /** The real forward pass. */
    static void withResidual(Convolution convolution, Call call, Tensor residual, Parallelism parallelism) {
        convolution.forward(
                call.left(),
                call.right(),
                call.bias(),
                residual,
                call.activation(),
                call.result(),
                parallelism,
                new Workspace());
    }

    /** The sum, then the residual, then the activation. */
    static void checkResidual(Residual kernel, ConvolutionCase images, Parallelism parallelism) {
        checkResidual(kernel, images, images.convolution(), parallelism);
    }

    /** The same of a convolution by another algorithm. */
    static void checkResidual(
            Residual kernel, ConvolutionCase images, Convolution convolution, Parallelism parallelism) {
        int[] shape = convolution.outputShape(images.batch()).toArray();
        float[] sums = images.with(Activation.IDENTITY)
                .call(Pass.FORWARD, Values::normal)
                .run(ConvolutionChecks::real, convolution, Pools.ONE);
        Tensor residual = Tensor.of(Values.normal(new Random(images.seed()), sums.length), shape);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += residual.array()[i];
        }
        Call call = images.call(Pass.FORWARD, Values::normal);
        kernel.run(convolution, call, residual, parallelism);
        float[] expected = ActivationsReference.forward(images.activation(), sums);
        Bits.assertSame("with residual", expected, call.result().toArray());
    }

    private static Tensor run(
            Kernel kernel, Convolution convolution, Pass pass, Tensor left, Tensor right, int[] result) {
        Tensor target = Tensor.zeros(result);
        Call call = new Call(pass, left, right, null, Activation.IDENTITY, target);
        kernel.run(convolution, call, Pools.TWO, new Workspace());
        return target;
    }

    private static Tensor integers(Random random, int[] extents) {
        Tensor tensor = Tensor.zeros(extents);
        return Tensor.of(Values.integers(random, tensor.size()), extents);
    }

    private static double dot(Tensor x, Tensor y) {
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            sum += (double) x.array()[i] * y.array()[i];
        }
        return sum;
    }
}
