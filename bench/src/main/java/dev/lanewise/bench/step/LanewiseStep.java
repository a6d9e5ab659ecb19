package dev.lanewise.bench.step;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.losses.CrossEntropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/** The step in Lanewise, as its {@code Trainer} takes it. */
final class LanewiseStep implements TrainingStep {
    private final StepData data;
    private final Sequential network;
    private final Optimizer optimizer;
    private final CrossEntropy loss = new CrossEntropy();
    private final Workspace workspace = new Workspace();
    private final Parallelism parallelism;
    private long steps;

    /**
     * Prepares the step.
     *
     * @param data network and batch
     * @param threads how many threads work
     */
    LanewiseStep(StepData data, int threads) {
        this.data = data;
        this.network = data.network();
        this.optimizer = new Adam(network.parameters(), StepData.LEARNING_RATE);
        this.parallelism = Parallelism.of(threads);
    }

    @Override
    public float run() {
        workspace.reset();
        Pass pass = Pass.training(42, steps++, parallelism, workspace);
        Forward forward = network.forward(data.inputs(), pass);
        Tensor gradient = workspace.tensor(forward.output().shape());
        float value = loss.evaluate(forward.output(), data.labels(), gradient, pass);
        optimizer.zeroGradients();
        forward.backward().apply(gradient, false);
        optimizer.step(parallelism);
        return value;
    }

    @Override
    public void close() {
        parallelism.close();
    }
}
