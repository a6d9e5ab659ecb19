package dev.lanewise.properties;

import static dev.lanewise.properties.support.Controls.assertCaught;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.kernels.Attention;
import dev.lanewise.properties.support.Pools;
import dev.lanewise.properties.support.Trial;
import dev.lanewise.properties.support.Values;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Attention that is wrong on purpose: each must be caught by the checks. */
class AttentionControlsTest {
    private static final AttentionTrials CAUSAL = new AttentionTrials(1, 2, 70, 140, 8, 5, true, false, 3);
    private static final AttentionTrials MASKED = new AttentionTrials(2, 1, 70, 140, 8, 5, false, true, 3);

    @Test
    void catchesKeysAfterTheQuery() {
        Trial forward = CAUSAL.forward(Values::normal);
        assertCaughtByBoth(
                forward.with((x, p, w) -> Attention.FULL.withHeads(2).forward(x[0], x[1], x[2], x[3], x[4], p, w)));
        Trial gradient = CAUSAL.gradient(Values::normal);
        assertCaughtByBoth(gradient.with((x, p, w) ->
                Attention.FULL.withHeads(2).gradient(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], p, w)));
    }

    @Test
    void catchesAMaskThatIsNotSeenAndAnotherScale() {
        Trial forward = MASKED.forward(Values::normal);
        assertCaughtByBoth(forward.with((x, p, w) -> Attention.FULL.forward(x[0], x[1], x[2], x[4], x[5], p, w)));
        assertCaughtByBoth(forward.with((x, p, w) ->
                Attention.FULL.withMask(x[3]).withScale(0.3534f).forward(x[0], x[1], x[2], x[4], x[5], p, w)));
        Trial gradient = MASKED.gradient(Values::normal);
        assertCaughtByBoth(gradient.with(
                (x, p, w) -> Attention.FULL.gradient(x[0], x[1], x[2], x[4], x[5], x[6], x[7], x[8], x[9], p, w)));
    }

    @Test
    void catchesHeadsThatAreExchanged() {
        Trial forward = CAUSAL.forward(Values::normal);
        assertCaughtByBoth(forward.with((x, p, w) ->
                Attention.CAUSAL.withHeads(1).forward(x[0], x[1], x[2], x[3], Tensor.zeros(1, 70, 2), p, w)));
    }

    @Test
    void catchesAGradientOfOtherResults() {
        Trial gradient = CAUSAL.gradient(Values::normal);
        assertCaughtByBoth(gradient.with((x, p, w) -> {
            Tensor other = Tensor.zeros(x[3].shape());
            Attention.CAUSAL.withHeads(2).gradient(x[0], x[1], x[2], other, x[4], x[5], x[6], x[7], x[8], p, w);
        }));
    }

    @Test
    void catchesWhatOnlyTwoThreadsDo() {
        for (Trial trial : new Trial[] {CAUSAL.forward(Values::normal), CAUSAL.gradient(Values::normal)}) {
            assertCaught(() -> trial.with((x, p, w) -> {
                        trial.kernel().run(x, p, w);
                        x[x.length - 1].array()[x[x.length - 1].offset()] = p.threads();
                    })
                    .checkThreads());
        }
    }

    @Test
    void aQueryThatSeesNothingGivesZeros() {
        // With more queries than keys, the first see none.
        Tensor q = Tensor.of(new float[] {1, 2, 3}, 3, 1);
        Tensor k = Tensor.of(new float[] {1, Float.NaN}, 2, 1);
        Tensor v = Tensor.of(new float[] {5, 7}, 2, 1);
        Tensor o = Tensor.zeros(3, 1);
        Tensor statistics = Tensor.zeros(3, 2);
        Workspace workspace = new Workspace();
        Attention.CAUSAL.forward(q, k, v, o, statistics, Pools.ONE, workspace);
        assertArrayEquals(new float[] {0, 5, Float.NaN}, o.toArray());
        Tensor mask = Tensor.of(new float[] {0, Float.NEGATIVE_INFINITY}, 2);
        Attention.FULL.withMask(mask).forward(q, k, v, o, statistics, Pools.ONE, workspace);
        assertArrayEquals(new float[] {5, 5, 5}, o.toArray());
    }

    private static void assertCaughtByBoth(Trial wrong) {
        assertCaught(() -> wrong.checkBits(0, Pools.ONE));
        assertCaught(wrong::checkTruth);
    }
}
