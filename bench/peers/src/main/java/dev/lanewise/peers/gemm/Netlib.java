package dev.lanewise.peers.gemm;

import dev.lanewise.bench.gemm.Elements;
import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;

/**
 * netlib's BLAS in Java, on the Vector API where that is there; column-major, so that it is asked for
 * {@code C^T = B^T A^T}.
 */
public final class Netlib implements GemmLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public Netlib() {}

    @Override
    public String name() {
        return "netlib";
    }

    @Override
    public String version() {
        return "netlib " + JavaBLAS.getInstance().getClass().getSimpleName() + " 3.2.0, one thread";
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean offers(Operation operation, GemmShape shape) {
        return shape.batch() == 1;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        BLAS blas = JavaBLAS.getInstance();
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        String transposeA = shape.transposeA() ? "T" : "N";
        String transposeB = shape.transposeB() ? "T" : "N";
        int lda = shape.transposeA() ? m : k;
        int ldb = shape.transposeB() ? k : n;
        if (operation == Operation.DGEMM) {
            double[] left = a.clone();
            double[] right = b.clone();
            double[] c = new double[m * n];
            return new Running(
                    () -> blas.dgemm(transposeB, transposeA, n, m, k, 1, right, ldb, left, lda, 0, c, n), c::clone);
        }
        float[] left = Elements.floats(a);
        float[] right = Elements.floats(b);
        float[] c = new float[m * n];
        Runnable computation = operation == Operation.GEMV
                ? () -> blas.sgemv(shape.transposeA() ? "N" : "T", lda, a.length / lda, 1, left, lda, right, 1, 0, c, 1)
                : () -> blas.sgemm(transposeB, transposeA, n, m, k, 1, right, ldb, left, lda, 0, c, n);
        return new Running(computation, () -> Elements.doubles(c));
    }
}
