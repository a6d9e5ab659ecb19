package dev.lanewise.nn.train;

import dev.lanewise.kernels.Softmax;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.losses.Loss;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;

/**
 * Judges a network on examples, batch by batch.
 *
 * @param <T> the targets of a batch
 */
final class Evaluator<T> {
    private final Layer network;
    private final Loss<T> loss;
    private final int batchSize;
    private final Parallelism parallelism;
    private final Workspace workspace;

    Evaluator(Layer network, Loss<T> loss, int batchSize, Parallelism parallelism, Workspace workspace) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("evaluation: batch size is " + batchSize + "; it must be at least 1");
        }
        this.network = network;
        this.loss = loss;
        this.batchSize = batchSize;
        this.parallelism = parallelism;
        this.workspace = workspace;
    }

    /** Judges a classifier. */
    static Evaluation classify(Evaluator<int[]> evaluator, Dataset<int[]> examples) {
        int size = examples.size();
        int[] predictions = new int[size];
        float[] confidences = new float[size];
        int[] targets = new int[size];
        int[] classes = new int[1];
        double total = evaluator.forEachBatch(examples, Order.ascending(size), (from, output, labels) -> {
            Tensor probabilities = evaluator.workspace.tensor(output.shape());
            Softmax.forward(output, probabilities, evaluator.parallelism);
            classes[0] = output.shape().extent(1);
            for (int row = 0; row < labels.length; row++) {
                predictions[from + row] = Metric.largest(output, row);
                confidences[from + row] = probabilities.get(row, predictions[from + row]);
                targets[from + row] = labels[row];
            }
        });
        int[][] confusion = new int[classes[0]][classes[0]];
        int correct = 0;
        for (int i = 0; i < size; i++) {
            confusion[targets[i]][predictions[i]]++;
            correct += targets[i] == predictions[i] ? 1 : 0;
        }
        return new Evaluation(total / size, (double) correct / size, predictions, confidences, confusion);
    }

    /** Mean loss and share of right answers over some examples; NaN if there are none. */
    record Summary(double loss, double accuracy) {}

    Summary summarize(Dataset<T> examples, int[] order, Metric<T> metric) {
        long[] correct = {0};
        double total = forEachBatch(examples, order, (from, output, targets) -> {
            int right = metric.correct(output, targets);
            correct[0] = right < 0 || correct[0] < 0 ? -1 : correct[0] + right;
        });
        double accuracy = correct[0] < 0 ? Double.NaN : (double) correct[0] / order.length;
        return new Summary(total / order.length, accuracy);
    }

    /** Receives the outputs of a batch. */
    private interface Outputs<T> {
        void accept(int from, Tensor output, T targets);
    }

    /** Runs the network over the examples, in the order given, and returns the sum of their losses. */
    private double forEachBatch(Dataset<T> examples, int[] order, Outputs<T> outputs) {
        Batches<T> batches = new Batches<>(examples, batchSize);
        double total = 0;
        for (int from = 0; from < order.length; from += batchSize) {
            workspace.reset();
            int count = Math.min(batchSize, order.length - from);
            Tensor inputs = workspace.tensor(examples.inputShape().prepend(count));
            T targets = batches.fill(order, from, inputs);
            Pass pass = Pass.inference(parallelism, workspace);
            Forward forward = network.forward(inputs, pass);
            Tensor gradient = workspace.tensor(forward.output().shape());
            total += (double) count * loss.evaluate(forward.output(), targets, gradient, pass);
            outputs.accept(from, forward.output(), targets);
        }
        return total;
    }
}
