package dev.lanewise.peers.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;

/** Tensors of PyTorch, whose axes are batch, channels, height, width, of Lanewise's arrays. */
final class PyTorchTensors {
    /** The axes of our images, {@code [batch, height, width, channels]}, by the numbers of PyTorch's. */
    static final int[] OUR_PIXELS = {0, 2, 3, 1};

    /** The axes of our weights, {@code [height, width, in, out]}, by the numbers of PyTorch's. */
    static final int[] OUR_WEIGHTS = {2, 3, 1, 0};

    private static final int[] THEIR_PIXELS = {0, 3, 1, 2};
    private static final int[] THEIR_WEIGHTS = {3, 2, 0, 1};

    private PyTorchTensors() {}

    /** Images in PyTorch's own layout, where a channel is contiguous. */
    static NDArray pixels(PtNDManager manager, float[] ours, long batch, long height, long width, long channels) {
        return contiguous(manager, ours, new Shape(batch, height, width, channels), THEIR_PIXELS);
    }

    /** Weights in PyTorch's own layout. */
    static NDArray weights(PtNDManager manager, float[] ours, long height, long width, long in, long out) {
        return contiguous(manager, ours, new Shape(height, width, in, out), THEIR_WEIGHTS);
    }

    private static NDArray contiguous(PtNDManager manager, float[] ours, Shape extents, int[] order) {
        try (NDArray array = manager.create(ours, extents);
                NDArray view = array.transpose(order);
                NDArray copied = view.reshape(new Shape(array.size()))) {
            return copied.reshape(view.getShape());
        }
    }

    /** Images in {@code torch.channels_last}: a copy keeps the order in memory that a transposed view has. */
    static NDArray channelsLast(PtNDManager manager, float[] ours, long batch, long height, long width, long channels) {
        try (NDArray array = manager.create(ours, new Shape(batch, height, width, channels));
                NDArray view = array.transpose(THEIR_PIXELS)) {
            return view.duplicate();
        }
    }
}
