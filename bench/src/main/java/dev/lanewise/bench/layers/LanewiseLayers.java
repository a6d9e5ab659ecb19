package dev.lanewise.bench.layers;

import dev.lanewise.bench.compare.Libraries;
import dev.lanewise.bench.compare.Placed;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Convolution;
import dev.lanewise.kernels.PackedWeights;
import dev.lanewise.kernels.Pooling;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/** Convolutions and pooling in Lanewise. */
public final class LanewiseLayers implements LayerLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public LanewiseLayers() {}

    @Override
    public String name() {
        return Libraries.OURS;
    }

    @Override
    public String version() {
        return Libraries.ourVersion();
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
        Parallelism parallelism = Parallelism.of(threads);
        return layer instanceof ConvLayer convolution
                ? convolution(convolution, operands, parallelism)
                : pooling((PoolLayer) layer, operands, parallelism);
    }

    /** Weights of the forward pass are packed before, as other libraries put them into the layout that they like best. */
    private static Running convolution(ConvLayer layer, Operands operands, Parallelism parallelism) {
        ConvShape shape = layer.shape();
        Convolution convolution = layer.convolution();
        Workspace workspace = new Workspace();
        boolean ofImages = layer.direction() == Direction.BACKWARD_DATA;
        boolean ofWeights = layer.direction() == Direction.BACKWARD_WEIGHTS;
        Shape images = convolution.inputShape(shape.batch());
        Shape output = convolution.outputShape(shape.batch());
        Shape weights = convolution.weightShape();
        Workspace memory = new Workspace();
        Tensor left = Placed.copy(operands.left(), ofImages ? output : images, memory);
        Tensor right = Placed.copy(operands.right(), ofWeights ? output : weights, memory);
        Tensor result = memory.tensor(ofImages ? images : ofWeights ? weights : output);
        result.fill(0);
        PackedWeights packed = layer.direction() == Direction.FORWARD
                ? PackedWeights.of(convolution.geometry(), convolution.algorithm(), right)
                : null;
        Runnable computation = switch (layer.direction()) {
            case FORWARD ->
                () -> convolution.forward(left, packed, null, Activation.IDENTITY, result, parallelism, workspace);
            case BACKWARD_DATA -> () -> convolution.inputGradient(left, right, result, parallelism, workspace);
            // Adds to what is there, as layers do; the first run adds to zeros.
            case BACKWARD_WEIGHTS -> () -> convolution.weightGradient(left, right, result, parallelism, workspace);
        };
        return new OnHeap(computation, result, parallelism);
    }

    private static Running pooling(PoolLayer layer, Operands operands, Parallelism parallelism) {
        PoolShape shape = layer.shape();
        PoolingGeometry geometry = shape.geometry();
        Shape images = Shape.of(
                shape.batch(), shape.vertical().input(), shape.horizontal().input(), shape.channels());
        Shape output = Shape.of(
                shape.batch(), shape.vertical().output(), shape.horizontal().output(), shape.channels());
        Workspace memory = new Workspace();
        Tensor x = Placed.copy(operands.left(), images, memory);
        if (layer.direction() == Direction.FORWARD) {
            Tensor y = memory.tensor(output);
            return new OnHeap(
                    layer.average()
                            ? () -> Pooling.averageForward(x, y, geometry, parallelism)
                            : () -> Pooling.maxForward(x, y, geometry, parallelism),
                    y,
                    parallelism);
        }
        Tensor dy = Placed.copy(operands.right(), output, memory);
        Tensor dx = memory.tensor(images);
        if (layer.average()) {
            return new OnHeap(() -> Pooling.averageGradient(dy, dx, geometry, parallelism), dx, parallelism);
        }
        Tensor y = memory.tensor(output);
        Pooling.maxForward(x, y, geometry, parallelism);
        return new OnHeap(() -> Pooling.maxGradient(x, y, dy, dx, geometry, parallelism), dx, parallelism);
    }

    private record OnHeap(Runnable computation, Tensor tensor, Parallelism parallelism) implements Running {
        @Override
        public void run() {
            computation.run();
        }

        @Override
        public float[] result() {
            return tensor.toArray();
        }

        @Override
        public void close() {
            parallelism.close();
        }
    }
}
