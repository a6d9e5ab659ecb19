package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.bench.gemm.GemmLibrary.Product;
import dev.lanewise.bench.gemm.GemmShape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** The interface that OpenBLAS and MKL share: {@code cblas_sgemm}. */
final class Cblas {
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    static final FunctionDescriptor SGEMM = FunctionDescriptor.ofVoid(
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT);

    private Cblas() {}

    /**
     * Binds a call to a shape: the handle must be a constant of the class that the call belongs to, or the JVM calls it slowly.
     */
    @FunctionalInterface
    interface Sgemm {
        void run(
                int order,
                int transposeA,
                int transposeB,
                int m,
                int n,
                int k,
                MemorySegment a,
                int lda,
                MemorySegment b,
                int ldb,
                MemorySegment c,
                int ldc)
                throws Throwable;
    }

    static Product prepare(GemmShape shape, float[] a, float[] b, Sgemm sgemm) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        int transposeA = shape.transposeA() ? TRANSPOSED : PLAIN;
        int transposeB = shape.transposeB() ? TRANSPOSED : PLAIN;
        int lda = shape.transposeA() ? m : k;
        int ldb = shape.transposeB() ? k : n;
        return new NativeGemm(
                shape,
                a,
                b,
                (left, right, c) -> sgemm.run(ROW_MAJOR, transposeA, transposeB, m, n, k, left, lda, right, ldb, c, n));
    }
}
