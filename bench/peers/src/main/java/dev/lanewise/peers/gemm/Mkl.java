package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import dev.lanewise.peers.foreign.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Intel's Math Kernel Library. */
public final class Mkl implements GemmLibrary {
    private static final int TEXT = 200;

    /** Loaded when first used: a list of all libraries loads none. */
    private static final class Functions implements Cblas.Calls {
        static final NativeLibrary LIBRARY = NativeLibrary.load("org/bytedeco/mkl/linux-x86_64", "libmkl_rt.so.3");
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
    public Mkl() {}

    @Override
    public String name() {
        return "mkl";
    }

    @Override
    public String version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(TEXT);
            Functions.LIBRARY
                    .function("MKL_Get_Version_String", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT))
                    .invokeExact(text, TEXT);
            return text.getString(0).strip();
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
                    .function("MKL_Set_Num_Threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return Cblas.prepare(operation, shape, a, b, new Functions());
    }
}
