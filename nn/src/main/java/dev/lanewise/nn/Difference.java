package dev.lanewise.nn;

import dev.lanewise.tensor.Tensor;

/**
 * A layer's outputs at both sides of a point.
 *
 * @param below the outputs where one element is smaller
 * @param above the outputs where it is larger
 * @param distance by how much the element differs between the two
 */
record Difference(float[] below, float[] above, double distance) {
    /** Computes the outputs where one element of a tensor is smaller and larger by a step, and puts it back. */
    static Difference around(GradientProbe probe, Tensor tensor, int element, double step) {
        float[] array = tensor.array();
        int at = tensor.offset() + element;
        float middle = array[at];
        double h = step * Math.max(1, Math.abs(middle));
        float low = (float) (middle - h);
        float high = (float) (middle + h);
        try {
            array[at] = low;
            float[] below = probe.output();
            array[at] = high;
            float[] above = probe.output();
            return new Difference(below, above, (double) high - low);
        } finally {
            array[at] = middle;
        }
    }

    /** The slope of {@code sum of r[j] y[j]}. */
    double slope(float[] r) {
        double sum = 0;
        for (int j = 0; j < r.length; j++) {
            sum += (double) r[j] * ((double) above[j] - below[j]);
        }
        return sum / distance;
    }

    /** The root of the sum of {@code r[j]²} over the outputs that changed. */
    double norm(float[] r) {
        double sum = 0;
        for (int j = 0; j < r.length; j++) {
            sum += above[j] == below[j] ? 0 : (double) r[j] * r[j];
        }
        return Math.sqrt(sum);
    }

    /** Marks outputs whose slopes at both sides differ by more than a share of the larger, and by more than rounding. */
    void markKinks(float[] middle, double share, double rounding, boolean[] kinked) {
        for (int j = 0; j < middle.length; j++) {
            double left = (double) middle[j] - below[j];
            double right = (double) above[j] - middle[j];
            double bend = Math.abs(right - left);
            kinked[j] |= bend > share * Math.max(Math.abs(left), Math.abs(right)) + rounding;
        }
    }
}
