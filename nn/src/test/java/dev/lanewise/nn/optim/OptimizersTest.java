package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Parameter;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The optimizers' steps by hand, on the way to a minimum, and saved and restored. */
class OptimizersTest {
    private static final Parallelism ONE = Parallelism.serial();

    private static Parameter parameter(float value, float gradient) {
        Parameter parameter = Parameter.weight("w", Shape.of(1, 1));
        parameter.value().fill(value);
        parameter.gradient().fill(gradient);
        return parameter;
    }

    /** Takes steps with gradient 2 from 1; returns the value after each. */
    private static double[] steps(Function<List<Parameter>, Optimizer> create, int count) {
        Parameter parameter = parameter(1, 2);
        Optimizer optimizer = create.apply(List.of(parameter));
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            optimizer.step(ONE);
            values[i] = parameter.value().get(0, 0);
        }
        assertEquals(count, optimizer.steps());
        return values;
    }

    @Test
    void sgd() {
        assertArrayEquals(new double[] {0.8, 0.6}, steps(p -> new Sgd(p, 0.1), 2), 1e-6);
        // Velocities 2, 2 + 0.5 2, 2 + 0.5 3.
        assertArrayEquals(new double[] {0.8, 0.5, 0.15}, steps(p -> new Sgd(p, 0.1, 0.5, false), 3), 1e-6);
        // Steps 2 + 0.5 2, 2 + 0.5 3.
        assertArrayEquals(new double[] {0.7, 0.35}, steps(p -> new Sgd(p, 0.1, 0.5, true), 2), 1e-6);
    }

    @Test
    void rmsProp() {
        // Mean squares 0.1 4 and 0.9 0.4 + 0.4.
        double first = 1 - 0.1 * 2 / Math.sqrt(0.4);
        double second = first - 0.1 * 2 / Math.sqrt(0.76);
        assertArrayEquals(new double[] {first, second}, steps(p -> new RmsProp(p, 0.1, 0.9, 1e-8), 2), 1e-6);
    }

    @Test
    void adam() {
        // With a constant gradient the corrected means are 2 and 4: every step is the learning rate.
        assertArrayEquals(new double[] {0.9, 0.8, 0.7}, steps(p -> new Adam(p, 0.1), 3), 1e-6);
    }

    @Test
    void adagrad() {
        // Sums of squares 4 and 8.
        double second = 0.9 - 0.1 * 2 / Math.sqrt(8);
        assertArrayEquals(new double[] {0.9, second}, steps(p -> new Adagrad(p, 0.1), 2), 1e-6);
    }

    @Test
    void adadelta() {
        // Mean squares 0.4 and 0.76; those of the steps 0 and then a tenth of the first step's square.
        double step = 2 * Math.sqrt(0.01 / 0.41);
        double next = 2 * Math.sqrt((0.1 * step * step + 0.01) / 0.77);
        assertArrayEquals(
                new double[] {1 - 0.5 * step, 1 - 0.5 * step - 0.5 * next},
                steps(p -> new Adadelta(p, 0.5, 0.9, 0.01), 2),
                1e-6);
    }

    @Test
    void adamWShrinksWeightsAlone() {
        // A step of 0.1 from what 1 - 0.1 0.5 leaves.
        assertArrayEquals(
                new double[] {0.85, 0.85 * 0.95 - 0.1}, steps(p -> new AdamW(p, 0.1, 0.9, 0.999, 1e-8, 0.5), 2), 1e-6);
        Parameter bias = Parameter.bias("b", Shape.of(1));
        bias.value().fill(3);
        new AdamW(List.of(bias), 0.1, 0.9, 0.999, 1e-8, 0.5).step(ONE);
        new Lion(List.of(bias), 0.1, 0.9, 0.99, 0.5).step(ONE);
        assertEquals(3, bias.value().get(0));
    }

    @Test
    void amsGradRemembersTheLargest() {
        Parameter parameter = parameter(1, 2);
        AmsGrad amsGrad = new AmsGrad(List.of(parameter), 0.1, 0, 0, 1e-8);
        amsGrad.step(ONE);
        assertEquals(0.9, parameter.value().get(0, 0), 1e-6);
        // Divided by 2, not by 1; Adam would step 0.1.
        parameter.gradient().fill(1);
        amsGrad.step(ONE);
        assertEquals(0.85, parameter.value().get(0, 0), 1e-6);
    }

    @Test
    void lion() {
        // Steps of the learning rate, of what 1 - 0.1 0.5 leaves.
        assertArrayEquals(
                new double[] {0.85, 0.85 * 0.95 - 0.1}, steps(p -> new Lion(p, 0.1, 0.9, 0.99, 0.5), 2), 1e-6);
    }

    @Test
    void everyOneFindsAMinimum() {
        List<Function<List<Parameter>, Optimizer>> all = List.of(
                p -> new Sgd(p, 0.1),
                p -> new Sgd(p, 0.05, 0.9, true),
                p -> new RmsProp(p, 0.01),
                p -> new Adagrad(p, 1),
                p -> new Adadelta(p, 5),
                p -> new Adam(p, 0.05),
                p -> new AdamW(p, 0.05, 0.9, 0.999, 1e-8, 0),
                p -> new AmsGrad(p, 0.05),
                p -> new Lion(p, 0.01));
        for (Function<List<Parameter>, Optimizer> create : all) {
            Parameter parameter = parameter(5, 0);
            Optimizer optimizer = create.apply(List.of(parameter));
            for (int i = 0; i < 1000; i++) {
                optimizer.zeroGradients();
                assertEquals(0, parameter.gradient().get(0, 0));
                parameter.gradient().fill(2 * (parameter.value().get(0, 0) - 3));
                optimizer.step(ONE);
            }
            assertEquals(
                    3, parameter.value().get(0, 0), 0.02, optimizer.getClass().getName());
        }
    }

    @Test
    void aRestoredOptimizerGoesOnWithTheSameBits() {
        Parameter kept = parameter(1, 0.3f);
        Adam adam = new Adam(List.of(kept), 0.01);
        for (int i = 0; i < 5; i++) {
            adam.step(ONE);
        }
        Parameter copy = parameter(kept.value().get(0, 0), 0.3f);
        Adam other = new Adam(List.of(copy), 0.01);
        Map<String, Tensor> state = new HashMap<>(adam.state());
        assertEquals(2, state.size());
        assertTrue(state.containsKey("mean.w") && state.containsKey("meanSquare.w"));
        other.restore(adam.steps(), state);
        adam.step(ONE);
        other.step(ONE);
        assertEquals(kept.value().get(0, 0), copy.value().get(0, 0));

        state.remove("mean.w");
        assertMessage("adam: the saved state has no mean.w", () -> other.restore(3, state));
        state.put("mean.w", Tensor.zeros(7));
        assertMessage("adam: the saved mean.w is 7; it must be 1x1", () -> other.restore(3, state));
        state.put("mean.v", Tensor.zeros(1));
        state.remove("mean.w");
        assertThrows(IllegalArgumentException.class, () -> other.restore(3, state));
    }

    @Test
    void penaltiesSpareTheBiases() {
        Parameter weight = parameter(-2, 0);
        Parameter bias = Parameter.bias("b", Shape.of(1));
        bias.value().fill(100);
        float value = new Penalty(0.5, 0.25).apply(List.of(weight, bias), ONE, new Workspace());
        assertEquals(0.5 * 2 + 0.125 * 4, value, 1e-6);
        assertEquals(-0.5 - 0.25 * 2, weight.gradient().get(0, 0), 1e-6);
        assertEquals(0, bias.gradient().get(0));
        assertEquals(0, Penalty.NONE.apply(List.of(weight, bias), ONE, new Workspace()));
    }

    @Test
    void clipsElementsThenTheNormOfAll() {
        Parameter first = parameter(0, -7);
        Parameter second = Parameter.bias("b", Shape.of(1));
        second.gradient().fill(4);
        List<Parameter> both = List.of(first, second);
        assertEquals(0, Clip.NONE.apply(both, ONE, new Workspace()));
        assertEquals(0, Clip.value(3e9).apply(both, ONE, new Workspace()));
        assertEquals(-7, first.gradient().get(0, 0));
        // -3 and 4 are 5 long.
        first.gradient().fill(-3);
        assertEquals(5, Clip.norm(5.1).apply(both, ONE, new Workspace()));
        assertEquals(4, second.gradient().get(0));
        assertEquals(5, new Clip(4, 2.5).apply(both, ONE, new Workspace()));
        assertEquals(-3 * 2.5 / (5 + 1e-6), first.gradient().get(0, 0), 1e-7);
        assertEquals(4 * 2.5 / (5 + 1e-6), second.gradient().get(0), 1e-7);
        Clip.value(1).apply(both, ONE, new Workspace());
        assertEquals(-1, first.gradient().get(0, 0));
        assertEquals(1, second.gradient().get(0));

        second.gradient().fill(Float.POSITIVE_INFINITY);
        assertEquals(Double.POSITIVE_INFINITY, Clip.norm(1).apply(both, ONE, new Workspace()));
        assertEquals(-1, first.gradient().get(0, 0));
        assertMessage("clip: norm is NaN; it must be at least 0 and finite", () -> Clip.norm(Double.NaN));
        assertMessage("clip: value is -1.0; it must be at least 0 and finite", () -> Clip.value(-1));
    }

    private static void assertMessage(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        List<Parameter> one = List.of(parameter(1, 1));
        assertMessage("sgd: learning rate is NaN; it must be at least 0 and finite", () -> new Sgd(one, Double.NaN));
        assertMessage("adam: learning rate is -0.1; it must be at least 0 and finite", () -> new Adam(one, -0.1));
        assertMessage("sgd: momentum is 1.0; it must be at least 0 and below 1", () -> new Sgd(one, 0.1, 1, false));
        assertMessage("sgd: momentum is 0; Nesterov's needs one above 0", () -> new Sgd(one, 0.1, 0, true));
        assertMessage("rmsprop: epsilon is 0.0; it must be above 0 and finite", () -> new RmsProp(one, 0.1, 0.9, 0));
        assertMessage("adagrad: epsilon is 0.0; it must be above 0 and finite", () -> new Adagrad(one, 0.1, 0));
        assertMessage("adadelta: decay is 1.0; it must be at least 0 and below 1", () -> new Adadelta(one, 1, 1, 1e-6));
        assertMessage("amsgrad: beta2 is 1.0; it must be at least 0 and below 1", () -> new AmsGrad(one, 1, 0, 1, 1));
        assertMessage(
                "adamw: weight decay is -1.0; it must be at least 0 and finite",
                () -> new AdamW(one, 0.1, 0.9, 0.999, 1e-8, -1));
        assertMessage(
                "lion: beta1 is NaN; it must be at least 0 and below 1", () -> new Lion(one, 1, Double.NaN, 0, 0));
        assertMessage("penalty: l1 is -1.0; it must be at least 0 and finite", () -> Penalty.l1(-1));
        List<Parameter> twice = List.of(parameter(1, 1), parameter(1, 1));
        assertMessage("sgd: two parameters are named w; names must differ", () -> new Sgd(twice, 0.1));
    }
}
