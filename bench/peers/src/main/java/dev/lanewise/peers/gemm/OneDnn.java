package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import dev.lanewise.peers.foreign.OneDnnLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** oneDNN, by {@code dnnl_sgemm}; its threads are OpenMP's. */
public final class OneDnn implements GemmLibrary {
    /** Loaded when first used: a list of all libraries loads none. */
    private static final class Functions {
        static final MethodHandle SGEMM = OneDnnLibrary.LIBRARY.function(
                "dnnl_sgemm",
                FunctionDescriptor.of(
                        JAVA_INT,
                        JAVA_BYTE,
                        JAVA_BYTE,
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_LONG,
                        JAVA_FLOAT,
                        ADDRESS,
                        JAVA_LONG,
                        ADDRESS,
                        JAVA_LONG,
                        JAVA_FLOAT,
                        ADDRESS,
                        JAVA_LONG));

        private Functions() {}
    }

    /** Creates it, for {@link java.util.ServiceLoader}. */
    public OneDnn() {}

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public String version() {
        return OneDnnLibrary.version();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    /** It has no product of doubles; a vector is a matrix of one column. */
    @Override
    public boolean offers(Operation operation, GemmShape shape) {
        return operation != Operation.DGEMM;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        OneDnnLibrary.setThreads(threads);
        byte transposeA = (byte) (shape.transposeA() ? 'T' : 'N');
        byte transposeB = (byte) (shape.transposeB() ? 'T' : 'N');
        long m = shape.m();
        long n = shape.n();
        long k = shape.k();
        long lda = shape.transposeA() ? m : k;
        long ldb = shape.transposeB() ? k : n;
        return new NativeGemm(operation, shape, a, b, (left, right, c) -> {
            int status = (int)
                    Functions.SGEMM.invokeExact(transposeA, transposeB, m, n, k, 1f, left, lda, right, ldb, 0f, c, n);
            if (status != 0) {
                throw new IllegalStateException("dnnl_sgemm: status " + status);
            }
        });
    }
}
