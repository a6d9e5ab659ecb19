package dev.lanewise.gradients;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.gradients.LayerCase.Kind;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
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
        LayerCase layer = LayerCase.of(Kind.NETWORK, new Random(7));
        Layer prepared = layer.layer().forInference();
        check(layer, prepared, Pools.ONE);
        Parameter weight = layer.layer().parameters().getFirst();
        weight.value().fill(1);
        assertCaught(() -> check(layer, prepared, Pools.ONE));
        check(layer, layer.layer().forInference(), Pools.ONE);
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
