package dev.lanewise.peers.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.lanewise.bench.layers.Direction;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary.Running;
import dev.lanewise.bench.layers.PoolLayer;
import dev.lanewise.bench.layers.PoolShape;
import dev.lanewise.reference.WindowAxis;
import java.util.Locale;

/**
 * Pooling in PyTorch: its operators and their gradients, in {@code torch.channels_last}, which is several times faster there
 * than its own layout.
 */
final class PyTorchPooling {
    private PyTorchPooling() {}

    static Running prepare(PtNDManager manager, PoolLayer layer, Operands operands) {
        PoolShape shape = layer.shape();
        NDArray x = PyTorchTensors.channelsLast(
                manager,
                operands.left(),
                shape.batch(),
                shape.vertical().input(),
                shape.horizontal().input(),
                shape.channels());
        if (layer.direction() == Direction.FORWARD) {
            String call = layer.average()
                    ? "return torch.avg_pool2d(x, " + numbers(shape) + ", False, False, None)"
                    : "return torch.max_pool2d(x, " + numbers(shape) + ", [1, 1], False)";
            return new PyTorchRunning(
                    manager, TorchScript.load(manager, "x: Tensor", "Tensor", call), PyTorchTensors.OUR_PIXELS, x);
        }
        NDArray dy = PyTorchTensors.channelsLast(
                manager,
                operands.right(),
                shape.batch(),
                shape.vertical().output(),
                shape.horizontal().output(),
                shape.channels());
        return layer.average() ? averageGradient(manager, shape, x, dy) : maxGradient(manager, shape, x, dy);
    }

    private static Running averageGradient(PtNDManager manager, PoolShape shape, NDArray x, NDArray dy) {
        PtSymbolBlock function = TorchScript.load(
                manager,
                "dy: Tensor, x: Tensor",
                "Tensor",
                "return torch.avg_pool2d_backward(dy, x, " + numbers(shape) + ", False, False, None)");
        return new PyTorchRunning(manager, function, PyTorchTensors.OUR_PIXELS, dy, x);
    }

    /** The forward pass, which is not timed, says where the maxima are. */
    private static Running maxGradient(PtNDManager manager, PoolShape shape, NDArray x, NDArray dy) {
        NDArray where;
        try (PtSymbolBlock forward = TorchScript.load(
                        manager,
                        "x: Tensor",
                        "Tensor",
                        "y, where = torch.max_pool2d_with_indices(x, " + numbers(shape) + ", [1, 1], False)",
                        "return where");
                IValue argument = IValue.from((PtNDArray) x);
                IValue result = forward.forward(argument)) {
            where = result.toTensor(manager);
        }
        PtSymbolBlock function = TorchScript.load(
                manager,
                "dy: Tensor, x: Tensor, where: Tensor",
                "Tensor",
                "return torch.max_pool2d_with_indices_backward(dy, x, " + numbers(shape) + ", [1, 1], False, where)");
        return new PyTorchRunning(manager, function, PyTorchTensors.OUR_PIXELS, dy, x, where);
    }

    /** Window, stride and padding. */
    private static String numbers(PoolShape shape) {
        WindowAxis h = shape.vertical();
        WindowAxis w = shape.horizontal();
        return String.format(
                Locale.ROOT,
                "[%d, %d], [%d, %d], [%d, %d]",
                h.kernel(),
                w.kernel(),
                h.stride(),
                w.stride(),
                h.padBefore(),
                w.padBefore());
    }
}
