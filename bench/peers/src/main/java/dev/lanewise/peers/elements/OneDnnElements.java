package dev.lanewise.peers.elements;

import dev.lanewise.bench.elements.ElementLibrary;
import dev.lanewise.bench.elements.ElementOperation;
import dev.lanewise.bench.elements.OneDnnCall;
import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.bench.elements.Problem;
import dev.lanewise.bench.elements.Span;
import dev.lanewise.peers.foreign.Dnnl;
import dev.lanewise.peers.foreign.DnnlArgument;
import dev.lanewise.peers.foreign.DnnlPrimitive;
import dev.lanewise.peers.foreign.OneDnnLibrary;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Element-wise operations and reductions in oneDNN, by its primitives, row-major as ours. */
public final class OneDnnElements implements ElementLibrary {
    private static final int FORWARD_INFERENCE = 96;
    private static final int FORWARD_TRAINING = 64;

    /** {@code dnnl_eltwise_relu_use_dst_for_bwd}: the first algorithm whose gradient is computed from its result. */
    private static final int USE_DESTINATION = 0x100;

    /** Creates it, for {@link java.util.ServiceLoader}. */
    public OneDnnElements() {}

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public String version() {
        return OneDnnLibrary.version();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public boolean offers(ElementOperation operation) {
        return operation.oneDnn() != null;
    }

    @Override
    public Running prepare(Problem problem, float[][] operands, int threads) {
        OneDnnLibrary.setThreads(threads);
        if (problem.operation().oneDnn().kind().isNormalization()) {
            return DnnlNormalization.prepare(problem, operands);
        }
        Dnnl dnnl = new Dnnl();
        OneDnnCall call = problem.operation().oneDnn();
        List<Dnnl.Memory> memories = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            memories.add(dnnl.filled(operands[i], dnnl.rowMajor(extents(problem, i))));
        }
        DnnlPrimitive primitive = dnnl.primitive(description(dnnl, call, memories));
        List<DnnlArgument> arguments = arguments(call);
        for (int i = 0; i < operands.length; i++) {
            primitive.with(arguments.get(i), memories.get(i));
        }
        return new DnnlElements(problem.repeats(), dnnl, List.of(primitive), memories);
    }

    /** Every tensor has the axes of the problem; those that it lacks are of length 1. */
    private static long[] extents(Problem problem, int operand) {
        Span span = problem.operation().operands().get(operand).span();
        int[] own = problem.extents(operand);
        return switch (span) {
            case ALL -> Arrays.stream(own).asLongStream().toArray();
            case ROWS -> new long[] {own[0], 1};
            case COLUMNS -> new long[] {1, own[0]};
            case ONE -> Arrays.stream(problem.extents()).mapToLong(extent -> 1).toArray();
        };
    }

    private static List<DnnlArgument> arguments(OneDnnCall call) {
        return switch (call.kind()) {
            case ELTWISE_FORWARD, SOFTMAX_FORWARD, REDUCTION -> List.of(DnnlArgument.SRC, DnnlArgument.DST);
            case ELTWISE_BACKWARD -> List.of(kept(call), DnnlArgument.DIFF_DST, DnnlArgument.DIFF_SRC);
            case SOFTMAX_BACKWARD -> List.of(DnnlArgument.DST, DnnlArgument.DIFF_DST, DnnlArgument.DIFF_SRC);
            case BINARY -> List.of(DnnlArgument.SRC, DnnlArgument.SRC_1, DnnlArgument.DST);
            default -> throw new AssertionError(call.kind());
        };
    }

    private static DnnlArgument kept(OneDnnCall call) {
        return call.algorithm() < USE_DESTINATION ? DnnlArgument.SRC : DnnlArgument.DST;
    }

    private static MemorySegment description(Dnnl dnnl, OneDnnCall call, List<Dnnl.Memory> memories) {
        MemorySegment first = memories.getFirst().layout();
        MemorySegment second = memories.get(1).layout();
        return switch (call.kind()) {
            case ELTWISE_FORWARD -> eltwise(dnnl, call, FORWARD_INFERENCE, first, second);
            case ELTWISE_BACKWARD ->
                describe(
                        dnnl,
                        call,
                        call.algorithm(),
                        memories.get(2).layout(),
                        second,
                        first,
                        call.alpha(),
                        call.beta(),
                        eltwise(dnnl, call, FORWARD_TRAINING, first, first),
                        MemorySegment.NULL);
            case SOFTMAX_FORWARD -> softmax(dnnl, call, FORWARD_INFERENCE, first, second);
            case SOFTMAX_BACKWARD ->
                describe(
                        dnnl,
                        call,
                        call.algorithm(),
                        memories.get(2).layout(),
                        second,
                        first,
                        1,
                        softmax(dnnl, call, FORWARD_TRAINING, first, first),
                        MemorySegment.NULL);
            case REDUCTION ->
                describe(dnnl, call, call.algorithm(), first, second, call.alpha(), call.beta(), MemorySegment.NULL);
            case BINARY ->
                describe(
                        dnnl,
                        call,
                        call.algorithm(),
                        first,
                        second,
                        memories.get(2).layout(),
                        MemorySegment.NULL);
            default -> throw new AssertionError(call.kind());
        };
    }

    private static MemorySegment describe(Dnnl dnnl, OneDnnCall call, Object... arguments) {
        return dnnl.description(call.kind().function(), arguments);
    }

    private static MemorySegment eltwise(Dnnl dnnl, OneDnnCall call, int use, MemorySegment x, MemorySegment y) {
        return dnnl.description(
                Kind.ELTWISE_FORWARD.function(),
                new Object[] {use, call.algorithm(), x, y, call.alpha(), call.beta(), MemorySegment.NULL});
    }

    /** Along the second of two axes. */
    private static MemorySegment softmax(Dnnl dnnl, OneDnnCall call, int use, MemorySegment x, MemorySegment y) {
        return dnnl.description(
                Kind.SOFTMAX_FORWARD.function(), new Object[] {use, call.algorithm(), x, y, 1, MemorySegment.NULL});
    }
}
