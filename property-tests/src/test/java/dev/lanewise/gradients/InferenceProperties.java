package dev.lanewise.gradients;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.gradients.LayerCase.Kind;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvAlgorithm;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Layers for inference: the bits of the layers that they were made from. */
@Tag("widths")
class InferenceProperties {
    private static float[] outputs(Layer layer, Tensor input, Parallelism parallelism) {
        return layer.forward(input, Pass.inference(parallelism, new Workspace()))
                .output()
                .toArray();
    }

    private static void check(LayerCase layer, Layer prepared, Parallelism parallelism) {
        Shape example = layer.input().shape().dropFirst();
        assertEquals(layer.layer().outputShape(example), prepared.outputShape(example));
        float[] expected = outputs(layer.layer(), layer.input(), Pools.ONE);
        Bits.assertSame(layer.toString(), expected, outputs(prepared, layer.input(), parallelism));
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void givesTheBitsOfTheLayer(
            @ForAll Kind kind, @ForAll long seed, @ForAll(supplier = Pools.class) Parallelism parallelism) {
        LayerCase layer = LayerCase.of(kind, new Random(seed));
        check(layer, layer.layer().forInference(), parallelism);
    }

    @Example
    void packedWeightsDoNotFollowTheParameters() {
        for (Kind kind : new Kind[] {Kind.LINEAR, Kind.CONV2D, Kind.RESIDUAL, Kind.NETWORK}) {
            LayerCase layer = LayerCase.of(kind, new Random(7));
            Layer prepared = layer.layer().forInference();
            float[] before = outputs(prepared, layer.input(), Pools.ONE);
            check(layer, prepared, Pools.ONE);
            List<String> left =
                    prepared.parameters().stream().map(Parameter::name).toList();
            List<Parameter> ofConvolutions = layer.layer().parameters().stream()
                    .filter(parameter -> !left.contains(parameter.name()))
                    .toList();
            assertFalse(ofConvolutions.isEmpty());
            for (Parameter parameter : ofConvolutions) {
                parameter.value().fill(0.01f);
                Bits.assertSame(parameter.name(), before, outputs(prepared, layer.input(), Pools.ONE));
            }
            assertCaught(() -> check(layer, prepared, Pools.ONE));
            check(layer, layer.layer().forInference(), Pools.ONE);
        }
    }

    @Example
    void theAlgorithmIsKept() {
        ConvolutionGeometry geometry = ConvolutionGeometry.of(3, 3, 16, 16).same();
        Conv2d layer = new Conv2d(geometry, Activation.RELU, ConvAlgorithm.FAST);
        Initializer.HE_NORMAL.fill(layer, 3);
        Layer prepared = layer.forInference();
        for (int side : new int[] {4, 32}) {
            Tensor input = Tensor.zeros(1, side, side, 16);
            Random random = new Random(side);
            for (int i = 0; i < input.size(); i++) {
                input.array()[i] = (float) random.nextGaussian();
            }
            Bits.assertSame("side " + side, outputs(layer, input, Pools.ONE), outputs(prepared, input, Pools.ONE));
        }
    }

    @Example
    void trainingIsRefused() {
        LayerCase layer = LayerCase.of(Kind.CONV2D, new Random(3));
        Layer prepared = layer.layer().forInference();
        String rule = "conv2d: the weights are packed for inference; train the layer that forInference() was called on";
        Workspace workspace = new Workspace();
        Pass training = Pass.training(1, 1, Pools.ONE, workspace);
        assertEquals(
                rule,
                assertThrows(IllegalStateException.class, () -> prepared.forward(layer.input(), training))
                        .getMessage());
        Forward forward = prepared.forward(layer.input(), Pass.inference(Pools.ONE, workspace));
        assertEquals(
                rule,
                assertThrows(
                                IllegalStateException.class,
                                () -> forward.backward().apply(forward.output(), true))
                        .getMessage());
    }
}
