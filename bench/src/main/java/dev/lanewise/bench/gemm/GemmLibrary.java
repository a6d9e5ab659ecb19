package dev.lanewise.bench.gemm;

/** A library that multiplies matrices; found by {@link java.util.ServiceLoader}. */
public interface GemmLibrary {
    /**
     * Returns what it is called on the command line.
     *
     * @return a short name
     */
    String name();

    /**
     * Returns the version that the library itself reports.
     *
     * @return name and version
     */
    String version();

    /**
     * Returns whether the library is native, and so a peer unless the user names others.
     *
     * @return false for libraries in Java
     */
    boolean isNative();

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
    interface Product extends AutoCloseable {
        /** Computes them. */
        void run();

        /**
         * Returns what was computed.
         *
         * @return C, row-major
         */
        double[] result();

        @Override
        void close();
    }
}
