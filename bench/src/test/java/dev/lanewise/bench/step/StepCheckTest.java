package dev.lanewise.bench.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is timed is checked; the check lets rounding through, and nothing else. */
class StepCheckTest {
    private static float[] losses(StepData data, int threads) {
        try (TrainingStep step = new LanewiseSteps().prepare(data, threads)) {
            float[] losses = new float[StepProcess.CHECKED];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = step.run();
            }
            return losses;
        }
    }

    private static StepCheck check(float... losses) {
        List<Float> expected = new ArrayList<>();
        for (float loss : losses) {
            expected.add(loss);
        }
        return new StepCheck("mlp", expected);
    }

    @Test
    void oursHasTheSameBitsOnAnyNumberOfThreads() {
        float[] losses = losses(StepData.of("mlp"), 1);
        check(losses).require(losses(StepData.of("mlp"), 2));
    }

    @Test
    void anotherBatchOrUpdateIsRefused() {
        float[] losses = losses(StepData.of("mlp"), 1);
        StepData data = StepData.of("mlp");
        data.labels()[7] = (data.labels()[7] + 1) % 10;
        assertThrows(IllegalStateException.class, () -> check(losses).require(losses(data, 1)));
        // Without an update, the loss stays as it is.
        assertThrows(
                IllegalStateException.class,
                () -> check(losses).require(new float[] {losses[0], losses[0], losses[0]}));
    }

    @Test
    void theBoundsAreWhereTheyShouldBe() {
        check(2, 2).require(new float[] {2.0001f, 1.9985f});
        assertThrows(IllegalStateException.class, () -> check(2, 2).require(new float[] {2.0003f, 2}));
        assertThrows(IllegalStateException.class, () -> check(2, 2).require(new float[] {2, 1.997f}));
        assertThrows(IllegalStateException.class, () -> check(2).require(new float[] {Float.NaN}));
    }

    @Test
    void samplesAreReadAsTheyAreWritten() {
        StepSample sample = new StepSample(List.of(1.5, 2e9), 123, 45);
        assertEquals(sample, StepSample.parse(sample.toString()));
    }

    @Test
    void aNetworkThatThereIsNotIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> StepData.of("lenet5"));
    }
}
