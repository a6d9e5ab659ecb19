package dev.lanewise.gradients;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.gradients.LayerCase.Kind;
import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Backward;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.GradientCheck;
import dev.lanewise.nn.GradientReport;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.nn.layers.Initializer;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.Tanh;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layers that are wrong on purpose: each must be caught by the gradient check. */
class GradientControlsTest {
    private static final Tensor INPUT = normal(Shape.of(3, 5));

    /** How a wrong layer's backward function differs from the right one. */
    @FunctionalInterface
    private interface Fault {
        Tensor apply(Backward right, Tensor gradient, boolean wanted);
    }

    /** A layer whose backward function is replaced. */
    private record Faulty(Layer right, Fault fault) implements Layer {
        @Override
        public Shape outputShape(Shape input) {
            return right.outputShape(input);
        }

        @Override
        public List<Parameter> parameters() {
            return right.parameters();
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            Forward forward = right.forward(input, pass);
            return new Forward(
                    forward.output(), (gradient, wanted) -> fault.apply(forward.backward(), gradient, wanted));
        }
    }

    private static Tensor normal(Shape shape) {
        Random random = new Random(2);
        Tensor tensor = Tensor.zeros(shape);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    private static Linear linear() {
        Linear layer = new Linear(5, 4, Activation.IDENTITY);
        Initializer.GLOROT_NORMAL.fill(layer, 1);
        return layer;
    }

    private static void assertFaultCaught(Layer right, Fault fault) {
        GradientCheck.of(right).check(INPUT);
        assertCaught(() -> GradientCheck.of(new Faulty(right, fault)).check(INPUT));
    }

    private static Parameter weight(Layer layer) {
        return layer.parameters().get(0);
    }

    @Test
    void catchesAFaultInEveryKindOfLayer() {
        for (Kind kind : Kind.values()) {
            LayerCase right = large(kind);
            LayerGradientProperties.check(right);
            Layer wrong = new Faulty(right.layer(), (backward, gradient, wanted) -> {
                Tensor inputGradient = backward.apply(gradient, wanted);
                for (int i = 0; wanted && i < inputGradient.size(); i++) {
                    inputGradient.array()[inputGradient.offset() + i] *= 1.25f;
                }
                return inputGradient;
            });
            LayerCase faulty = new LayerCase(kind, wrong, right.input());
            GradientCheck check = GradientCheck.of(wrong);
            GradientCheck able = kind.kinked(right.layer()) ? check.avoidingKinks() : check;
            assertCaught(() -> able.check(faulty.input()));
        }
    }

    private static LayerCase large(Kind kind) {
        for (int seed = 1; ; seed++) {
            LayerCase layer = LayerCase.of(kind, new Random(seed));
            if (layer.input().size() > 50) {
                return layer;
            }
        }
    }

    @Test
    void catchesAnErrorOfTwoPercentInOneElement() {
        Linear layer = linear();
        assertFaultCaught(layer, (backward, gradient, wanted) -> {
            Tensor inputGradient = backward.apply(gradient, wanted);
            if (wanted) {
                int largest = inputGradient.offset();
                for (int i = largest; i < inputGradient.offset() + inputGradient.size(); i++) {
                    float[] array = inputGradient.array();
                    largest = Math.abs(array[i]) > Math.abs(array[largest]) ? i : largest;
                }
                inputGradient.array()[largest] *= 1.02f;
            }
            return inputGradient;
        });
    }

    @Test
    void catchesALostBiasGradient() {
        Linear layer = linear();
        assertFaultCaught(layer, (backward, gradient, wanted) -> {
            Parameter bias = layer.parameters().get(1);
            float[] before = bias.gradient().toArray();
            Tensor result = backward.apply(gradient, wanted);
            bias.gradient().copyFrom(Tensor.of(before, before.length));
            return result;
        });
    }

    @Test
    void catchesAGradientThatOverwrites() {
        Linear layer = linear();
        assertFaultCaught(layer, (backward, gradient, wanted) -> {
            layer.parameters().forEach(parameter -> parameter.gradient().fill(0));
            return backward.apply(gradient, wanted);
        });
    }

    @Test
    void catchesATransposedWeightGradient() {
        Linear layer = new Linear(5, 5, Activation.IDENTITY);
        Initializer.GLOROT_NORMAL.fill(layer, 1);
        assertFaultCaught(layer, (backward, gradient, wanted) -> {
            Tensor total = weight(layer).gradient();
            float[] before = total.toArray();
            Tensor result = backward.apply(gradient, wanted);
            float[] after = total.toArray();
            for (int i = 0; i < 25; i++) {
                int transposed = i % 5 * 5 + i / 5;
                total.array()[total.offset() + i] = before[i] + after[transposed] - before[transposed];
            }
            return result;
        });
    }

    @Test
    void catchesAForgottenActivation() {
        Tanh tanh = new Tanh();
        assertFaultCaught(tanh, (backward, gradient, wanted) -> wanted ? gradient : null);
    }

    @Test
    void catchesAnotherMaskOfDropout() {
        Dropout dropout = new Dropout(0.5f);
        assertFaultCaught(dropout, (backward, gradient, wanted) -> {
            Tensor turned = Tensor.zeros(gradient.shape());
            for (int i = 0; i < gradient.size(); i++) {
                turned.array()[i] = gradient.array()[gradient.offset() + (i + 1) % gradient.size()];
            }
            return backward.apply(turned, wanted);
        });
    }

    @Test
    void catchesBrokenPromises() {
        Linear layer = linear();
        // Returns nothing though asked.
        assertFaultCaught(layer, (backward, gradient, wanted) -> {
            backward.apply(gradient, wanted);
            return null;
        });
        assertCaught(() -> GradientCheck.of(new ChangesInput()).check(INPUT));
        assertCaught(() -> GradientCheck.of(new LiesAboutShape()).check(INPUT));
    }

    /** Doubles its input in place: the right gradient, and another layer's memory spoilt. */
    private record ChangesInput() implements Layer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            Tensor output = pass.workspace().tensor(input.shape());
            output.copyFrom(input);
            return new Forward(output, (gradient, wanted) -> {
                input.fill(0);
                return gradient;
            });
        }
    }

    private record LiesAboutShape() implements Layer {
        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(input.size() + 1);
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            Tensor output = pass.workspace().tensor(input.shape());
            output.copyFrom(input);
            return new Forward(output, (gradient, wanted) -> gradient);
        }
    }

    /** A layer with a parameter that does nothing, whose gradient it says is not 0. */
    private record Idle(Linear layer, Parameter idle, float gradient) implements Layer {
        @Override
        public Shape outputShape(Shape input) {
            return layer.outputShape(input);
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(idle);
        }

        @Override
        public Forward forward(Tensor input, Pass pass) {
            Forward forward = layer.forward(input, pass);
            return new Forward(forward.output(), (dy, wanted) -> {
                idle.gradient().set(idle.gradient().get(0) + gradient, 0);
                return forward.backward().apply(dy, wanted);
            });
        }
    }

    /** Of gradients around 1, a hundred-thousandth is no rounding; a hundred-millionth is. */
    @Test
    void whereNothingMattersOnlyRoundingIsAllowed() {
        Parameter idle = Parameter.bias("idle", Shape.of(1));
        GradientCheck.of(new Idle(linear(), idle, 1e-8f)).check(INPUT);
        assertCaught(() -> GradientCheck.of(new Idle(linear(), idle, 1e-5f)).check(INPUT));
    }

    @Test
    void theMessageNamesTensorElementAndBothNumbers() {
        Linear layer = linear();
        Layer wrong = new Faulty(layer, (backward, gradient, wanted) -> {
            Tensor result = backward.apply(gradient, wanted);
            weight(layer).gradient().set(weight(layer).gradient().get(3, 2) + 10, 3, 2);
            return result;
        });
        AssertionError error =
                assertThrows(AssertionError.class, () -> GradientCheck.of(wrong).check(INPUT));
        assertTrue(error.getMessage().contains("weight[3, 2]: expected"), error.getMessage());
        assertTrue(error.getMessage().contains("(numerical), got"), error.getMessage());
    }

    @Test
    void leavesTheLayerAsItWas() {
        Linear layer = linear();
        weight(layer).gradient().fill(7);
        float[] value = weight(layer).value().toArray();
        GradientReport report = GradientCheck.of(layer).check(INPUT);
        assertArrayEquals(value, weight(layer).value().toArray());
        assertEquals(7, weight(layer).gradient().get(0, 0));
        assertEquals(15 + 20 + 4, report.compared());
        assertTrue(report.sensitivity() < 0.01, "sensitivity " + report.sensitivity());
    }
}
