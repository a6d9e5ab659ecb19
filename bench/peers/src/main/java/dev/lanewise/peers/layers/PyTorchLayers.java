package dev.lanewise.peers.layers;

import ai.djl.pytorch.engine.PtNDManager;
import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.Layer;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary;
import dev.lanewise.bench.layers.PoolLayer;
import dev.lanewise.peers.foreign.PyTorchLibrary;

/** Convolutions and pooling in PyTorch, through DJL: its operators, each gradient by itself, without autograd. */
public final class PyTorchLayers implements LayerLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public PyTorchLayers() {}

    @Override
    public String name() {
        return "pytorch";
    }

    @Override
    public String version() {
        return PyTorchLibrary.version();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    /** Padding is one number for both ends of a side. */
    @Override
    public boolean offers(Layer layer) {
        return layer instanceof ConvLayer convolution
                ? convolution.shape().isSymmetric()
                : ((PoolLayer) layer).shape().isSymmetric();
    }

    @Override
    public Running prepare(Layer layer, Operands operands, int threads) {
        PtNDManager manager = PyTorchLibrary.start(threads);
        return layer instanceof ConvLayer convolution
                ? PyTorchConvolution.prepare(manager, convolution, operands)
                : PyTorchPooling.prepare(manager, (PoolLayer) layer, operands);
    }
}
