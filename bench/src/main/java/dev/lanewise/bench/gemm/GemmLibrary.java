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
     * Prepares a product.
     *
     * @param shape the shape
     * @param a the left factor, row-major
     * @param b the right factor, row-major
     * @param threads how many threads work
     * @return the product, not yet computed
     */
    Product prepare(GemmShape shape, float[] a, float[] b, int threads);

    /** A product that can be computed again and again. */
    interface Product extends AutoCloseable {
        /** Computes it. */
        void run();

        /**
         * Returns what was computed.
         *
         * @return C, row-major
         */
        float[] result();

        @Override
        void close();
    }
}
