package dev.lanewise.peers.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layers.BatchNorm2d;
import dev.lanewise.nn.layers.Conv2d;
import dev.lanewise.nn.layers.Flatten;
import dev.lanewise.nn.layers.GlobalAvgPool2d;
import dev.lanewise.nn.layers.Linear;
import dev.lanewise.nn.layers.MaxPool2d;
import dev.lanewise.nn.layers.Residual;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One of our networks as lines of TorchScript, which read parameters from a list {@code p} and running statistics from a list
 * {@code b}; and copies of both in PyTorch's layouts.
 *
 * <p>Activations are in place, as torchvision writes them.
 */
final class TorchNetwork {
    private final PtNDManager manager;
    private final boolean channelsLast;
    private final List<String> lines = new ArrayList<>();
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> buffers = new ArrayList<>();
    /** The shape of an example where the script is. */
    private dev.lanewise.tensor.Shape shape;
    /** What was flattened, until a linear layer read it: PyTorch flattens channels first. */
    private dev.lanewise.tensor.Shape flattened;

    private int names;

    TorchNetwork(PtNDManager manager, boolean channelsLast, Sequential network, dev.lanewise.tensor.Shape example) {
        this.manager = manager;
        this.channelsLast = channelsLast;
        this.shape = example;
        add(network, "h");
    }

    /** Lines that make {@code h}, the logits, of {@code h}, the images. */
    List<String> lines() {
        return lines;
    }

    List<NDArray> parameters() {
        return parameters;
    }

    List<NDArray> buffers() {
        return buffers;
    }

    private void add(Layer layer, String h) {
        if (layer instanceof Sequential sequence) {
            sequence.layers().forEach(each -> add(each, h));
        } else if (layer instanceof Residual residual) {
            add(residual, h);
        } else {
            dev.lanewise.tensor.Shape input = shape;
            shape = layer.outputShape(input);
            if (layer instanceof Conv2d convolution) {
                add(convolution, h);
            } else if (layer instanceof BatchNorm2d norm) {
                add(norm, h);
            } else if (layer instanceof Linear linear) {
                add(linear, h);
            } else if (layer instanceof MaxPool2d pooling) {
                add(pooling.geometry(), h);
            } else if (layer instanceof GlobalAvgPool2d) {
                lines.add(h + " = torch.flatten(torch.adaptive_avg_pool2d(" + h + ", [1, 1]), 1)");
            } else if (layer instanceof Flatten) {
                flattened = input;
                lines.add(h + " = torch.flatten(" + h + ", 1)");
            } else {
                throw new IllegalStateException("no line of TorchScript for a " + layer.getClass());
            }
        }
    }

    private void add(Residual residual, String h) {
        dev.lanewise.tensor.Shape input = shape;
        String other = "s" + names++;
        lines.add(other + " = " + h);
        String body = "s" + names++;
        lines.add(body + " = " + h);
        add(residual.body(), body);
        shape = input;
        add(residual.shortcut(), other);
        lines.add(h + " = torch.add_(" + body + ", " + other + ")");
        activate(residual.activation(), h);
    }

    private void add(Conv2d layer, String h) {
        ConvolutionGeometry g = layer.geometry();
        String weight = parameter(weights(layer.parameters().getFirst()));
        String bias =
                layer.isBiased() ? parameter(vector(layer.parameters().get(1).value())) : "None";
        lines.add(h + " = torch.conv2d(" + h + ", " + weight + ", " + bias + ", "
                + pair(g.strideHeight(), g.strideWidth())
                + ", " + pair(g.padTop(), g.padLeft()) + ", " + pair(g.dilationHeight(), g.dilationWidth()) + ", "
                + g.groups() + ")");
        activate(layer.activation(), h);
    }

    private void add(BatchNorm2d layer, String h) {
        String weight = parameter(vector(layer.parameters().get(0).value()));
        String bias = parameter(vector(layer.parameters().get(1).value()));
        String mean = buffer(vector(layer.buffers().get(0).value()));
        String variance = buffer(vector(layer.buffers().get(1).value()));
        lines.add(h + " = torch.batch_norm(" + h + ", " + weight + ", " + bias + ", " + mean + ", " + variance
                + ", True, " + layer.momentum() + ", " + layer.epsilon() + ", False)");
        activate(layer.activation(), h);
    }

    private void add(Linear layer, String h) {
        String weight = parameter(matrix(layer.parameters().get(0).value()));
        String bias = parameter(vector(layer.parameters().get(1).value()));
        lines.add(h + " = torch.linear(" + h + ", " + weight + ", " + bias + ")");
        activate(layer.activation(), h);
    }

    private void add(PoolingGeometry g, String h) {
        lines.add(h + " = torch.max_pool2d(" + h + ", " + pair(g.kernelHeight(), g.kernelWidth()) + ", "
                + pair(g.strideHeight(), g.strideWidth()) + ", " + pair(g.padTop(), g.padLeft()) + ", [1, 1], False)");
    }

    private void activate(Activation f, String h) {
        if (f == Activation.RELU) {
            lines.add(h + " = torch.relu_(" + h + ")");
        } else if (f != Activation.IDENTITY) {
            throw new IllegalStateException("no line of TorchScript for " + f);
        }
    }

    private static String pair(int first, int second) {
        return "[" + first + ", " + second + "]";
    }

    private String parameter(NDArray value) {
        value.setRequiresGradient(true);
        parameters.add(value);
        return "p[" + (parameters.size() - 1) + "]";
    }

    private String buffer(NDArray value) {
        buffers.add(value);
        return "b[" + (buffers.size() - 1) + "]";
    }

    /** Images or weights, whose axes are in Lanewise's order, in the layout of this network. */
    NDArray image(Tensor ours) {
        return arranged(ours, 0, 3, 1, 2);
    }

    private NDArray weights(Parameter parameter) {
        Tensor ours = parameter.value();
        return arranged(ours, 3, 2, 0, 1);
    }

    private NDArray arranged(Tensor ours, int... order) {
        try (NDArray array = manager.create(ours.toArray(), extents(ours.shape()))) {
            if (!channelsLast) {
                return contiguous(array.transpose(order));
            }
            // A copy keeps the order in memory that a transposed view has: here channels innermost.
            try (NDArray last = contiguous(array.transpose(order[0], order[2], order[3], order[1]));
                    NDArray view = last.transpose(0, 3, 1, 2)) {
                return view.duplicate();
            }
        }
    }

    private NDArray matrix(Tensor ours) {
        long outputs = ours.shape().extent(1);
        try (NDArray array = manager.create(ours.toArray(), extents(ours.shape()))) {
            if (flattened == null) {
                return contiguous(array.transpose(1, 0));
            }
            long channels = flattened.extent(2);
            long pixels = flattened.size() / channels;
            flattened = null;
            try (NDArray split = array.reshape(pixels, channels, outputs);
                    NDArray first = contiguous(split.transpose(2, 1, 0))) {
                return first.reshape(outputs, channels * pixels);
            }
        }
    }

    private NDArray vector(Tensor ours) {
        return manager.create(ours.toArray(), extents(ours.shape()));
    }

    /** A copy whose elements are in memory in the order of the view's axes. */
    private static NDArray contiguous(NDArray view) {
        try (view;
                NDArray flat = view.reshape(new Shape(view.size()))) {
            return flat.reshape(view.getShape()).duplicate();
        }
    }

    private static Shape extents(dev.lanewise.tensor.Shape shape) {
        long[] extents = new long[shape.rank()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = shape.extent(i);
        }
        return new Shape(extents);
    }
}
