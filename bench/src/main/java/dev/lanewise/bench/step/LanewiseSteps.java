package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.Libraries;

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
        return Libraries.ourVersion();
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
