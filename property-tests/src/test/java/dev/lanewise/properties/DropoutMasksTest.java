package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.layers.Dropout;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What dropout drops is a function of seed, step, layer and index: threads change nothing, and masks of neighbouring seeds,
 * steps and layers have no more in common than chance gives them.
 */
@Tag("widths")
class DropoutMasksTest {
    private static final int SIZE = 100_003;
    private static final float RATE = 0.3f;

    /** Six standard deviations of a mean of as many elements; 27 masks make some 400 comparisons. */
    private static final double CHANCE = 6 / Math.sqrt(SIZE);

    /** Makes the pass of a layer. */
    @FunctionalInterface
    private interface Passes {
        Pass of(long seed, long step, int layer, Parallelism threads);
    }

    private static Pass real(long seed, long step, int layer, Parallelism threads) {
        return Pass.training(seed, step, threads, new Workspace()).forChild(layer);
    }

    /** For each element how it was changed, less the mean, in units of the standard deviation. */
    private static double[] mask(Pass pass) {
        Tensor ones = Tensor.zeros(SIZE);
        ones.fill(1);
        Forward forward = new Dropout(RATE).forward(ones, pass);
        double[] mask = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            boolean kept = forward.output().get(i) != 0;
            mask[i] = ((kept ? 1 : 0) - (1 - RATE)) / Math.sqrt(RATE * (1 - RATE));
        }
        return mask;
    }

    private static double mean(double[] a, double[] b, int shift) {
        double sum = 0;
        for (int i = 0; i + shift < SIZE; i++) {
            sum += a[i] * b[i + shift];
        }
        return sum / SIZE;
    }

    private static void checkMasks(Passes passes) {
        List<double[]> masks = new ArrayList<>();
        for (long seed = 41; seed < 44; seed++) {
            for (long step = 0; step < 3; step++) {
                for (int layer = 0; layer < 3; layer++) {
                    masks.add(mask(passes.of(seed, step, layer, Pools.ONE)));
                }
            }
        }
        double[] ones = new double[SIZE];
        Arrays.fill(ones, 1);
        for (int i = 0; i < masks.size(); i++) {
            near0(mean(masks.get(i), ones, 0), "share of mask " + i);
            near0(mean(masks.get(i), masks.get(i), 1), "neighbours in mask " + i);
            near0(mean(masks.get(i), masks.get(i), 16), "distant neighbours in mask " + i);
            for (int j = 0; j < i; j++) {
                near0(mean(masks.get(i), masks.get(j), 0), "masks " + i + " and " + j);
            }
        }
    }

    private static void near0(double mean, String what) {
        assertTrue(Math.abs(mean) < CHANCE, () -> what + ": " + mean);
    }

    private static void checkThreads(Passes passes) {
        double[] one = mask(passes.of(42, 7, 1, Pools.ONE));
        assertArrayEquals(one, mask(passes.of(42, 7, 1, Pools.ONE)), "again");
        assertArrayEquals(one, mask(passes.of(42, 7, 1, Pools.TWO)), "two threads");
    }

    @Test
    void masksHaveNothingInCommon() {
        checkMasks(DropoutMasksTest::real);
    }

    @Test
    void threadsChangeNothing() {
        checkThreads(DropoutMasksTest::real);
    }

    @Test
    void catchesMasksThatRepeatOrDependOnThreads() {
        assertCaught(() -> checkMasks((seed, step, layer, threads) -> real(seed, step, 0, threads)));
        assertCaught(() -> checkMasks((seed, step, layer, threads) -> real(seed, 0, layer, threads)));
        assertCaught(() -> checkMasks((seed, step, layer, threads) -> real(0, step, layer, threads)));
        assertCaught(() -> checkThreads((seed, step, layer, threads) -> real(seed, step, threads.threads(), threads)));
    }
}
