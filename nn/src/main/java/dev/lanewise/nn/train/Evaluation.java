package dev.lanewise.nn.train;

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
public record Evaluation(
        double loss, double accuracy, int[] predictions, float[] confidences, int[][] confusion) {
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
