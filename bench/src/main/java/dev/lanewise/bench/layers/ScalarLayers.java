package dev.lanewise.bench.layers;

import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.reference.ConvolutionReference;
import dev.lanewise.reference.PoolingReference;
import java.util.function.Supplier;

/** Lanewise's own scalar references: what a library is worth shows beside them. */
public final class ScalarLayers implements LayerLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public ScalarLayers() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String version() {
        return "loops in Java " + System.getProperty("java.version") + ", one thread";
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public boolean offers(Layer layer) {
        return true;
    }

    @Override
    public Running prepare(Layer layer, Operands operands, int threads) {
        return new OnHeap(
                layer instanceof ConvLayer convolution
                        ? convolution(convolution, operands)
                        : pooling((PoolLayer) layer, operands));
    }

    private static Supplier<float[]> convolution(ConvLayer layer, Operands operands) {
        ConvShape shape = layer.shape();
        ConvolutionReference reference = new ConvolutionReference(
                shape.batch(),
                shape.vertical(),
                shape.horizontal(),
                shape.inChannels(),
                shape.outChannels(),
                shape.groups());
        float[] left = operands.left();
        float[] right = operands.right();
        return switch (layer.direction()) {
            case FORWARD -> () -> reference.forward(left, right, new float[shape.outChannels()]);
            case BACKWARD_DATA -> () -> reference.inputGradient(left, right);
            case BACKWARD_WEIGHTS -> () -> reference.weightGradient(left, right, new float[shape.weightSize()], 1);
        };
    }

    private static Supplier<float[]> pooling(PoolLayer layer, Operands operands) {
        PoolShape shape = layer.shape();
        PoolingReference reference =
                new PoolingReference(shape.batch(), shape.vertical(), shape.horizontal(), shape.channels());
        float[] x = operands.left();
        float[] dy = operands.right();
        if (layer.direction() == Direction.FORWARD) {
            return layer.average() ? () -> reference.average(x) : () -> reference.max(x);
        }
        return layer.average() ? () -> reference.averageGradient(dy) : () -> reference.maxGradient(x, dy);
    }

    private static final class OnHeap implements Running {
        private final Supplier<float[]> computation;
        private float[] result;

        OnHeap(Supplier<float[]> computation) {
            this.computation = computation;
        }

        @Override
        public void run() {
            result = computation.get();
        }

        @Override
        public float[] result() {
            return result;
        }

        @Override
        public void close() {}
    }
}
