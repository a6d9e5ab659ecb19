package dev.lanewise.peers.gemm;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.bench.gemm.Elements;
import dev.lanewise.bench.gemm.GemmLibrary.Product;
import dev.lanewise.bench.gemm.GemmShape;
import dev.lanewise.bench.gemm.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Products on memory outside the heap, aligned to cache lines; those of a batch are computed one after the other. */
final class NativeGemm implements Product {
    /** The call of a library: {@code C = op(A) op(B)}. */
    @FunctionalInterface
    interface Call {
        void run(MemorySegment a, MemorySegment b, MemorySegment c) throws Throwable;
    }

    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofConfined();
    private final boolean doubles;
    private final MemorySegment whole;
    private final MemorySegment[] a;
    private final MemorySegment[] b;
    private final MemorySegment[] c;
    private final Call call;

    NativeGemm(Operation operation, GemmShape shape, double[] a, double[] b, Call call) {
        this.doubles = operation == Operation.DGEMM;
        this.whole = arena.allocate((doubles ? 8L : 4L) * shape.m() * shape.n() * shape.batch(), ALIGNMENT);
        this.a = parts(copy(a), shape.batch());
        this.b = parts(copy(b), shape.batch());
        this.c = parts(whole, shape.batch());
        this.call = call;
    }

    private MemorySegment copy(double[] values) {
        MemorySegment segment = arena.allocate((doubles ? 8L : 4L) * values.length, ALIGNMENT);
        if (doubles) {
            MemorySegment.copy(values, 0, segment, JAVA_DOUBLE, 0, values.length);
        } else {
            MemorySegment.copy(Elements.floats(values), 0, segment, JAVA_FLOAT, 0, values.length);
        }
        return segment;
    }

    private static MemorySegment[] parts(MemorySegment segment, int batch) {
        MemorySegment[] parts = new MemorySegment[batch];
        long each = segment.byteSize() / batch;
        for (int q = 0; q < batch; q++) {
            parts[q] = segment.asSlice(q * each, each);
        }
        return parts;
    }

    @Override
    public void run() {
        try {
            for (int q = 0; q < c.length; q++) {
                call.run(a[q], b[q], c[q]);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public double[] result() {
        return doubles ? whole.toArray(JAVA_DOUBLE) : Elements.doubles(whole.toArray(JAVA_FLOAT));
    }

    @Override
    public void close() {
        arena.close();
    }
}
