package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.Reductions;
import dev.lanewise.properties.ReductionTrials.Operation;
import dev.lanewise.properties.support.Bits;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reductions that are wrong on purpose, long sums, and which maximum counts. */
class ReductionControlsTest {
    private static final ReductionTrials ROWS = new ReductionTrials(3, 40_000, 1, 4);
    private static final ReductionTrials COLUMNS = new ReductionTrials(3, 1100, 17, 4);

    private final Workspace workspace = new Workspace();

    @Test
    void catchesALostLastElement() {
        for (ReductionTrials axes : new ReductionTrials[] {ROWS, COLUMNS}) {
            for (Operation operation : Operation.values()) {
                Trial trial = axes.trial(operation, Values::normal);
                Trial wrong = trial.with((t, p, w) -> {
                    trial.kernel().run(t, p, w);
                    Tensor last = t[trial.arguments().size() - 1];
                    Tensor result = trial.arguments().get(0).written() ? t[0] : last;
                    result.array()[result.offset() + result.size() - 1] *= 1.001f;
                    result.array()[result.offset() + result.size() - 1] += 0.001f;
                });
                assertCaught(() -> wrong.checkBits(0, Pools.ONE));
                assertCaught(wrong::checkTruth);
            }
        }
    }

    @Test
    void catchesTheAxisBeforeOrAfter() {
        ReductionTrials cube = new ReductionTrials(20, 20, 20, 1);
        Shape flat = Shape.of(20, 20);
        assertCaughtByBoth(cube, Operation.SUM, (t, p, w) -> Reductions.sum(t[0], 0, t[1].reshape(flat), p, w));
        assertCaughtByBoth(cube, Operation.NORM, (t, p, w) -> Reductions.norm(t[0], 2, t[1].reshape(flat), p, w));
        assertCaughtByBoth(cube, Operation.MAX, (t, p, w) -> Reductions.max(t[0], 2, t[1].reshape(flat), p));
    }

    @Test
    void catchesASumInFloatAlone() {
        Trial trial = ROWS.trial(Operation.SUM_OF_ALL, (random, size) -> {
            float[] values = new float[size];
            Arrays.fill(values, 0.1f);
            return values;
        });
        trial.checkTruth();
        Trial wrong = trial.with((t, p, w) -> {
            float sum = 0;
            for (int i = 0; i < t[0].size(); i++) {
                sum += t[0].array()[t[0].offset() + i];
            }
            t[1].fill(sum);
        });
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }

    @Test
    void catchesANormThatOverflows() {
        Tensor x = Tensor.zeros(1000);
        x.fill(3e30f);
        assertEquals(3e30f * (float) Math.sqrt(1000), Reductions.norm(x, Pools.ONE, workspace), 1e25f);
        x.fill(1e-30f);
        assertEquals(1e-30f * Math.sqrt(1000), Reductions.norm(x, Pools.ONE, workspace), 1e-35f);
    }

    @Test
    void aLongSumIsRightToAFewUlps() {
        assertLongSum(10_000_000);
    }

    @Test
    @Tag("nightly")
    void aSumOfAHundredMillionIsRightToAFewUlps() {
        assertLongSum(100_000_000);
    }

    private void assertLongSum(int size) {
        Tensor x = Tensor.zeros(size);
        double truth = 0;
        for (int i = 0; i < size; i++) {
            x.array()[i] = 0.1f + i % 1000 * 1e-4f;
            truth += x.array()[i];
        }
        float sum = Reductions.sum(x, Pools.TWO, workspace);
        Bits.assertUlps("sum", new double[] {truth}, new float[] {sum}, 2.5);
        float naive = 0;
        for (float value : x.array()) {
            naive += value;
        }
        float ascending = naive;
        assertCaught(() -> Bits.assertUlps("sum", new double[] {truth(x)}, new float[] {ascending}, 2.5));
    }

    private static double truth(Tensor x) {
        double sum = 0;
        for (float value : x.array()) {
            sum += value;
        }
        return sum;
    }

    @Test
    void theFirstNaNOrTheFirstMaximumCounts() {
        float nan = Float.NaN;
        float[][] rows = {{1, 3, 3, 2}, {-0f, 0f, -0f, 0f}, {5, nan, 9, nan}, {-1, -1, -1, Float.NEGATIVE_INFINITY}};
        int[] places = {1, 0, 1, 0};
        float[] maxima = {3, 0f, nan, -1};
        for (int padding : new int[] {0, 1, 13, 70, 20_000}) {
            for (int i = 0; i < rows.length; i++) {
                float[] x = new float[padding + 4];
                Arrays.fill(x, Float.NEGATIVE_INFINITY);
                System.arraycopy(rows[i], 0, x, padding, 4);
                Tensor tensor = Tensor.of(x, x.length);
                assertEquals(padding + places[i], Reductions.argmax(tensor, Pools.ONE, workspace));
                Bits.assertSame(maxima[i], Reductions.max(tensor, Pools.ONE, workspace));
            }
        }
        // The same across rows.
        Tensor columns = Tensor.zeros(4, 4);
        for (int i = 0; i < 16; i++) {
            columns.set(rows[i / 4][i % 4], i % 4, i / 4);
        }
        int[] found = new int[4];
        Reductions.argmax(columns, 0, found, Pools.ONE, workspace);
        assertArrayEquals(places, found);
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        for (Operation operation : Operation.values()) {
            Trial trial = ROWS.trial(operation, Values::normal);
            assertCaught(() -> trial.with((t, p, w) -> {
                        trial.kernel().run(t, p, w);
                        for (int i = 0; i < t.length; i++) {
                            if (trial.arguments().get(i).written()) {
                                t[i].array()[t[i].offset()] = p.threads();
                            }
                        }
                    })
                    .checkThreads());
        }
    }

    private static void assertCaughtByBoth(ReductionTrials axes, Operation operation, Trial.Kernel wrong) {
        Trial trial = axes.trial(operation, Values::normal).with(wrong);
        assertCaught(() -> trial.checkBits(0, Pools.ONE));
        assertCaught(trial::checkTruth);
    }
}
