package dev.lanewise.peers.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A primitive of oneDNN with its arguments, ready to run. */
public final class DnnlPrimitive {
    private static final MethodHandle EXECUTE = OneDnnLibrary.LIBRARY.function(
            "dnnl_primitive_execute", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));

    /** {@code dnnl_exec_arg_t}: an int, and at 8 a pointer. */
    private static final int ARGUMENT_BYTES = 16;

    private static final int MOST_ARGUMENTS = 8;

    private final MemorySegment stream;
    private final MemorySegment primitive;
    private final MemorySegment arguments;
    private int count;

    DnnlPrimitive(Arena arena, MemorySegment stream, MemorySegment primitive) {
        this.stream = stream;
        this.primitive = primitive;
        this.arguments = arena.allocate(MOST_ARGUMENTS * ARGUMENT_BYTES, ARGUMENT_BYTES);
    }

    /**
     * Adds an argument.
     *
     * @param argument which
     * @param memory the tensor
     * @return this
     */
    public DnnlPrimitive with(DnnlArgument argument, Dnnl.Memory memory) {
        arguments.set(JAVA_INT, (long) count * ARGUMENT_BYTES, argument.index());
        arguments.set(ADDRESS, (long) count * ARGUMENT_BYTES + 8, memory.handle());
        count++;
        return this;
    }

    /** Computes; on a CPU with OpenMP the call returns when all is done. */
    public void run() {
        int status;
        try {
            status = (int) EXECUTE.invokeExact(primitive, stream, count, arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (status != 0) {
            throw new IllegalStateException("dnnl_primitive_execute: status " + status);
        }
    }
}
