package dev.lanewise.bench.gemm;

import dev.lanewise.bench.compare.Computation;
import dev.lanewise.bench.compare.Library;

/** A library that multiplies matrices; found by {@link java.util.ServiceLoader}. */
public interface GemmLibrary extends Library {
    /**
     * Returns whether the library does an operation.
     *
     * @param operation the operation
     * @param shape what it is done with
     * @return false for what it does not offer
     */
    boolean offers(Operation operation, GemmShape shape);

    /**
     * Prepares products: copies the factors to where, and as what, the library likes them best.
     *
     * @param operation one that it offers
     * @param shape the shape
     * @param a the left factors, row-major; small whole numbers
     * @param b the right factors, row-major; small whole numbers
     * @param threads how many threads work
     * @return the products, not yet computed
     */
    Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads);

    /** Products that can be computed again and again. */
    interface Product extends Computation {
        /**
         * Returns what was computed.
         *
         * @return C, row-major
         */
        double[] result();
    }
}
