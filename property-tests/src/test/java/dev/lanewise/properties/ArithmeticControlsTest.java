package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Arithmetic;
import dev.lanewise.kernels.ArithmeticGradients;
import dev.lanewise.kernels.BinaryOperation;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Arithmetic that is wrong on purpose: each must be caught by the checks. */
class ArithmeticControlsTest {
    private static ArithmeticTrials square(BinaryOperation f, boolean aIsSmall) {
        return new ArithmeticTrials(f, 17, 17, 1, aIsSmall, 2);
    }

    @Test
    void catchesTheOtherAxis() {
        for (BinaryOperation f : BinaryOperation.values()) {
            for (boolean aIsSmall : new boolean[] {true, false}) {
                Trial trial = square(f, aIsSmall).forward(Values::normal);
                assertCaughtByBoth(trial.with((t, p, w) -> {
                    Tensor y = t[2].reshape(Shape.of(17, 17));
                    Tensor a = aIsSmall ? t[0].reshape(Shape.of(17, 1)) : t[0].reshape(Shape.of(17, 17));
                    Tensor b = aIsSmall ? t[1].reshape(Shape.of(17, 17)) : t[1].reshape(Shape.of(17, 1));
                    Arithmetic.apply(f, a, b, y, p);
                }));
            }
        }
    }

    @Test
    void catchesArgumentsThatAreExchanged() {
        for (BinaryOperation f : new BinaryOperation[] {BinaryOperation.SUBTRACT, BinaryOperation.DIVIDE}) {
            Trial trial = square(f, false).forward(Values::normal);
            assertCaughtByBoth(trial.with((t, p, w) -> Arithmetic.apply(f, t[1], t[0], t[2], p)));
        }
        Trial gradient = square(BinaryOperation.MIN, false).gradient(Values::normal);
        assertCaughtByBoth(gradient.with(
                (t, p, w) -> ArithmeticGradients.apply(BinaryOperation.MAX, t[0], t[1], t[2], t[3], t[4], p, w)));
    }

    @Test
    void catchesAGradientThatIsNotSummedOrNotNegated() {
        for (BinaryOperation f : BinaryOperation.values()) {
            Trial trial = square(f, true).gradient(Values::normal);
            assertCaughtByBoth(trial.with((t, p, w) -> {
                trial.kernel().run(t, p, w);
                ArithmeticGradients.apply(
                        f,
                        t[0].reshape(Shape.of(17)),
                        t[1].slice(0, 1).reshape(Shape.of(17)),
                        t[2].slice(0, 1).reshape(Shape.of(17)),
                        t[3].reshape(Shape.of(17)),
                        null,
                        p,
                        w);
            }));
        }
        Trial subtract = square(BinaryOperation.SUBTRACT, false).gradient(Values::normal);
        assertCaughtByBoth(subtract.with(
                (t, p, w) -> ArithmeticGradients.apply(BinaryOperation.ADD, t[0], t[1], t[2], t[3], t[4], p, w)));
    }

    private static void assertCaughtByBoth(Trial wrong) {
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }
}
