package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.BatchNormalization;
import dev.lanewise.kernels.GroupNormalization;
import dev.lanewise.kernels.LayerNormalization;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.LayerNormalizationReference;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Normalisations where they are hard, and such that are wrong on purpose: each must be caught by the checks. */
class NormalizationControlsTest {
    private static final double EPSILON = 1e-5;
    private static final BatchNormalizationTrials ROWS = new BatchNormalizationTrials(300, 37, 4);
    private static final LayerNormalizationTrials LONG = new LayerNormalizationTrials(70, 137, 4);
    private static final GroupNormalizationTrials IMAGES = new GroupNormalizationTrials(3, 70, 4, 5, 4);

    /** Finds the variance of a column. */
    private static double variance(float[] x, UnaryOperator<Tensor> statistics) {
        return statistics.apply(Tensor.of(x, x.length, 1)).get(2, 0);
    }

    private static Tensor right(Tensor x) {
        Tensor statistics = Tensor.zeros(3, 1);
        BatchNormalization.statistics(x, statistics, Pools.ONE, new Workspace());
        return statistics;
    }

    /** The mean of squares less the square of the mean, in one pass. */
    private static Tensor ofSquares(Tensor x) {
        float sum = 0;
        float squares = 0;
        for (float value : x.toArray()) {
            sum += value;
            squares = Math.fma(value, value, squares);
        }
        float mean = sum / x.size();
        return Tensor.of(new float[] {mean, 0, squares / x.size() - mean * mean}, 3, 1);
    }

    private static void assertVariance(float[] x, double tolerance, UnaryOperator<Tensor> statistics) {
        double mean = 0;
        for (float value : x) {
            mean += (double) value / x.length;
        }
        double variance = 0;
        for (float value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        assertEquals(1, variance(x, statistics) / variance, tolerance, "of " + variance);
        Tensor found = statistics.apply(Tensor.of(x, x.length, 1));
        double error = (double) found.get(0, 0) + found.get(1, 0) - mean;
        assertEquals(0, error / Math.sqrt(variance), tolerance, "mean " + mean);
    }

    /** At a mean of 10,000 floats lie 0.001 apart: the values are rounded, but not their statistics. */
    @Test
    void aMeanFarFromZeroCostsNoDigits() {
        Random random = new Random(3);
        float[] x = new float[5000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (10_000 + random.nextGaussian());
        }
        assertVariance(x, 1e-6, NormalizationControlsTest::right);
        assertCaught(() -> assertVariance(x, 1e-6, NormalizationControlsTest::ofSquares));
        // Whole chunks that are far from the others, and one value that is.
        for (int i = 0; i < 640; i++) {
            x[i] -= 9000;
        }
        assertVariance(x, 1e-6, NormalizationControlsTest::right);
        float[] outlier = x.clone();
        outlier[1000] = 1e7f;
        assertVariance(outlier, 1e-6, NormalizationControlsTest::right);
    }

    @Test
    void aRowFarFromZeroCostsNoDigits() {
        float[] x = new float[1000];
        Random random = new Random(3);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (10_000 + random.nextGaussian());
        }
        float[] ones = new float[1000];
        Arrays.fill(ones, 1);
        double[] truth =
                new LayerNormalizationReference(1000, EPSILON, true).forward(Values.widen(x), Values.widen(ones), null);
        Tensor y = Tensor.zeros(1, 1000);
        LayerNormalization.centered(EPSILON)
                .forward(
                        Tensor.of(x, 1, 1000),
                        Tensor.of(ones, 1000),
                        null,
                        y,
                        Tensor.zeros(1, 3),
                        Pools.ONE,
                        new Workspace());
        for (int i = 0; i < 1000; i++) {
            assertEquals(truth[i], y.get(0, i), 2e-6 * Math.max(1, Math.abs(truth[i])));
        }
    }

    @Test
    void whatIsTheSameEverywhereHasNoVariance() {
        for (float value : new float[] {0.1f, 12345.678f, -1e7f, 3e-39f}) {
            float[] x = new float[1000];
            Arrays.fill(x, value);
            // Far below any epsilon.
            assertEquals(0, variance(x, NormalizationControlsTest::right) / EPSILON, 1e-3, "of " + value);
        }
    }

