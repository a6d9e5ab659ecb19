package dev.lanewise.peers.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
public final class Dnnl implements AutoCloseable {
    /** {@code dnnl_format_tag_any}: the primitive chooses the layout that it likes best. */
    public static final int ANY = 1;

    /** {@code dnnl_a}, {@code dnnl_ab}: row-major, with the number of axes less one added to the first. */
    private static final int ROW_MAJOR = 2;

    /** {@code dnnl_nhwc}: channels last, as Lanewise's images. */
    public static final int NHWC = 22;

    /** {@code dnnl_hwio}: Lanewise's weights. */
    public static final int HWIO = 28;

    /** {@code dnnl_hwigo}: Lanewise's weights, where there are groups. */
    public static final int HWIGO = 39;

    private static final int FLOAT = 3;
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;

    /** A page: more than the lines of a cache and the vectors need. */
    private static final int ALIGNMENT = 4096;

    private final Arena arena = Arena.ofConfined();
    private final Deque<Runnable> created = new ArrayDeque<>();
    private final MemorySegment engine = create("dnnl_engine", "dnnl_engine_create", CPU, 0L);
    private final MemorySegment stream = create("dnnl_stream", "dnnl_stream_create", engine, IN_ORDER);

    /** Starts the library. */
    public Dnnl() {}

    /**
     * A tensor.
     *
     * @param layout its layout
     * @param elements its elements
     * @param handle both, as oneDNN takes them
     */
    public record Memory(MemorySegment layout, MemorySegment elements, MemorySegment handle) {}

    /**
     * Describes the layout of a tensor of one or two axes.
     *
     * @param extents its extents
     * @return the row-major layout
     */
    public MemorySegment rowMajor(long... extents) {
        return layout(ROW_MAJOR + extents.length - 1, extents);
    }

    /**
     * Describes the layout of a tensor.
     *
     * @param tag a number of {@code dnnl_format_tag_t}
     * @param extents its extents
     * @return the layout
     */
    public MemorySegment layout(int tag, long... extents) {
        return create(
                "dnnl_memory_desc", "dnnl_memory_desc_create_with_tag", extents.length, array(extents), FLOAT, tag);
    }

    /**
     * Describes a primitive.
     *
     * @param operation such as {@code dnnl_pooling_forward}
     * @param arguments in parts, those behind the engine
     * @return the description
     */
    public MemorySegment description(String operation, Object[]... arguments) {
        Object[] all = Stream.concat(Stream.of(engine), Stream.of(arguments).flatMap(Stream::of))
                .toArray();
        return create("dnnl_primitive_desc", operation + "_primitive_desc_create", all);
    }

    /**
     * Takes a number of the height and the same of the width.
     *
     * @param vertical the height
     * @param horizontal the width
     * @param number which number
     * @return an array of both
     */
    public MemorySegment array(WindowAxis vertical, WindowAxis horizontal, ToIntFunction<WindowAxis> number) {
        return array(number.applyAsInt(vertical), number.applyAsInt(horizontal));
    }

    private MemorySegment array(long... values) {
        return arena.allocateFrom(JAVA_LONG, values);
    }

    /**
     * Returns the layout of what goes into or comes out of a primitive.
     *
     * @param description that of the primitive
     * @param argument which argument
     * @return the layout
     */
    public MemorySegment layoutOf(MemorySegment description, DnnlArgument argument) {
        return (MemorySegment) call(ADDRESS, "dnnl_primitive_desc_query_md", description, argument.query(), 0);
    }

    /**
     * Reserves the memory of a tensor.
     *
     * @param layout its layout
     * @return the tensor, of zeros
     */
    public Memory memory(MemorySegment layout) {
        long bytes = (long) call(JAVA_LONG, "dnnl_memory_desc_get_size", layout);
        MemorySegment elements = arena.allocate(Math.max(bytes, 1), ALIGNMENT);
        return new Memory(layout, elements, create("dnnl_memory", "dnnl_memory_create", layout, engine, elements));
    }

    /**
     * Copies elements to a new tensor.
     *
     * @param elements the elements
     * @param layout the layout that they are in
     * @return the tensor
     */
    public Memory filled(float[] elements, MemorySegment layout) {
        Memory given = memory(layout);
        MemorySegment.copy(elements, 0, given.elements(), JAVA_FLOAT, 0, elements.length);
        return given;
    }

    /**
     * Copies elements in a layout to a new tensor in another.
     *
     * @param elements the elements
     * @param from the layout that they are in
     * @param to the layout of the tensor
     * @return the tensor
     */
    public Memory filled(float[] elements, MemorySegment from, MemorySegment to) {
        return reordered(filled(elements, from), to);
    }

    /**
     * Copies a tensor to a new one in another layout.
     *
     * @param given the tensor
     * @param to the layout
     * @return the new tensor
     */
    public Memory reordered(Memory given, MemorySegment to) {
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

    /**
     * Creates a primitive, whose code is generated now.
     *
     * @param description what it does
     * @return the primitive, without arguments
     */
    public DnnlPrimitive primitive(MemorySegment description) {
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

    /** Calls a function whose arguments are addresses, ints, longs and floats; not for what is timed. */
    private static Object call(MemoryLayout result, String function, Object... arguments) {
        MemoryLayout[] layouts = Stream.of(arguments).map(Dnnl::layout).toArray(MemoryLayout[]::new);
        try {
            return OneDnnLibrary.LIBRARY
                    .function(function, FunctionDescriptor.of(result, layouts))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        if (argument instanceof Integer) {
            return JAVA_INT;
        }
        if (argument instanceof Float) {
            return JAVA_FLOAT;
        }
        return argument instanceof Long ? JAVA_LONG : ADDRESS;
    }

    @Override
    public void close() {
        created.forEach(Runnable::run);
        arena.close();
    }
}
