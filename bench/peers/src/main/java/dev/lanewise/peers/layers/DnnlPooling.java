package dev.lanewise.peers.layers;

import dev.lanewise.bench.layers.Direction;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary.Running;
import dev.lanewise.bench.layers.PoolLayer;
import dev.lanewise.bench.layers.PoolShape;
import dev.lanewise.reference.WindowAxis;
import java.lang.foreign.MemorySegment;

/** Pooling in oneDNN. It keeps the layout of the images, which is here that of Lanewise. */
final class DnnlPooling {
    private static final int FORWARD_TRAINING = 64;
    private static final int FORWARD_INFERENCE = 96;
    private static final int MAXIMUM = 511;

    /** {@code dnnl_pooling_avg_exclude_padding}. */
    private static final int AVERAGE = 1023;

    private final Dnnl dnnl = new Dnnl();
    private final PoolShape shape;
    private final int algorithm;
    private final MemorySegment images;
    private final MemorySegment output;

    private DnnlPooling(PoolLayer layer) {
        shape = layer.shape();
        algorithm = layer.average() ? AVERAGE : MAXIMUM;
        images = dnnl.layout(
                Dnnl.NHWC,
                shape.batch(),
                shape.channels(),
                shape.vertical().input(),
                shape.horizontal().input());
        output = dnnl.layout(
                Dnnl.NHWC,
                shape.batch(),
                shape.channels(),
                shape.vertical().output(),
                shape.horizontal().output());
    }

    static Running prepare(PoolLayer layer, Operands operands) {
        DnnlPooling pooling = new DnnlPooling(layer);
        return layer.direction() == Direction.FORWARD ? pooling.forward(operands) : pooling.backward(operands);
    }

    private MemorySegment description(String operation, Object[] before, Object... behind) {
        Object[] windows = {
            images,
            output,
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::stride),
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::kernel),
            dnnl.array(shape.vertical(), shape.horizontal(), axis -> axis.dilation() - 1),
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::padBefore),
            dnnl.array(shape.vertical(), shape.horizontal(), WindowAxis::padAfter)
        };
        return dnnl.description(operation, before, windows, behind);
    }

    private MemorySegment forward(int kind) {
        return description("dnnl_pooling_forward", new Object[] {kind, algorithm}, MemorySegment.NULL);
    }

    private Running forward(Operands operands) {
        MemorySegment description = forward(FORWARD_INFERENCE);
        Dnnl.Memory x = dnnl.filled(operands.left(), images, images);
        Dnnl.Memory y = dnnl.memory(output);
        DnnlPrimitive primitive =
                dnnl.primitive(description).with(DnnlArgument.SRC, x).with(DnnlArgument.DST, y);
        return new DnnlRunning(dnnl, primitive, y, output);
    }

    /** The forward pass, which is not timed, notes in a workspace where the maxima are. */
    private Running backward(Operands operands) {
        MemorySegment forward = forward(FORWARD_TRAINING);
        MemorySegment description =
                description("dnnl_pooling_backward", new Object[] {algorithm}, forward, MemorySegment.NULL);
        Dnnl.Memory dx = dnnl.memory(images);
        DnnlPrimitive primitive = dnnl.primitive(description)
                .with(DnnlArgument.DIFF_DST, dnnl.filled(operands.right(), output, output))
                .with(DnnlArgument.DIFF_SRC, dx);
        if (algorithm == MAXIMUM) {
            Dnnl.Memory workspace = dnnl.memory(dnnl.layoutOf(forward, DnnlArgument.WORKSPACE));
            dnnl.primitive(forward)
                    .with(DnnlArgument.SRC, dnnl.filled(operands.left(), images, images))
                    .with(DnnlArgument.DST, dnnl.memory(output))
                    .with(DnnlArgument.WORKSPACE, workspace)
                    .run();
            primitive.with(DnnlArgument.WORKSPACE, workspace);
        }
        return new DnnlRunning(dnnl, primitive, dx, images);
    }
}
