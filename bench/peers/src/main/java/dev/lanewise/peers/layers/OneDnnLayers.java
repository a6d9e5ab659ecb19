package dev.lanewise.peers.layers;

import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.Layer;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary;
import dev.lanewise.bench.layers.PoolLayer;
import dev.lanewise.peers.foreign.OneDnnLibrary;

/** Convolutions and pooling in oneDNN, by its primitives, in the layouts that they choose. */
public final class OneDnnLayers implements LayerLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public OneDnnLayers() {}

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
    public boolean offers(Layer layer) {
        return true;
    }

    @Override
    public Running prepare(Layer layer, Operands operands, int threads) {
        OneDnnLibrary.setThreads(threads);
        return layer instanceof ConvLayer convolution
                ? DnnlConvolution.prepare(convolution, operands)
                : DnnlPooling.prepare((PoolLayer) layer, operands);
    }
}
