package dev.lanewise.kernels;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import java.util.Arrays;

/**
 * How the products of a batch are given to threads: whole products where there are as many as threads, otherwise one
 * after the other, each cut among all threads. No product depends on another, so the choice changes no bit.
 */
final class GemmBatch {
    private static final Parallelism SERIAL = Parallelism.serial();

    /** One product of a batch. */
    @FunctionalInterface
    interface Product {
        /**
         * Computes it.
         *
         * @param index which one, from 0
         * @param parallelism the threads it may use
         * @param workspace scratch memory that no other product uses meanwhile
         */
        void compute(int index, Parallelism parallelism, Workspace workspace);
    }

    private GemmBatch() {}

    /**
     * Computes all products of a batch.
     *
     * @param batch how many
     * @param work multiply-adds of each
     * @param parallelism the threads
     * @param workspace scratch memory
     * @param product computes one of them
     */
    static void forEach(int batch, long work, Parallelism parallelism, Workspace workspace, Product product) {
        if (isByProduct(batch, work, parallelism.threads())) {
            Workspace[] scratch = new Workspace[parallelism.threads()];
            Arrays.setAll(scratch, workspace::forWorker);
            parallelism.forEach(batch, (q, worker) -> product.compute(q, SERIAL, scratch[worker]));
            return;
        }
        for (int q = 0; q < batch; q++) {
            product.compute(q, parallelism, workspace);
        }
    }

    /** Whether each thread takes whole products. The work does not overflow: all elements of C lie in one array. */
    static boolean isByProduct(int batch, long work, int threads) {
        return batch > 1 && batch >= threads && batch * work >= FloatGemm.SERIAL_WORK;
    }
}
