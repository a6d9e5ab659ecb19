package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.bench.gemm.GemmLibrary;
import dev.lanewise.bench.gemm.GemmShape;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Intel's Math Kernel Library. */
public final class Mkl implements GemmLibrary {
    private static final int TEXT = 200;

    /** Loaded when first used: a list of all libraries loads none. */
    private static final class Functions {
        static final NativeLibrary LIBRARY = NativeLibrary.load("org/bytedeco/mkl/linux-x86_64", "libmkl_rt.so.3");
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
    public Product prepare(GemmShape shape, float[] a, float[] b, int threads) {
        try {
            Functions.LIBRARY
                    .function("MKL_Set_Num_Threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return Cblas.prepare(shape, a, b, Functions::sgemm);
    }
}
