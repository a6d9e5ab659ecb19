package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Bias;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.properties.RowTrials.Operation;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Softmax, cross-entropy and bias that are wrong on purpose: each must be caught by the checks. */
class RowControlsTest {
    private static final RowTrials ROWS = new RowTrials(300, 37, 4);

    @Test
    void catchesASoftmaxOverTheWrongAxis() {
        assertCaughtByReferences(
                Operation.SOFTMAX,
                (t, p, w) -> Softmax.forward(t[0].reshape(Shape.of(150, 74)), t[1].reshape(Shape.of(150, 74)), p));
    }

    @Test
    void catchesASoftmaxThatOverflows() {
        // Without the largest element subtracted, exp(100) is infinite.
        Trial large = new RowTrials(1, 3, 0).trial(Operation.SOFTMAX, (random, size) -> {
            float[] values = new float[size];
            Arrays.fill(values, 100);
            return values;
        });
        large.checkBits(0, Pools.ONE);
        assertCaught(() -> large.with((t, p, w) -> t[1].fill(Float.NaN)).checkBits(0, Pools.ONE));
    }

    @Test
    void catchesAGradientWithoutTheSum() {
        assertCaughtByReferences(Operation.SOFTMAX_GRADIENT, (t, p, w) -> {
            for (int i = 0; i < t[0].size(); i++) {
                t[2].array()[t[2].offset() + i] = t[0].array()[t[0].offset() + i] * t[1].array()[t[1].offset() + i];
            }
        });
    }

    @Test
    void catchesASumInsteadOfAMean() {
        int[] labels = new Random(1).ints(300, 0, 37).toArray();
        Trial trial = ROWS.crossEntropy(Values.normal(new Random(2), 300 * 37), labels);
        trial.checkBits(0, Pools.ONE);
        assertCaughtByBoth(trial.with((t, p, w) -> {
            t[2].fill(Softmax.crossEntropy(t[0], labels, t[1], p, w));
            for (int i = t[1].offset(); i < t[1].offset() + t[1].size(); i++) {
                t[1].array()[i] *= 300;
            }
        }));
        assertCaughtByBoth(trial.with((t, p, w) -> t[2].fill(300 * Softmax.crossEntropy(t[0], labels, t[1], p, w))));
    }

    @Test
    void catchesLabelsOfTheNextRow() {
        int[] labels = new Random(1).ints(300, 0, 37).toArray();
        int[] shifted = new int[300];
        System.arraycopy(labels, 1, shifted, 0, 299);
        Trial trial = ROWS.crossEntropy(Values.normal(new Random(2), 300 * 37), labels);
        assertCaughtByBoth(trial.with((t, p, w) -> t[2].fill(Softmax.crossEntropy(t[0], shifted, t[1], p, w))));
    }

    @Test
    void catchesABiasThatIsLostInOneColumn() {
        assertCaughtByReferences(Operation.BIAS, (t, p, w) -> {
            Tensor bias = Tensor.of(t[1].toArray(), 37);
            bias.set(0, 36);
            Bias.add(t[0], bias, t[2], p);
        });
    }

    @Test
    void catchesABiasGradientThatOverwritesOrChunksOtherwise() {
        assertCaughtByReferences(Operation.BIAS_GRADIENT, (t, p, w) -> {
            t[1].fill(0);
            Bias.gradient(t[0], t[1], p, w);
        });
        Trial trial = ROWS.trial(Operation.BIAS_GRADIENT, Values::normal);
        Trial halves = trial.with((t, p, w) -> {
            Bias.gradient(t[0].slice(0, 150), t[1], p, w);
            Bias.gradient(t[0].slice(150, 300), t[1], p, w);
        });
        halves.checkTruth();
        assertCaught(() -> halves.checkBits(0, Pools.ONE));
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        for (Operation operation : Operation.values()) {
            Trial trial = ROWS.trial(operation, Values::normal);
            assertCaught(() -> trial.with((t, p, w) -> {
                        trial.kernel().run(t, p, w);
                        for (int i = 0; i < t.length; i++) {
                            if (trial.arguments().get(i).written() && p.threads() > 1) {
                                t[i].array()[t[i].offset()] += 1;
                            }
                        }
                    })
                    .checkThreads());
        }
    }

    private static void assertCaughtByReferences(Operation operation, Trial.Kernel wrong) {
        assertCaughtByBoth(ROWS.trial(operation, Values::normal).with(wrong));
    }

    private static void assertCaughtByBoth(Trial wrong) {
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }
}
