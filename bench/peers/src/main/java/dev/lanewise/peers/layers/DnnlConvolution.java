package dev.lanewise.peers.layers;

import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.ConvShape;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary.Running;
import dev.lanewise.reference.WindowAxis;
import java.lang.foreign.MemorySegment;
import java.util.List;

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
            shape.batch(),
            shape.inChannels(),
            shape.vertical().input(),
            shape.horizontal().input()
        };
        weights = shape.groups() == 1
                ? new long[] {shape.outChannels(), shape.inChannels(), kh, kw}
                : new long[] {shape.groups(), shape.groupOutputs(), shape.groupInputs(), kh, kw};
        output = new long[] {
            shape.batch(),
            shape.outChannels(),
            shape.vertical().output(),
            shape.horizontal().output()
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

    /** Describes a primitive of layouts that it may choose itself. */
    private MemorySegment description(String operation, Object[] behind, Object... before) {
        Object[] windows = {
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::stride),
            dnnl.array(shape.vertical(), shape.horizontal(), axis -> axis.dilation() - 1),
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::padBefore),
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::padAfter)
        };
        return dnnl.description(operation, before, windows, behind);
    }

    private MemorySegment forward(int kind) {
        return description(
                "dnnl_convolution_forward",
                new Object[] {MemorySegment.NULL},
                kind,
                DIRECT,
                any(images),
                any(weights),
                MemorySegment.NULL,
                any(output));
    }

    /** What the description of a gradient ends with: that of the forward pass. */
    private Object[] behindGradient() {
        return new Object[] {forward(FORWARD_TRAINING), MemorySegment.NULL};
    }

    private Running forward(Operands operands) {
        return running(
                forward(FORWARD_INFERENCE),
                new Given(DnnlArgument.SRC, operands.left(), pixels(images)),
                new Given(DnnlArgument.WEIGHTS, operands.right(), ourWeights()),
                DnnlArgument.DST,
                pixels(output));
    }

    private Running backwardData(Operands operands) {
        return running(
                description(
                        "dnnl_convolution_backward_data",
                        behindGradient(),
                        DIRECT,
                        any(images),
                        any(weights),
                        any(output)),
                new Given(DnnlArgument.DIFF_DST, operands.left(), pixels(output)),
                new Given(DnnlArgument.WEIGHTS, operands.right(), ourWeights()),
                DnnlArgument.DIFF_SRC,
                pixels(images));
    }

    private Running backwardWeights(Operands operands) {
        return running(
                description(
                        "dnnl_convolution_backward_weights",
                        behindGradient(),
                        DIRECT,
                        any(images),
                        any(weights),
                        MemorySegment.NULL,
                        any(output)),
                new Given(DnnlArgument.SRC, operands.left(), pixels(images)),
                new Given(DnnlArgument.DIFF_DST, operands.right(), pixels(output)),
                DnnlArgument.DIFF_WEIGHTS,
                ourWeights());
    }

    /** An operand, and the layout that it comes in. */
    private record Given(DnnlArgument argument, float[] elements, MemorySegment layout) {}

    private Running running(
            MemorySegment description, Given left, Given right, DnnlArgument what, MemorySegment ourLayout) {
        Dnnl.Memory result = dnnl.memory(dnnl.layoutOf(description, what));
        DnnlPrimitive primitive = dnnl.primitive(description).with(what, result);
        for (Given given : List.of(left, right)) {
            MemorySegment liked = dnnl.layoutOf(description, given.argument());
            primitive.with(given.argument(), dnnl.filled(given.elements(), given.layout(), liked));
        }
        return new DnnlRunning(dnnl, primitive, result, ourLayout);
    }
}
