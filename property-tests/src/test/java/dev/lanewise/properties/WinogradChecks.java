package dev.lanewise.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.properties.ConvolutionCase.Call;
import dev.lanewise.properties.ConvolutionCase.Kernel;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.WinogradReference;
import dev.lanewise.runtime.Parallelism;
import java.util.Random;
import java.util.function.BiFunction;

/** What is demanded of convolutions by Winograd's algorithm. */
final class WinogradChecks {
    private WinogradChecks() {}

    static void checkBits(
            Kernel kernel,
            ConvolutionCase images,
            Pass pass,
            BiFunction<Random, Integer, float[]> values,
            Parallelism parallelism) {
        Call call = images.call(pass, values);
        WinogradReference reference = images.winograd();
        float[] left = call.left().toArray();
        float[] right = call.right().toArray();
        float[] expected = switch (pass) {
            case FORWARD ->
                ActivationsReference.forward(
                        images.activation(), reference.forward(left, right, call.biasOrZeros(images.outChannels())));
            case INPUT_GRADIENT -> reference.inputGradient(left, right);
            case WEIGHT_GRADIENT ->
                reference.weightGradient(left, right, call.result().toArray());
        };
        Bits.assertSame(pass.name(), expected, call.run(kernel, fast(images), parallelism));
    }

    /** The result is within the bound that the reference derives from the arguments. */
    static void checkBounds(
            Kernel kernel, ConvolutionCase images, Pass pass, BiFunction<Random, Integer, float[]> values) {
        Call call = images.with(Activation.IDENTITY).call(pass, values);
        double[] truth = ConvolutionChecks.truth(images, call, false);
        WinogradReference reference = images.winograd();
        float[] left = call.left().toArray();
        float[] right = call.right().toArray();
        double[] bounds = switch (pass) {
            case FORWARD -> reference.forwardBounds(left, right, call.biasOrZeros(images.outChannels()));
            case INPUT_GRADIENT -> reference.inputGradientBounds(left, right);
            case WEIGHT_GRADIENT ->
                reference.weightGradientBounds(left, right, call.result().toArray());
        };
        Bits.assertWithin(pass.name(), truth, call.run(kernel, fast(images), Pools.TWO), bounds);
    }

    private static Convolution fast(ConvolutionCase images) {
        Convolution convolution = images.fast();
        assertTrue(convolution.usesWinograd(images.batch()));
        return convolution;
    }
}
