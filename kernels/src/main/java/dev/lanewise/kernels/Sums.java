package dev.lanewise.kernels;

import dev.lanewise.tensor.Tensor;

/** Sums of the few numbers that are left when each task has summed its part. */
final class Sums {
    private Sums() {}

    /**
     * Adds all elements in ascending order, in double.
     *
     * @param terms the numbers
     * @return the sum
     */
    static double ascending(Tensor terms) {
        double sum = 0;
        float[] array = terms.array();
        for (int i = terms.offset(); i < terms.offset() + terms.size(); i++) {
            sum += array[i];
        }
        return sum;
    }
}
