package dev.lanewise.peers.layers;

import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.ConvShape;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary.Running;
import java.lang.foreign.MemorySegment;

/** A convolution in oneDNN: describes it without a layout, and brings the operands into the layouts that it chose. */
final class DnnlConvolution {
    private static final int FORWARD_TRAINING = 64;
    private static final int FORWARD_INFERENCE = 96;

    /** {@code dnnl_convolution_direct}: no Winograd, whose results are not exact. */
    private static final int DIRECT = 1;

    private final Dnnl dnnl = new Dnnl();
    private final ConvShape shape;
    private final long[] images;
    private final long[] weights;
    private final long[] output;

    private DnnlConvolution(ConvShape shape) {
        this.shape = shape;
        long kh = shape.vertical().kernel();
        long kw = shape.horizontal().kernel();
        images = new long[] {
            shape.batch(), shape.inChannels(), shape.vertical().input(), shape.horizontal().input()
        };
        weights = shape.groups() == 1
                ? new long[] {shape.outChannels(), shape.inChannels(), kh, kw}
                : new long[] {shape.groups(), shape.groupOutputs(), shape.groupInputs(), kh, kw};
        output = new long[] {
            shape.batch(), shape.outChannels(), shape.vertical().output(), shape.horizontal().output()
        };
    }

    static Running prepare(ConvLayer layer, Operands operands) {
        DnnlConvolution convolution = new DnnlConvolution(layer.shape());
        return switch (layer.direction()) {
            case FORWARD -> convolution.forward(operands);
            case BACKWARD_DATA -> convolution.backwardData(operands);
            case BACKWARD_WEIGHTS -> convolution.backwardWeights(operands);
        };
    }

    private MemorySegment any(long[] extents) {
        return dnnl.layout(Dnnl.ANY, extents);
    }

    /** Images and outputs as Lanewise has them. */
    private MemorySegment pixels(long[] extents) {
        return dnnl.layout(Dnnl.NHWC, extents);
    }

    private MemorySegment ourWeights() {
        return dnnl.layout(shape.groups() == 1 ? Dnnl.HWIO : Dnnl.HWIGO, weights);
    }

    private MemorySegment strides() {
        return dnnl.array(shape.vertical().stride(), shape.horizontal().stride());
    }

    private MemorySegment dilation() {
        return dnnl.array(shape.vertical().dilation() - 1, shape.horizontal().dilation() - 1);
    }

    private MemorySegment padBefore() {
        return dnnl.array(shape.vertical().padBefore(), shape.horizontal().padBefore());
    }

    /** What oneDNN computes the output from: rows that fill no window are padding less than none. */
    private MemorySegment padAfter() {
        return dnnl.array(shape.vertical().padAfter(), shape.horizontal().padAfter());
    }

    private MemorySegment forward(int kind) {
        return dnnl.description(
                "dnnl_convolution_forward",
                kind,
                DIRECT,
                any(images),
                any(weights),
                MemorySegment.NULL,
                any(output),
                strides(),
                dilation(),
                padBefore(),
                padAfter(),
                MemorySegment.NULL);
    }

    private Running forward(Operands operands) {
        MemorySegment description = forward(FORWARD_INFERENCE);
        return running(
                description,
                DnnlArgument.SRC,
                dnnl.filled(operands.left(), pixels(images), dnnl.layoutOf(description, DnnlArgument.SRC)),
                DnnlArgument.WEIGHTS,
                dnnl.filled(operands.right(), ourWeights(), dnnl.layoutOf(description, DnnlArgument.WEIGHTS)),
                DnnlArgument.DST,
                pixels(output));
    }

    private Running backwardData(Operands operands) {
        MemorySegment description = dnnl.description(
                "dnnl_convolution_backward_data",
                DIRECT,
                any(images),
                any(weights),
                any(output),
                strides(),
                dilation(),
                padBefore(),
                padAfter(),
                forward(FORWARD_TRAINING),
                MemorySegment.NULL);
        return running(
                description,
                DnnlArgument.DIFF_DST,
                dnnl.filled(operands.left(), pixels(output), dnnl.layoutOf(description, DnnlArgument.DIFF_DST)),
                DnnlArgument.WEIGHTS,
                dnnl.filled(operands.right(), ourWeights(), dnnl.layoutOf(description, DnnlArgument.WEIGHTS)),
                DnnlArgument.DIFF_SRC,
                pixels(images));
    }

    private Running backwardWeights(Operands operands) {
        MemorySegment description = dnnl.description(
                "dnnl_convolution_backward_weights",
                DIRECT,
                any(images),
                any(weights),
                MemorySegment.NULL,
                any(output),
                strides(),
                dilation(),
                padBefore(),
                padAfter(),
                forward(FORWARD_TRAINING),
                MemorySegment.NULL);
        return running(
                description,
                DnnlArgument.SRC,
                dnnl.filled(operands.left(), pixels(images), dnnl.layoutOf(description, DnnlArgument.SRC)),
                DnnlArgument.DIFF_DST,
                dnnl.filled(operands.right(), pixels(output), dnnl.layoutOf(description, DnnlArgument.DIFF_DST)),
                DnnlArgument.DIFF_WEIGHTS,
                ourWeights());
    }

    private Running running(
            MemorySegment description,
            DnnlArgument first,
            Dnnl.Memory left,
            DnnlArgument second,
            Dnnl.Memory right,
            DnnlArgument what,
            MemorySegment ourLayout) {
        Dnnl.Memory result = dnnl.memory(dnnl.layoutOf(description, what));
        DnnlPrimitive primitive =
                dnnl.primitive(description).with(first, left).with(second, right).with(what, result);
        return new DnnlRunning(dnnl, primitive, result, ourLayout);
    }
}
