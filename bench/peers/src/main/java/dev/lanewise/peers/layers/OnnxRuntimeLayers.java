package dev.lanewise.peers.layers;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.ConvShape;
import dev.lanewise.bench.layers.Direction;
import dev.lanewise.bench.layers.Layer;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary;
import dev.lanewise.bench.layers.PoolLayer;
import dev.lanewise.bench.layers.PoolShape;
import dev.lanewise.reference.WindowAxis;

/** Convolutions and pooling in ONNX Runtime, forward only: models of one node, whose weights it may pack beforehand. */
public final class OnnxRuntimeLayers implements LayerLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public OnnxRuntimeLayers() {}

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public String version() {
        return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public boolean offers(Layer layer) {
        return layer instanceof ConvLayer convolution
                ? convolution.direction() == Direction.FORWARD
                : ((PoolLayer) layer).direction() == Direction.FORWARD;
    }

    @Override
    public Running prepare(Layer layer, Operands operands, int threads) {
        try {
            return layer instanceof ConvLayer convolution
                    ? convolution(convolution.shape(), operands, threads)
                    : pooling((PoolLayer) layer, operands, threads);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Running convolution(ConvShape shape, Operands operands, int threads) throws OrtException {
        WindowAxis h = shape.vertical();
        WindowAxis w = shape.horizontal();
        OnnxModel model = windows(new OnnxModel("Conv", "x", "w"), h, w)
                .with("dilations", h.dilation(), w.dilation())
                .with("group", shape.groups())
                .weights(
                        ChannelsFirst.weights(
                                operands.right(), h.kernel() * w.kernel(), shape.groupInputs(), shape.outChannels()),
                        shape.outChannels(),
                        shape.groupInputs(),
                        h.kernel(),
                        w.kernel());
        return new OnnxRuntimeRunning(
                model,
                operands.left(),
                new long[] {shape.batch(), shape.inChannels(), h.input(), w.input()},
                new long[] {shape.batch(), shape.outChannels(), h.output(), w.output()},
                threads);
    }

    /** An average does not count padding, unless asked to. */
    private static Running pooling(PoolLayer layer, Operands operands, int threads) throws OrtException {
        PoolShape shape = layer.shape();
        WindowAxis h = shape.vertical();
        WindowAxis w = shape.horizontal();
        return new OnnxRuntimeRunning(
                windows(new OnnxModel(layer.average() ? "AveragePool" : "MaxPool", "x"), h, w),
                operands.left(),
                new long[] {shape.batch(), shape.channels(), h.input(), w.input()},
                new long[] {shape.batch(), shape.channels(), h.output(), w.output()},
                threads);
    }

    private static OnnxModel windows(OnnxModel model, WindowAxis h, WindowAxis w) {
        return model.with("kernel_shape", h.kernel(), w.kernel())
                .with("strides", h.stride(), w.stride())
                .with("pads", h.padBefore(), w.padBefore(), h.padAfter(), w.padAfter());
    }
}
