package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import dev.lanewise.peers.foreign.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** OpenBLAS. */
public final class OpenBlas implements GemmLibrary {
    /** Loaded when first used: a list of all libraries loads none. */
    private static final class Functions implements Cblas.Calls {
        static final NativeLibrary LIBRARY =
                NativeLibrary.load("org/bytedeco/openblas/linux-x86_64", "libopenblas.so.0");
        static final MethodHandle SGEMM = LIBRARY.function("cblas_sgemm", Cblas.SGEMM);
        static final MethodHandle DGEMM = LIBRARY.function("cblas_dgemm", Cblas.DGEMM);
        static final MethodHandle SGEMV = LIBRARY.function("cblas_sgemv", Cblas.SGEMV);

        @Override
        public void sgemm(
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
                throws Throwable {
            SGEMM.invokeExact(order, transposeA, transposeB, m, n, k, 1f, a, lda, b, ldb, 0f, c, ldc);
        }

        @Override
        public void dgemm(
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
                throws Throwable {
            DGEMM.invokeExact(order, transposeA, transposeB, m, n, k, 1d, a, lda, b, ldb, 0d, c, ldc);
        }

        @Override
        public void sgemv(
                int order,
                int transpose,
                int rows,
                int columns,
                MemorySegment a,
                int lda,
                MemorySegment x,
                MemorySegment y)
                throws Throwable {
            SGEMV.invokeExact(order, transpose, rows, columns, 1f, a, lda, x, 1, 0f, y, 1);
        }
    }

    /** Creates it, for {@link java.util.ServiceLoader}. */
    public OpenBlas() {}

    @Override
    public String name() {
        return "openblas";
    }

    @Override
    public String version() {
        try {
            MemorySegment text = (MemorySegment) Functions.LIBRARY
                    .function("openblas_get_config", FunctionDescriptor.of(ADDRESS))
                    .invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public boolean offers(Operation operation, GemmShape shape) {
        return true;
    }

    @Override
    public Product prepare(Operation operation, GemmShape shape, double[] a, double[] b, int threads) {
        try {
            Functions.LIBRARY
                    .function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return Cblas.prepare(operation, shape, a, b, new Functions());
    }
}
