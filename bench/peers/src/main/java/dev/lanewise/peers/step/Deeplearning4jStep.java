package dev.lanewise.peers.step;

import dev.lanewise.bench.step.StepData;
import dev.lanewise.bench.step.TrainingStep;
import dev.lanewise.tensor.Shape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The step in Deeplearning4j: {@code fit} of one batch, in its own layout, channels before rows and columns. */
final class Deeplearning4jStep implements TrainingStep {
    private final ComputationGraph graph;
    private final INDArray[] images;
    private final INDArray[] labels;

    Deeplearning4jStep(StepData data) {
        Shape shape = data.inputs().shape();
        Deeplearning4jNetwork network = new Deeplearning4jNetwork(data.network(), shape.dropFirst());
        graph = network.graph();
        images = new INDArray[] {
            Nd4j.create(
                            data.inputs().toArray(),
                            new long[] {shape.extent(0), shape.extent(1), shape.extent(2), shape.extent(3)},
                            'c')
                    .permute(0, 3, 1, 2)
                    .dup('c')
        };
        INDArray classes = Nd4j.zeros(
                shape.extent(0), data.network().outputShape(shape.dropFirst()).size());
        for (int i = 0; i < data.labels().length; i++) {
            classes.putScalar(i, data.labels()[i], 1);
        }
        labels = new INDArray[] {classes};
    }

    @Override
    public float run() {
        graph.fit(images, labels);
        return (float) graph.score();
    }

    @Override
    public void close() {
        graph.close();
    }
}
