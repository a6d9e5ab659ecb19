package dev.lanewise.peers.elements;

import dev.lanewise.bench.elements.ElementLibrary.Running;
import dev.lanewise.bench.elements.OneDnnCall;
import dev.lanewise.bench.elements.Problem;
import dev.lanewise.peers.foreign.Dnnl;
import dev.lanewise.peers.foreign.DnnlArgument;
import dev.lanewise.peers.foreign.DnnlPrimitive;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Normalisation in oneDNN with statistics of its own, in the layout of Lanewise; a gradient after its forward pass. */
final class DnnlNormalization {
    private static final int FORWARD_TRAINING = 64;

    /** {@code dnnl_backward}: of the inputs and of weight and bias. */
    private static final int BACKWARD = 128;

    private final Dnnl dnnl = new Dnnl();
    private final OneDnnCall call;
    private final int[] extents;
    private final List<Dnnl.Memory> memories = new ArrayList<>();
    private final MemorySegment layout;

    private DnnlNormalization(Problem problem, float[][] operands) {
        call = problem.operation().oneDnn();
        extents = problem.extents();
        layout = extents.length == 2
                ? dnnl.rowMajor(extents[0], extents[1])
                : dnnl.layout(Dnnl.NHWC, extents[0], extents[2], 1, extents[1]);
        for (int i = 0; i < operands.length; i++) {
            boolean all = problem.extents(i).length > 1;
            memories.add(dnnl.filled(operands[i], all ? layout : channels()));
        }
    }

    static Running prepare(Problem problem, float[][] operands) {
        DnnlNormalization normalization = new DnnlNormalization(problem, operands);
        return new DnnlElements(
                problem.repeats(), normalization.dnnl, normalization.primitives(), normalization.memories);
    }

    private MemorySegment channels() {
        return dnnl.rowMajor(extents[extents.length - 1]);
    }

    private List<DnnlPrimitive> primitives() {
        boolean bias = (call.algorithm() & OneDnnCall.USE_SHIFT) != 0;
        int dy = bias ? 3 : 2;
        boolean gradient = memories.size() > dy + 1;
        MemorySegment description = forward();
        DnnlPrimitive forward = dnnl.primitive(description);
        List<DnnlPrimitive> all = new ArrayList<>(List.of(forward));
        forward.with(DnnlArgument.SRC, memories.getFirst()).with(DnnlArgument.SCALE, memories.get(1));
        if (bias) {
            forward.with(DnnlArgument.SHIFT, memories.get(2));
        }
        forward.with(DnnlArgument.DST, gradient ? dnnl.memory(layout) : memories.get(dy));
        Dnnl.Memory mean = dnnl.memory(statistics());
        Dnnl.Memory variance = dnnl.memory(statistics());
        if (gradient) {
            DnnlPrimitive backward = dnnl.primitive(backward(description))
                    .with(DnnlArgument.SRC, memories.getFirst())
                    .with(DnnlArgument.SCALE, memories.get(1))
                    .with(DnnlArgument.DIFF_DST, memories.get(dy))
                    .with(DnnlArgument.DIFF_SRC, memories.get(dy + 1))
                    .with(DnnlArgument.DIFF_SCALE, dnnl.memory(channels()));
            if (bias) {
                backward.with(DnnlArgument.DIFF_SHIFT, dnnl.memory(channels()));
            }
            all.add(backward);
        }
        for (DnnlPrimitive each : all) {
            if ((call.algorithm() & OneDnnCall.RMS) == 0) {
                each.with(DnnlArgument.MEAN, mean);
            }
            each.with(DnnlArgument.VARIANCE, variance);
        }
        return all;
    }

    private MemorySegment statistics() {
        return switch (call.kind()) {
            case LAYER_NORMALIZATION -> dnnl.rowMajor(extents[0]);
            case BATCH_NORMALIZATION -> channels();
            case GROUP_NORMALIZATION -> dnnl.rowMajor(extents[0], groups());
            default -> throw new AssertionError(call.kind());
        };
    }

    /** A call without a number of groups has as many as channels. */
    private long groups() {
        return call.beta() == 0 ? extents[2] : (long) call.beta();
    }

    private MemorySegment forward() {
        return describe("forward", new Object[] {FORWARD_TRAINING, layout, layout}, MemorySegment.NULL);
    }

    private MemorySegment backward(MemorySegment forward) {
        return describe("backward", new Object[] {BACKWARD, layout, layout, layout}, forward, MemorySegment.NULL);
    }

    private MemorySegment describe(String direction, Object[] layouts, Object... behind) {
        Object[] own = switch (call.kind()) {
            case LAYER_NORMALIZATION -> new Object[] {statistics()};
            case BATCH_NORMALIZATION -> new Object[] {};
            case GROUP_NORMALIZATION -> new Object[] {groups()};
            default -> throw new AssertionError(call.kind());
        };
        Object[] constants = {call.alpha(), call.algorithm()};
        return dnnl.description(call.kind().function() + "_" + direction, layouts, own, constants, behind);
    }
}
