package dev.lanewise.peers.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.lanewise.bench.layers.ConvLayer;
import dev.lanewise.bench.layers.ConvShape;
import dev.lanewise.bench.layers.Layer.Operands;
import dev.lanewise.bench.layers.LayerLibrary.Running;
import dev.lanewise.reference.WindowAxis;
import java.util.Locale;

/**
 * A convolution in PyTorch: {@code torch.conv2d} and {@code torch.convolution_backward}, in its own layout: of the layers of
 * ResNet-50 most were slower in {@code torch.channels_last}.
 */
final class PyTorchConvolution {
    private final PtNDManager manager;
    private final ConvShape shape;

    private PyTorchConvolution(PtNDManager manager, ConvShape shape) {
        this.manager = manager;
        this.shape = shape;
    }

    static Running prepare(PtNDManager manager, ConvLayer layer, Operands operands) {
        PyTorchConvolution convolution = new PyTorchConvolution(manager, layer.shape());
        return switch (layer.direction()) {
            case FORWARD -> convolution.forward(operands);
            case BACKWARD_DATA -> convolution.backwardData(operands);
            case BACKWARD_WEIGHTS -> convolution.backwardWeights(operands);
        };
    }

    private Running forward(Operands operands) {
        PtSymbolBlock function = TorchScript.load(
                manager,
                "x: Tensor, w: Tensor",
                "Tensor",
                "return torch.conv2d(x, w, None, " + numbers() + ", " + shape.groups() + ")");
        return new PyTorchRunning(
                manager, function, PyTorchTensors.OUR_PIXELS, images(operands.left()), weights(operands.right()));
    }

    private Running backwardData(Operands operands) {
        return new PyTorchRunning(
                manager,
                backward(0),
                PyTorchTensors.OUR_PIXELS,
                output(operands.left()),
                images(new float[shape.inputSize()]),
                weights(operands.right()));
    }

    private Running backwardWeights(Operands operands) {
        return new PyTorchRunning(
                manager,
                backward(1),
                PyTorchTensors.OUR_WEIGHTS,
                output(operands.right()),
                images(operands.left()),
                weights(new float[shape.weightSize()]));
    }

    /** The gradient of the images (0) or of the weights (1) alone. */
    private PtSymbolBlock backward(int wanted) {
        return TorchScript.load(
                manager,
                "dy: Tensor, x: Tensor, w: Tensor",
                "Tensor",
                "dx, dw, db = torch.convolution_backward(dy, x, w, None, " + numbers() + ", False, [0, 0], "
                        + shape.groups() + ", " + (wanted == 0 ? "[True, False, False]" : "[False, True, False]") + ")",
                "return " + (wanted == 0 ? "dx" : "dw"));
    }

    /** Stride, padding and dilation. */
    private String numbers() {
        WindowAxis h = shape.vertical();
        WindowAxis w = shape.horizontal();
        return String.format(
                Locale.ROOT,
                "[%d, %d], [%d, %d], [%d, %d]",
                h.stride(),
                w.stride(),
                h.padBefore(),
                w.padBefore(),
                h.dilation(),
                w.dilation());
    }

    private NDArray images(float[] x) {
        return PyTorchTensors.pixels(
                manager,
                x,
                shape.batch(),
                shape.vertical().input(),
                shape.horizontal().input(),
                shape.inChannels());
    }

    private NDArray output(float[] y) {
        return PyTorchTensors.pixels(
                manager,
                y,
                shape.batch(),
                shape.vertical().output(),
                shape.horizontal().output(),
                shape.outChannels());
    }

    private NDArray weights(float[] w) {
        return PyTorchTensors.weights(
                manager,
                w,
                shape.vertical().kernel(),
                shape.horizontal().kernel(),
                shape.groupInputs(),
                shape.outChannels());
    }
}
