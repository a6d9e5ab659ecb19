package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;

import dev.lanewise.kernels.Pooling;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.properties.PoolingTrials.Operation;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.reference.WindowAxis;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Pooling that is wrong on purpose: each must be caught by the checks. */
class PoolingControlsTest {
    /** Windows that overlap and reach over the border on one side. */
    private static final PoolingTrials OVERLAPPING =
            new PoolingTrials(new WindowAxis(7, 3, 2, 1, 0, 1), new WindowAxis(6, 2, 1, 0, 1, 1), 17, 3, 5);

    @Test
    void theCaseIsRightWithTheRealKernels() {
        for (Operation operation : Operation.values()) {
            Trial trial = OVERLAPPING.trial(operation, Values::mixed);
            trial.checkBits(1, Pools.TWO);
            OVERLAPPING.trial(operation, Values::normal).checkTruth();
            trial.checkThreads();
        }
    }

    @Test
    void catchesPaddingOnTheWrongSide() {
        PoolingGeometry wrong = OVERLAPPING.geometry().withPadding(0, 1, 1, 0);
        assertCaughtByReferences(Operation.MAX, (t, p, w) -> Pooling.maxForward(t[0], t[1], wrong, p));
        assertCaughtByReferences(
                Operation.MAX_GRADIENT, (t, p, w) -> Pooling.maxGradient(t[0], t[1], t[2], t[3], wrong, p));
        assertCaughtByReferences(Operation.AVERAGE, (t, p, w) -> Pooling.averageForward(t[0], t[1], wrong, p));
        assertCaughtByReferences(
                Operation.AVERAGE_GRADIENT, (t, p, w) -> Pooling.averageGradient(t[0], t[1], wrong, p));
    }

    @Test
    void catchesPaddingThatCounts() {
        int window = 3 * 2;
        assertCaughtByReferences(Operation.AVERAGE, (t, p, w) -> {
            Pooling.averageForward(t[0], t[1], OVERLAPPING.geometry(), p);
            // The first output row has one of three rows above the image.
            for (int c = 0; c < 17; c++) {
                t[1].array()[t[1].offset() + c] *= (float) (window - 2) / window;
            }
        });
    }

    @Test
    void catchesPaddingThatDoesNotCount() {
        PoolingGeometry right = OVERLAPPING.geometry();
        assertCaughtByReferences(
                Operation.AVERAGE_WITH_PADDING, (t, p, w) -> Pooling.averageForward(t[0], t[1], right, false, p));
        assertCaughtByReferences(
                Operation.AVERAGE_WITH_PADDING_GRADIENT,
                (t, p, w) -> Pooling.averageGradient(t[0], t[1], right, false, p));
    }

    @Test
    void catchesWindowsOfEqualSizeWhereTheyShouldAdapt() {
        // 7x6 to 3x6: rows 0-2, 2-4, 4-6; windows of 3 with stride 2 are right, those of 2 are not.
        PoolingGeometry right = PoolingGeometry.of(3, 1).withStride(2, 1);
        PoolingGeometry wrong = PoolingGeometry.of(2, 1).withStride(2, 1);
        PoolingTrials images =
                new PoolingTrials(new WindowAxis(7, 3, 2, 0, 0, 1), new WindowAxis(6, 1, 1, 0, 0, 1), 17, 3, 5);
        Trial trial = images.trial(Operation.ADAPTIVE_AVERAGE, Values::normal);
        trial.with((t, p, w) -> Pooling.averageForward(t[0], t[1], right, p)).checkBits(0, Pools.ONE);
        Trial failing = trial.with((t, p, w) -> Pooling.averageForward(t[0], t[1], wrong, p));
        assertCaught(() -> failing.checkBits(0, Pools.ONE));
        assertCaught(failing::checkTruth);
    }

    @Test
    void catchesAWindowThatOverwritesItsNeighbour() {
        for (Operation operation :
                new Operation[] {Operation.MAX_GRADIENT, Operation.AVERAGE_GRADIENT, Operation.ADAPTIVE_AVERAGE_GRADIENT
                }) {
            assertCaughtByReferences(operation, (t, p, w) -> {
                OVERLAPPING.trial(operation, Values::normal).kernel().run(t, p, w);
                Tensor dx = t[t.length - 1];
                for (int i = 0; i < dx.size(); i += 2) {
                    dx.array()[dx.offset() + i] *= 0.5f;
                }
            });
        }
    }

    @Test
    void catchesTheLastOfEqualMaxima() {
        BiFunction<Random, Integer, float[]> equal = (random, size) -> new float[size];
        Trial flipped = OVERLAPPING.trial(Operation.MAX_GRADIENT, (random, size) -> {
            float[] ones = equal.apply(random, size);
            Arrays.fill(ones, 1);
            return ones;
        });
        flipped.checkBits(0, Pools.ONE);
        assertCaught(() -> flipped.with((t, p, w) -> {
                    // A smaller first pixel makes the next one of the window win.
                    Tensor x = Tensor.of(t[0].toArray(), t[0].shape().toArray());
                    x.array()[0] = 0.5f;
                    Pooling.maxGradient(x, t[1], t[2], t[3], OVERLAPPING.geometry(), p);
                })
                .checkBits(0, Pools.ONE));
    }

    @Test
    void catchesALostNaN() {
        BiFunction<Random, Integer, float[]> withNaN = (random, size) -> {
            float[] values = Values.normal(random, size);
            values[size / 2] = Float.NaN;
            return values;
        };
        Trial trial = OVERLAPPING.trial(Operation.MAX, withNaN);
        trial.checkBits(0, Pools.ONE);
        assertCaught(() -> trial.with((t, p, w) -> {
                    Tensor x = Tensor.of(t[0].toArray(), t[0].shape().toArray());
                    x.array()[x.size() / 2] = Float.NEGATIVE_INFINITY;
                    Pooling.maxForward(x, t[1], OVERLAPPING.geometry(), p);
                })
                .checkBits(0, Pools.ONE));
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        for (Operation operation : Operation.values()) {
            Trial trial = OVERLAPPING.trial(operation, Values::normal);
            assertCaught(() -> trial.with((t, p, w) -> {
                        trial.kernel().run(t, p, w);
                        Tensor result = t[t.length - 1];
                        result.array()[result.offset() + 40] += p.threads() > 1 ? 1 : 0;
                    })
                    .checkThreads());
        }
    }

    private static void assertCaughtByReferences(Operation operation, Trial.Kernel wrong) {
        Trial trial = OVERLAPPING.trial(operation, Values::normal).with(wrong);
        assertCaught(() -> trial.checkBits(0, Pools.ONE));
        assertCaught(trial::checkTruth);
    }
}