    @Test
    void catchesTheUnbiasedVariance() {
        assertCaughtByBoth(ROWS.trial(BatchNormalizationTrials.Operation.STATISTICS, Values::normal)
                .with((t, p, w) -> {
                    BatchNormalization.statistics(t[0], t[1], p, w);
                    for (int c = 0; c < 37; c++) {
                        t[1].set(t[1].get(2, c) * 300 / 299, 2, c);
                    }
                }));
    }

    @Test
    void catchesRunningStatisticsThatDoNotMove() {
        assertCaughtByBoth(ROWS.trial(BatchNormalizationTrials.Operation.FOLLOW, Values::normal)
                .with((t, p, w) -> BatchNormalization.follow(t[0], 300, 0, t[1], t[2])));
    }

    @Test
    void catchesALostReluAndALostRest() {
        assertCaughtByBoth(ROWS.trial(BatchNormalizationTrials.Operation.FORWARD_RELU, Values::normal)
                .with((t, p, w) -> BatchNormalization.of(EPSILON, Activation.IDENTITY)
                        .forward(t[0], t[1], t[2], t[3], t[4], p, w)));
        Trial rest = ROWS.trial(BatchNormalizationTrials.Operation.FORWARD, Values::normal)
                .with((t, p, w) -> {
                    Tensor statistics = Tensor.of(t[1].toArray(), 3, 37);
                    statistics.slice(1, 2).fill(0);
                    BatchNormalization.of(EPSILON, Activation.IDENTITY)
                            .forward(t[0], statistics, t[2], t[3], t[4], p, w);
                });
        assertCaught(() -> rest.checkBits(0, Pools.ONE));
    }

    @Test
    void catchesAGradientThatForgetsTheStatistics() {
        assertCaughtByBoth(ROWS.trial(BatchNormalizationTrials.Operation.GRADIENT, Values::normal)
                .with((t, p, w) -> BatchNormalization.of(EPSILON, Activation.IDENTITY)
                        .gradientOfFixed(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], p, w)));
    }

    @Test
    void catchesGradientsThatOverwrite() {
        assertCaughtByBoth(ROWS.trial(BatchNormalizationTrials.Operation.GRADIENT, Values::normal)
                .with((t, p, w) -> {
                    t[7].fill(0);
                    BatchNormalization.of(EPSILON, Activation.IDENTITY)
                            .gradient(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], p, w);
                }));
        assertCaughtByBoth(LONG.trial(LayerNormalizationTrials.Operation.GRADIENT, true, Values::normal)
                .with((t, p, w) -> {
                    t[5].fill(0);
                    LayerNormalization.centered(EPSILON).gradient(t[0], t[1], t[2], t[3], t[4], t[5], t[6], p, w);
                }));
    }

    @Test
    void catchesOtherRows() {
        LayerNormalization rms = LayerNormalization.rootMeanSquare(EPSILON);
        assertCaughtByBoth(LONG.trial(LayerNormalizationTrials.Operation.FORWARD, true, Values::normal)
                .with((t, p, w) -> rms.forward(t[0], t[1], t[2], t[4], t[3], p, w)));
        assertCaughtByBoth(LONG.trial(LayerNormalizationTrials.Operation.GRADIENT, true, Values::normal)
                .with((t, p, w) -> rms.gradient(t[0], t[1], t[2], t[3], t[4], t[5], t[6], p, w)));
    }

    @Test
    void catchesOtherGroups() {
        GroupNormalization four = GroupNormalization.of(4, 1e-3, Activation.IDENTITY);
        assertCaughtByBoth(IMAGES.trial(GroupNormalizationTrials.Operation.FORWARD, Values::normal)
                .with((t, p, w) -> {
                    // All examples as one: the statistics of the batch.
                    Shape one = Shape.of(1, 210, 20);
                    four.forward(t[0].reshape(one), t[1], t[2], t[4].reshape(one), t[3].slice(0, 1), p, w);
                    t[3].slice(1, 3).fill(0);
                }));
        assertCaughtByBoth(IMAGES.trial(GroupNormalizationTrials.Operation.GRADIENT_RELU, Values::normal)
                .with((t, p, w) -> four.gradient(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], p, w)));
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        Trial trial = ROWS.trial(BatchNormalizationTrials.Operation.STATISTICS, Values::normal);
        trial.checkThreads();
        assertCaught(() -> trial.with((t, p, w) -> {
                    trial.kernel().run(t, p, w);
                    t[1].set(t[1].get(2, 3) + (p.threads() - 1), 2, 3);
                })
                .checkThreads());
    }

    private static void assertCaughtByBoth(Trial wrong) {
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }
}
