package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.TransposedConvolution;
import dev.lanewise.properties.ConvolutionCase.Pass;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Rounding;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Trial.Argument;
import dev.lanewise.properties.support.Trial.Truth;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.ActivationsReference;
import dev.lanewise.reference.TransposedConvolutionReference;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The transposed convolution and its gradients against their references. */
@Tag("widths")
class TransposedConvolutionProperties {
    /** The transpose of a convolution: what that has as its output is the input here. */
    private static TransposedConvolution of(ConvolutionCase images) {
        int height = images.rows().output();
        int width = images.columns().output();
        ConvolutionGeometry g = images.geometry();
        return TransposedConvolution.of(g, height, width, rest(images.rows()), rest(images.columns()));
    }

    /** Inputs past the last one that the last output's kernel meets: the output padding that leads back to them. */
    private static int rest(WindowAxis axis) {
        int kernel = (axis.kernel() - 1) * axis.dilation() + 1;
        return (axis.padBefore() + axis.input() + axis.padAfter() - kernel) % axis.stride();
    }

    private static Trial trial(ConvolutionCase images, Pass pass, BiFunction<Random, Integer, float[]> values) {
        TransposedConvolution kernel = of(images);
        TransposedConvolutionReference reference = new TransposedConvolutionReference(images.reference());
        Random random = new Random(images.seed());
        Shape x = kernel.inputShape(images.batch());
        Shape y = kernel.outputShape(images.batch());
        Shape w = kernel.weightShape();
        Activation f = images.activation();
        float[] bias = values.apply(random, y.extent(3));
        float[] weights = values.apply(random, w.size());
        float[] in = values.apply(random, x.size());
        float[] gradient = values.apply(random, y.size());
        // The forward pass here is the input gradient there.
        int count = images.roundings(
                switch (pass) {
                    case FORWARD -> Pass.INPUT_GRADIENT;
                    case INPUT_GRADIENT -> Pass.FORWARD;
                    case WEIGHT_GRADIENT -> pass;
                });
        return switch (pass) {
            case FORWARD ->
                new Trial(
                        "transposed convolution",
                        List.of(
                                Argument.in(in, x.toArray()),
                                Argument.in(weights, w.toArray()),
                                Argument.in(bias, bias.length),
                                Argument.out(y.toArray())),
                        (t, threads, workspace) -> kernel.forward(t[0], t[1], t[2], f, t[3], threads, workspace),
                        before -> new float[][] {
                            ActivationsReference.forward(f, reference.forward(before[0], before[1], before[2]))
                        },
                        before -> new Truth[] {
                            new Truth(
                                    reference.forward(before[0], before[1], before[2]),
                                    Rounding.bounds(
                                            reference.forward(
                                                    Rounding.magnitudes(in),
                                                    Rounding.magnitudes(weights),
                                                    Rounding.magnitudes(bias)),
                                            count + 1))
                        });
            case INPUT_GRADIENT ->
                new Trial(
                        "transposed convolution input gradient",
                        List.of(
                                Argument.in(gradient, y.toArray()),
                                Argument.in(weights, w.toArray()),
                                Argument.out(x.toArray())),
                        (t, threads, workspace) -> kernel.inputGradient(t[0], t[1], t[2], threads, workspace),
                        before -> new float[][] {reference.inputGradient(before[0], before[1])},
                        before -> new Truth[] {
                            new Truth(
                                    reference.inputGradient(before[0], before[1]),
                                    Rounding.bounds(
                                            reference.inputGradient(
                                                    Rounding.magnitudes(gradient), Rounding.magnitudes(weights)),
                                            count))
                        });
            case WEIGHT_GRADIENT ->
                new Trial(
                        "transposed convolution weight gradient",
                        List.of(
                                Argument.in(in, x.toArray()),
                                Argument.in(gradient, y.toArray()),
                                Argument.inOut(weights, w.toArray())),
                        (t, threads, workspace) -> kernel.weightGradient(t[0], t[1], t[2], threads, workspace),
                        before -> new float[][] {
                            reference.weightGradient(
                                    before[0], before[1], before[2], kernel.weightGradientChunks(images.batch()))
                        },
                        before -> new Truth[] {
                            new Truth(
                                    reference.weightGradient(before[0], before[1], before[2]),
                                    Rounding.bounds(
                                            reference.weightGradient(
                                                    Rounding.magnitudes(in),
                                                    Rounding.magnitudes(gradient),
                                                    Rounding.magnitudes(weights)),
                                            count))
                        });
        };
    }

    @Property(tries = 150)
    void givesTheBitsOfTheReference(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images,
            @ForAll Pass pass,
            @ForAll(supplier = Pools.class) Parallelism parallelism) {
        trial(images, pass, Values::normal).checkBits(images.offset(), parallelism);
        trial(images, pass, Values::rarelySpecial).checkBits(images.offset(), parallelism);
    }

    @Property(tries = 100)
    void staysWithinTheRoundingOfTheTruth(
            @ForAll(supplier = ConvolutionCase.Any.class) ConvolutionCase images, @ForAll Pass pass) {
        trial(images.with(Activation.IDENTITY), pass, Values::normal).checkTruth();
    }

    @Example
    void sizesAreThoseOfPyTorch() {
        // ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1) makes 14x7 of 7x4, 13x7 without.
        ConvolutionGeometry g =
                ConvolutionGeometry.of(3, 3, 6, 8).withStride(2, 2).withPadding(1, 1, 1, 1);
        assertEquals(
                Shape.of(2, 14, 7, 6), TransposedConvolution.of(g, 7, 4, 1, 0).outputShape(2));
        assertEquals(Shape.of(2, 13, 7, 6), TransposedConvolution.of(g, 7, 4).outputShape(2));
        assertEquals(Shape.of(3, 3, 6, 8), TransposedConvolution.of(g, 7, 4).weightShape());
    }

    @Example
    void catchesWrongKernels() {
        ConvolutionCase images = new ConvolutionCase(
                new WindowAxis(9, 3, 2, 1, 0, 1),
                new WindowAxis(8, 2, 2, 0, 1, 1),
                new ConvolutionCase.Channels(2, 3, 17),
                3,
                Activation.IDENTITY,
                true,
                1,
                1);
        for (Pass pass : Pass.values()) {
            Trial right = trial(images, pass, Values::normal);
            right.checkBits(0, Pools.ONE);
            Trial wrong = right.with((t, p, w) -> {
                t[1].array()[t[1].offset()] += 1;
                right.kernel().run(t, p, w);
                t[1].array()[t[1].offset()] -= 1;
                t[t.length - 1].array()[t[t.length - 1].offset()] *= 1.5f;
            });
            assertCaught(() -> wrong.checkBits(0, Pools.ONE));
            assertCaught(wrong::checkTruth);
        }
    }
}
