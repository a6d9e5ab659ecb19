package dev.lanewise.peers.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** oneDNN as a native library: loaded when this class is first used; its threads are OpenMP's. */
public final class OneDnnLibrary {
    /** The library. */
    public static final NativeLibrary LIBRARY = NativeLibrary.load("org/bytedeco/dnnl/linux-x86_64", "libdnnl.so.3");

    private OneDnnLibrary() {}

    /**
     * Returns the version that the library reports.
     *
     * @return name and version
     */
    public static String version() {
        try {
            MemorySegment numbers = ((MemorySegment) LIBRARY.function("dnnl_version", FunctionDescriptor.of(ADDRESS))
                            .invokeExact())
                    .reinterpret(3L * Integer.BYTES);
            return "oneDNN " + numbers.getAtIndex(JAVA_INT, 0) + "." + numbers.getAtIndex(JAVA_INT, 1) + "."
                    + numbers.getAtIndex(JAVA_INT, 2);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sets how many threads work.
     *
     * @param threads the number
     */
    public static void setThreads(int threads) {
        try {
            LIBRARY.sibling("libgomp.so.1")
                    .function("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
