package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** OpenBLAS. */
public final class OpenBlas implements GemmLibrary {
    /** Loaded when first used: a list of all libraries loads none. */
    private static final class Functions {
        static final NativeLibrary LIBRARY =
                NativeLibrary.load("org/bytedeco/openblas/linux-x86_64", "libopenblas.so.0");
        static final MethodHandle SGEMM = LIBRARY.function("cblas_sgemm", Cblas.SGEMM);

        private Functions() {}

        private static void sgemm(
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
    public Product prepare(GemmShape shape, float[] a, float[] b, int threads) {
        try {
            Functions.LIBRARY
                    .function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return Cblas.prepare(shape, a, b, Functions::sgemm);
    }
}
