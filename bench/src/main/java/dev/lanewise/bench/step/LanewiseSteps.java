package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.runtime.Lanes;

/** Lanewise itself. */
public final class LanewiseSteps implements StepLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public LanewiseSteps() {}

    @Override
    public String name() {
        return Libraries.OURS;
    }

    @Override
    public String version() {
        return "Lanewise, " + Lanes.LENGTH * Float.SIZE + "-bit vectors";
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public TrainingStep prepare(StepData data, int threads) {
        return new LanewiseStep(data, threads);
    }
}
