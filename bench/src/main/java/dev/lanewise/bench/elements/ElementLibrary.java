package dev.lanewise.bench.elements;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Library;

/** A library with element-wise operations and reductions; found by {@link java.util.ServiceLoader}. */
public interface ElementLibrary extends Library {
    /**
     * Returns whether the library has an operation.
     *
     * @param operation the operation
     * @return false for what it does not offer
     */
    boolean offers(ElementOperation operation);

    /**
     * Prepares a problem: copies the operands to where the library likes them best.
     *
     * @param problem of an operation that it offers
     * @param operands what they hold before the first run, which stays as it is
     * @param threads how many threads work
     * @return the problem, not yet computed
     */
    Running prepare(Problem problem, float[][] operands, int threads);

    /** A problem that can be computed again and again. */
    interface Running extends Computation {
        /** Computes the problem {@link Problem#repeats} times. */
        @Override
        default void run() {
            run(repeats());
        }

        /**
         * Returns how often a run computes it.
         *
         * @return the number
         */
        int repeats();

        /**
         * Computes the problem.
         *
         * @param times how often
         */
        void run(int times);

        /**
         * Returns what was computed last.
         *
         * @param operand the number of the operand
         * @return its elements
         */
        float[] result(int operand);
    }
}
