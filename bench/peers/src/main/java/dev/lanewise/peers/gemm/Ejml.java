package dev.lanewise.peers.gemm;

import dev.lanewise.bench.gemm.Elements;
import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import org.ejml.EjmlVersion;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/** EJML, row-major. */
public final class Ejml implements GemmLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public Ejml() {}

    @Override
    public String name() {
        return "ejml";
    }

    @Override
    public String version() {
        return "EJML " + EjmlVersion.VERSION;
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
        EjmlConcurrency.setMaxThreads(threads);
        int rowsA = shape.transposeA() ? shape.k() : shape.m();
        int rowsB = shape.transposeB() ? shape.n() : shape.k();
        if (operation == Operation.DGEMM) {
            DMatrixRMaj c = new DMatrixRMaj(shape.m(), shape.n());
            DMatrixRMaj left = DMatrixRMaj.wrap(rowsA, a.length / rowsA, a.clone());
            DMatrixRMaj right = DMatrixRMaj.wrap(rowsB, b.length / rowsB, b.clone());
            return new Running(() -> multiply(shape, left, right, c, threads), () -> c.data.clone());
        }
        FMatrixRMaj c = new FMatrixRMaj(shape.m(), shape.n());
        FMatrixRMaj left = FMatrixRMaj.wrap(rowsA, a.length / rowsA, Elements.floats(a));
        FMatrixRMaj right = FMatrixRMaj.wrap(rowsB, b.length / rowsB, Elements.floats(b));
        return new Running(() -> multiply(shape, left, right, c, threads), () -> Elements.doubles(c.data));
    }

    private static void multiply(GemmShape shape, FMatrixRMaj a, FMatrixRMaj b, FMatrixRMaj c, int threads) {
        if (shape.transposeA() && shape.transposeB()) {
            CommonOps_FDRM.multTransAB(a, b, c);
        } else if (shape.transposeA()) {
            if (threads > 1) {
                CommonOps_MT_FDRM.multTransA(a, b, c);
            } else {
                CommonOps_FDRM.multTransA(a, b, c);
            }
        } else if (shape.transposeB()) {
            if (threads > 1) {
                CommonOps_MT_FDRM.multTransB(a, b, c);
            } else {
                CommonOps_FDRM.multTransB(a, b, c);
            }
        } else if (threads > 1) {
            CommonOps_MT_FDRM.mult(a, b, c);
        } else {
            CommonOps_FDRM.mult(a, b, c);
        }
    }

    private static void multiply(GemmShape shape, DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c, int threads) {
        if (shape.transposeA() && shape.transposeB()) {
            CommonOps_DDRM.multTransAB(a, b, c);
        } else if (shape.transposeA()) {
            if (threads > 1) {
                CommonOps_MT_DDRM.multTransA(a, b, c);
            } else {
                CommonOps_DDRM.multTransA(a, b, c);
            }
        } else if (shape.transposeB()) {
            if (threads > 1) {
                CommonOps_MT_DDRM.multTransB(a, b, c);
            } else {
                CommonOps_DDRM.multTransB(a, b, c);
            }
        } else if (threads > 1) {
            CommonOps_MT_DDRM.mult(a, b, c);
        } else {
            CommonOps_DDRM.mult(a, b, c);
        }
    }
}
