package dev.lanewise.peers.gemm;

import dev.lanewise.bench.gemm.GemmLibrary.Product;
import java.util.function.Supplier;

/**
 * A product of a library in Java.
 *
 * @param computation computes it
 * @param values returns what was computed, row-major
 */
record Running(Runnable computation, Supplier<double[]> values) implements Product {
    @Override
    public void run() {
        computation.run();
    }

    @Override
    public double[] result() {
        return values.get();
    }

    @Override
    public void close() {}
}
