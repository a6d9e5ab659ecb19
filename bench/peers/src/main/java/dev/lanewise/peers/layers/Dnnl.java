package dev.lanewise.peers.layers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.peers.foreign.OneDnnLibrary;
import dev.lanewise.reference.WindowAxis;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * What is needed of oneDNN's C API to describe layers: everything that is created is given back together. Functions and
 * numbers as in {@code oneapi/dnnl/dnnl.h} and {@code dnnl_types.h} of version 3.13.
 */
final class Dnnl implements AutoCloseable {
    /** {@code dnnl_format_tag_any}: the primitive chooses the layout that it likes best. */
    static final int ANY = 1;

    /** {@code dnnl_nhwc}: channels last, as Lanewise's images. */
    static final int NHWC = 22;

    /** {@code dnnl_hwio}: Lanewise's weights. */
    static final int HWIO = 28;

    /** {@code dnnl_hwigo}: Lanewise's weights, where there are groups. */
    static final int HWIGO = 39;

    private static final int FLOAT = 3;
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;

    /** A page: more than the lines of a cache and the vectors need. */
    private static final int ALIGNMENT = 4096;

    private final Arena arena = Arena.ofConfined();
    private final Deque<Runnable> created = new ArrayDeque<>();
    private final MemorySegment engine = create("dnnl_engine", "dnnl_engine_create", CPU, 0L);
    private final MemorySegment stream = create("dnnl_stream", "dnnl_stream_create", engine, IN_ORDER);

    /** A tensor: its layout, its elements, and both as oneDNN takes them. */
    record Memory(MemorySegment layout, MemorySegment elements, MemorySegment handle) {}

    /** Describes the layout of a tensor. */
    MemorySegment layout(int tag, long... extents) {
        return create(
                "dnnl_memory_desc", "dnnl_memory_desc_create_with_tag", extents.length, array(extents), FLOAT, tag);
    }

    /**
     * Describes a primitive.
     *
     * @param operation such as {@code dnnl_pooling_forward}
     * @param arguments in parts, those behind the engine
     */
    MemorySegment description(String operation, Object[]... arguments) {
        Object[] all = Stream.concat(Stream.of(engine), Stream.of(arguments).flatMap(Stream::of))
                .toArray();
        return create("dnnl_primitive_desc", operation + "_primitive_desc_create", all);
    }

    /** A number of the height and the same of the width. */
    MemorySegment array(WindowAxis vertical, WindowAxis horizontal, ToIntFunction<WindowAxis> number) {
        return array(number.applyAsInt(vertical), number.applyAsInt(horizontal));
    }

    private MemorySegment array(long... values) {
        return arena.allocateFrom(JAVA_LONG, values);
    }

    /** The layout of what goes into or comes out of a primitive. */
    MemorySegment layoutOf(MemorySegment description, DnnlArgument argument) {
        return (MemorySegment) call(ADDRESS, "dnnl_primitive_desc_query_md", description, argument.query(), 0);
    }

    /** Reserves the memory of a tensor. */
    Memory memory(MemorySegment layout) {
        long bytes = (long) call(JAVA_LONG, "dnnl_memory_desc_get_size", layout);
        MemorySegment elements = arena.allocate(Math.max(bytes, 1), ALIGNMENT);
        return new Memory(layout, elements, create("dnnl_memory", "dnnl_memory_create", layout, engine, elements));
    }

    /** Copies elements in a layout to a new tensor in another. */
    Memory filled(float[] elements, MemorySegment from, MemorySegment to) {
        Memory given = memory(from);
        MemorySegment.copy(elements, 0, given.elements(), JAVA_FLOAT, 0, elements.length);
        return reordered(given, to);
    }

    /** Copies a tensor to a new one in another layout. */
    Memory reordered(Memory given, MemorySegment to) {
        Memory target = memory(to);
        MemorySegment description = create(
                "dnnl_primitive_desc",
                "dnnl_reorder_primitive_desc_create",
                given.layout(),
                engine,
                to,
                engine,
                MemorySegment.NULL);
        primitive(description)
                .with(DnnlArgument.SRC, given)
                .with(DnnlArgument.DST, target)
                .run();
        return target;
    }

    /** Creates a primitive, whose code is generated now. */
    DnnlPrimitive primitive(MemorySegment description) {
        return new DnnlPrimitive(arena, stream, create("dnnl_primitive", "dnnl_primitive_create", description));
    }

    /**
     * Creates something.
     *
     * @param kind what; with {@code _destroy} behind it, the function that gives it back
     * @param function the function that creates it; its first argument is a place to put it
     * @param arguments its other arguments
     */
    private MemorySegment create(String kind, String function, Object... arguments) {
        MemorySegment place = arena.allocate(ADDRESS);
        Object[] all = Stream.concat(Stream.of(place), Stream.of(arguments)).toArray();
        int status = (int) call(JAVA_INT, function, all);
        if (status != 0) {
            throw new IllegalStateException(function + ": status " + status);
        }
        MemorySegment result = place.get(ADDRESS, 0);
        created.push(() -> call(JAVA_INT, kind + "_destroy", result));
        return result;
    }

    /** Calls a function whose arguments are addresses, ints and longs; not for what is timed. */
    private static Object call(MemoryLayout result, String function, Object... arguments) {
        MemoryLayout[] layouts = Stream.of(arguments)
                .map(each -> each instanceof Integer ? JAVA_INT : each instanceof Long ? JAVA_LONG : ADDRESS)
                .toArray(MemoryLayout[]::new);
        try {
            return OneDnnLibrary.LIBRARY
                    .function(function, FunctionDescriptor.of(result, layouts))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    @Override
    public void close() {
        created.forEach(Runnable::run);
        arena.close();
    }
}
