package dev.lanewise.peers.step;

import dev.lanewise.bench.step.StepData;
import dev.lanewise.bench.step.StepLibrary;
import dev.lanewise.bench.step.TrainingStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j on its native back end. */
public final class Deeplearning4jSteps implements StepLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public Deeplearning4jSteps() {}

    @Override
    public String name() {
        return "deeplearning4j";
    }

    /** Of the jar: the library has no version of its own to ask for. */
    @Override
    public String version() {
        String jar = ComputationGraph.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return "Deeplearning4j " + jar.replaceFirst(".*-nn-", "").replaceFirst("\\.jar$", "") + ", "
                + Nd4j.getBackend().getClass().getSimpleName();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public TrainingStep prepare(StepData data, int threads) {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        return new Deeplearning4jStep(data);
    }
}
