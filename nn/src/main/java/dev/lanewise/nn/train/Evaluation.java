package dev.lanewise.nn.train;

import dev.lanewise.nn.Layer;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.losses.CrossEntropy;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Arrays;

/**
 * How a classifier does on examples.
 *
 * @param loss mean loss; NaN if there are no examples
 * @param accuracy share of examples that are recognised; NaN if there are none
 * @param predictions the class given to each example
 * @param confidences the probability given to that class, by softmax over the outputs
 * @param confusion how often examples of a class (row) were given a class (column)
 */
public record Evaluation(double loss, double accuracy, int[] predictions, float[] confidences, int[][] confusion) {
    /**
     * Judges a classifier.
     *
     * @param network the network; its outputs are {@code [batch, classes]}, not yet normalised
     * @param examples the examples
     * @param batchSize how many to take at once; at least 1
     * @param parallelism the threads
     * @param workspace the memory; reset for each batch
     * @return how it does
     * @throws IllegalArgumentException if the batch size is below 1
     */
    public static Evaluation of(
            Layer network, Dataset<int[]> examples, int batchSize, Parallelism parallelism, Workspace workspace) {
        return Evaluator.classify(
                new Evaluator<>(network, new CrossEntropy(), batchSize, parallelism, workspace), examples);
    }

    /**
     * Returns the share of a class's examples that are recognised.
     *
     * @param label the class
     * @return the recall; NaN if it has no example
     */
    public double recall(int label) {
        int examples = Arrays.stream(confusion[label]).sum();
        return examples == 0 ? Double.NaN : (double) confusion[label][label] / examples;
    }
}
