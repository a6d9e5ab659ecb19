package dev.lanewise.peers;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import dev.lanewise.bench.step.StepData;
import dev.lanewise.bench.step.TrainingStep;
import dev.lanewise.nn.Parameter;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The step in PyTorch, through DJL: its own convolutions, its autograd, and SGD with momentum by in-place operations, as
 * {@code torch.optim.SGD} does it.
 *
 * <p>Weights and images are converted from our layout, channels last, to PyTorch's own once, before anything is timed.
 */
final class PyTorchStep implements TrainingStep {
    private static final Shape SAME = new Shape(2, 2);
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);

    private final NDManager manager;
    private final NDArray images;
    private final NDArray labels;
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> velocities = new ArrayList<>();
    private final Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
    private List<float[]> gradients = List.of();
    private boolean keepGradients;

    /**
     * Prepares the step.
     *
     * @param data network and batch
     * @param threads how many threads PyTorch works with; the first of a process counts
     */
    PyTorchStep(StepData data, int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        images = manager.create(
                data.inputs().toArray(), new Shape(data.inputs().shape().extent(0), 1, 28, 28));
        float[] classes = new float[data.labels().length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = data.labels()[i];
        }
        labels = manager.create(classes);
        for (Parameter parameter : data.network().parameters()) {
            NDArray value = Layouts.toPyTorch(parameter.value(), manager);
            value.setRequiresGradient(true);
            parameters.add(value);
            velocities.add(value.zerosLike());
        }
    }

    /** Keeps the gradients of the next steps for {@link #gradients}; not done while timing. */
    void keepGradients(boolean keep) {
        keepGradients = keep;
    }

    @Override
    public float run() {
        float value;
        try (NDManager step = manager.newSubManager()) {
            images.attach(step);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray loss = crossEntropy.evaluate(new NDList(labels), new NDList(logits(images)));
                collector.backward(loss);
                value = loss.getFloat();
            }
            images.attach(manager);
        }
        update();
        return value;
    }

    private NDArray logits(NDArray x) {
        NDArray h = convolution(x, 0);
        h = convolution(h, 2);
        h = h.reshape(x.getShape().get(0), -1);
        h = Activation.relu(
                Linear.linear(h, parameters.get(4), parameters.get(5)).singletonOrThrow());
        return Linear.linear(h, parameters.get(6), parameters.get(7)).singletonOrThrow();
    }

    private NDArray convolution(NDArray x, int first) {
        NDArray y = Conv2d.conv2d(x, parameters.get(first), parameters.get(first + 1), ONE, SAME, ONE, 1)
                .singletonOrThrow();
        return Pool.maxPool2d(Activation.relu(y), TWO, TWO, new Shape(0, 0), false);
    }

    private void update() {
        List<float[]> kept = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            NDArray parameter = parameters.get(i);
            try (NDArray gradient = parameter.getGradient()) {
                if (keepGradients) {
                    kept.add(Layouts.fromPyTorch(gradient, i, manager));
                }
                NDArray velocity = velocities.get(i);
                velocity.muli(StepData.MOMENTUM).addi(gradient);
                try (NDArray change = velocity.mul(StepData.LEARNING_RATE)) {
                    parameter.setRequiresGradient(false);
                    parameter.subi(change);
                    parameter.setRequiresGradient(true);
                }
                gradient.subi(gradient);
            }
        }
        gradients = kept;
    }

    @Override
    public List<float[]> gradients() {
        return gradients;
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Between our layouts and PyTorch's. */
    private static final class Layouts {
        /** Rows and columns of the image that is flattened before the first linear layer. */
        private static final int FLAT_SIDE = 7;

        private Layouts() {}

        static NDArray toPyTorch(Tensor tensor, NDManager manager) {
            dev.lanewise.tensor.Shape shape = tensor.shape();
            long[] extents = new long[shape.rank()];
            for (int i = 0; i < extents.length; i++) {
                extents[i] = shape.extent(i);
            }
            try (NDArray ours = manager.create(tensor.toArray(), new Shape(extents))) {
                return switch (extents.length) {
                    case 4 -> ours.transpose(3, 2, 0, 1).duplicate();
                    case 2 -> extents[0] == 512 ? ours.transpose(1, 0).duplicate() : flattened(ours);
                    default -> ours.duplicate();
                };
            }
        }

        /** PyTorch flattens channels first: rows of the weight change places. */
        private static NDArray flattened(NDArray ours) {
            long outputs = ours.getShape().get(1);
            long channels = ours.getShape().get(0) / (FLAT_SIDE * FLAT_SIDE);
            return ours.reshape(FLAT_SIDE * FLAT_SIDE, channels, outputs)
                    .transpose(2, 1, 0)
                    .reshape(outputs, -1)
                    .duplicate();
        }

        static float[] fromPyTorch(NDArray theirs, int parameter, NDManager manager) {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray copy = theirs.duplicate();
                copy.attach(scratch);
                NDArray ours = switch (parameter) {
                    case 0, 2 -> copy.transpose(2, 3, 1, 0);
                    case 4 -> {
                        long outputs = copy.getShape().get(0);
                        yield copy.reshape(outputs, -1, FLAT_SIDE * FLAT_SIDE).transpose(2, 1, 0);
                    }
                    case 6 -> copy.transpose(1, 0);
                    default -> copy;
                };
                return ours.duplicate().toFloatArray();
            }
        }
    }
}
