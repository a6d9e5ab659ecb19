package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.bench.gemm.GemmLibrary.Product;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/** The interface that OpenBLAS and MKL share: {@code cblas_sgemm}, {@code cblas_dgemm} and {@code cblas_sgemv}. */
final class Cblas {
    static final FunctionDescriptor SGEMM = gemm(JAVA_FLOAT);
    static final FunctionDescriptor DGEMM = gemm(JAVA_DOUBLE);
    static final FunctionDescriptor SGEMV = FunctionDescriptor.ofVoid(
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

    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    private Cblas() {}

    private static FunctionDescriptor gemm(MemoryLayout element) {
        return FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, element, ADDRESS, JAVA_INT, ADDRESS,
                JAVA_INT, element, ADDRESS, JAVA_INT);
    }

    /** The calls of a library: their handles must be constants of its own class, or the JVM calls them slowly. */
    interface Calls {
        /** Computes {@code C = op(A) op(B)} in floats. */
        void sgemm(
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

        /** Computes {@code C = op(A) op(B)} in doubles. */
        void dgemm(
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

        /** Computes {@code y = op(A) x} in floats. */
        void sgemv(
                int order,
                int transpose,
                int rows,
                int columns,
                MemorySegment a,
                int lda,
                MemorySegment x,
                MemorySegment y)
                throws Throwable;
    }

    static Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, Calls calls) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        int transposeA = shape.transposeA() ? TRANSPOSED : PLAIN;
        int transposeB = shape.transposeB() ? TRANSPOSED : PLAIN;
        int lda = shape.transposeA() ? m : k;
        int ldb = shape.transposeB() ? k : n;
        NativeGemm.Call call = switch (operation) {
            case MATMUL ->
                (left, right, c) ->
                        calls.sgemm(ROW_MAJOR, transposeA, transposeB, m, n, k, left, lda, right, ldb, c, n);
            case DGEMM ->
                (left, right, c) ->
                        calls.dgemm(ROW_MAJOR, transposeA, transposeB, m, n, k, left, lda, right, ldb, c, n);
            case GEMV -> {
                int rows = shape.transposeA() ? k : m;
                yield (left, x, y) -> calls.sgemv(ROW_MAJOR, transposeA, rows, lda, left, lda, x, y);
            }
        };
        return new NativeGemm(operation, shape, a, b, call);
    }
}
