package dev.lanewise.peers.layers;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.Layer;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary;
import dev.lanewise.bench.layers.PoolLayer;

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
        System.setProperty("ai.djl.offline", "true");
        return "PyTorch " + Engine.getEngine("PyTorch").getVersion() + " through DJL " + Engine.getDjlVersion();
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
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
        return layer instanceof ConvLayer convolution
                ? PyTorchConvolution.prepare(manager, convolution, operands)
                : PyTorchPooling.prepare(manager, (PoolLayer) layer, operands);
    }
}
