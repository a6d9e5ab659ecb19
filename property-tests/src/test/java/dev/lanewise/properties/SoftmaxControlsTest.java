package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.LogSoftmax;
import dev.lanewise.kernels.LogSumExp;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.properties.SoftmaxTrials.Operation;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Masked softmax, log-softmax and log-sum-exp that are wrong on purpose, and what they make of rows that are left out. */
class SoftmaxControlsTest {
    private static final SoftmaxTrials ROWS = new SoftmaxTrials(3, 5, 1100, Shape.of(3, 1, 1100), 4);
    private static final float NONE = Float.NEGATIVE_INFINITY;

    @Test
    void catchesAMaskThatIsNotSeen() {
        assertCaughtByBoth(ROWS, Operation.MASKED_SOFTMAX, (t, p, w) -> Softmax.forward(t[0], t[2], p));
        assertCaughtByBoth(ROWS, Operation.MASKED_LOG_SOFTMAX, (t, p, w) -> LogSoftmax.forward(t[0], t[2], p, w));
        assertCaughtByBoth(ROWS, Operation.MASKED_LOG_SUM_EXP, (t, p, w) -> LogSumExp.forward(t[0], null, t[2], p, w));
    }

    @Test
    void catchesTheMaskOfAnotherPlane() {
        Trial trial = ROWS.trial(Operation.MASKED_SOFTMAX, Values::normal);
        trial.checkBits(0, Pools.ONE);
        assertCaughtByBoth(ROWS, Operation.MASKED_SOFTMAX, (t, p, w) -> {
            Tensor first = t[1].slice(0, 1).reshape(Shape.of(1100));
            Softmax.forward(t[0], first, t[2], p);
        });
    }

    @Test
    void catchesAGradientWithoutTheSum() {
        assertCaughtByBoth(ROWS, Operation.LOG_SOFTMAX_GRADIENT, (t, p, w) -> t[2].copyFrom(t[1]));
        assertCaughtByBoth(ROWS, Operation.LOG_SUM_EXP_GRADIENT, (t, p, w) -> Softmax.forward(t[0], t[2], p));
    }

    @Test
    void catchesTheLogarithmOfARoundedSoftmax() {
        Trial trial = new SoftmaxTrials(1, 1, 3, Shape.of(3), 0)
                .trial(Operation.LOG_SOFTMAX, (random, size) -> size == 3 ? new float[] {0, 200, 1} : new float[size]);
        trial.checkTruth();
        // The softmax is 0 beside the largest, and its logarithm -infinity.
        assertCaught(() -> trial.with((t, p, w) -> {
                    Softmax.forward(t[0], t[1], p);
                    Activations.forward(Activation.LOG, t[1], t[1], p);
                })
                .checkTruth());
    }

    @Test
    void leavesOutRowsAndWhatTheyHold() {
        Tensor x = Tensor.of(new float[] {1, Float.NaN, 1, 5, Float.POSITIVE_INFINITY, Float.NaN}, 2, 3);
        Tensor mask = Tensor.of(new float[] {0, NONE, 0, NONE, NONE, NONE}, 2, 3);
        Tensor y = Tensor.zeros(2, 3);
        Workspace workspace = new Workspace();
        Softmax.forward(x, mask, y, Pools.ONE);
        assertArrayEquals(new float[] {0.5f, 0, 0.5f, 0, 0, 0}, y.toArray());
        float half = (float) Math.log(0.5);
        LogSoftmax.forward(x, mask, y, Pools.ONE, workspace);
        assertArrayEquals(new float[] {half, NONE, half, NONE, NONE, NONE}, y.toArray());
        Tensor sums = Tensor.zeros(2);
        LogSumExp.forward(x, mask, sums, Pools.ONE, workspace);
        assertArrayEquals(new float[] {(float) (1 + Math.log(2)), NONE}, sums.toArray());
        LogSumExp.gradient(x, mask, Tensor.of(new float[] {2, 3}, 2), y, Pools.ONE, workspace);
        assertArrayEquals(new float[] {1, 0, 1, 0, 0, 0}, y.toArray());
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        SoftmaxTrials many = new SoftmaxTrials(3, 17, 1100, Shape.of(1100), 4);
        for (Operation operation : Operation.values()) {
            Trial trial = many.trial(operation, Values::normal);
            assertCaught(() -> trial.with((t, p, w) -> {
                        trial.kernel().run(t, p, w);
                        t[t.length - 1].array()[t[t.length - 1].offset()] = p.threads();
                    })
                    .checkThreads());
        }
    }

    private static void assertCaughtByBoth(SoftmaxTrials rows, Operation operation, Trial.Kernel wrong) {
        Trial trial = rows.trial(operation, Values::normal).with(wrong);
        assertCaught(() -> trial.checkBits(0, Pools.ONE));
        assertCaught(trial::checkTruth);
    }
}
