package dev.lanewise.bench.step;

import dev.lanewise.bench.compare.Library;

/** A library that trains networks; found by {@link java.util.ServiceLoader}. */
public interface StepLibrary extends Library {
    /**
     * Prepares a step: copies weights and batch to where, and in which layout, the library likes them best.
     *
     * @param data network and batch
     * @param threads how many threads work; the first of a process counts
     * @return the step, not yet taken
     */
    TrainingStep prepare(StepData data, int threads);
}
