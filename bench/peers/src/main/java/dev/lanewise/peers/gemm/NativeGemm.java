package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.bench.gemm.GemmLibrary.Product;
import dev.lanewise.bench.gemm.GemmShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A product on memory outside the heap, aligned to cache lines. */
final class NativeGemm implements Product {
    /** The call of a library: {@code C = op(A) op(B)}. */
    @FunctionalInterface
    interface Call {
        void run(MemorySegment a, MemorySegment b, MemorySegment c) throws Throwable;
    }

    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;
    private final Call call;

    NativeGemm(GemmShape shape, float[] a, float[] b, Call call) {
        this.a = copy(a);
        this.b = copy(b);
        this.c = arena.allocate(Math.multiplyExact(4L * shape.m(), shape.n()), ALIGNMENT);
        this.call = call;
    }

    private MemorySegment copy(float[] values) {
        MemorySegment segment = arena.allocate(4L * values.length, ALIGNMENT);
        MemorySegment.copy(values, 0, segment, JAVA_FLOAT, 0, values.length);
        return segment;
    }

    @Override
    public void run() {
        try {
            call.run(a, b, c);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] result() {
        return c.toArray(JAVA_FLOAT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
