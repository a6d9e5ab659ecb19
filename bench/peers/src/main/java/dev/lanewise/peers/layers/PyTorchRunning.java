package dev.lanewise.peers.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.lanewise.bench.layers.LayerLibrary.Running;

/** A function of PyTorch with its arguments. What it returned last is kept until it runs again, as a network would. */
final class PyTorchRunning implements Running {
    private final PtNDManager manager;
    private final PtSymbolBlock function;
    private final IValue[] arguments;
    private final int[] ourOrder;
    private IValue last;

    /**
     * Takes a function.
     *
     * @param manager holds all that belongs to it; closed with this
     * @param function returns a tensor
     * @param ourOrder Lanewise's axes, outermost first, by the numbers of PyTorch's
     * @param arguments the function's
     */
    PyTorchRunning(PtNDManager manager, PtSymbolBlock function, int[] ourOrder, NDArray... arguments) {
        this.manager = manager;
        this.function = function;
        this.ourOrder = ourOrder;
        this.arguments = new IValue[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            this.arguments[i] = IValue.from((PtNDArray) arguments[i]);
        }
    }

    @Override
    public void run() {
        IValue result = function.forward(arguments);
        if (last != null) {
            last.close();
        }
        last = result;
    }

    @Override
    public float[] result() {
        try (NDArray theirs = last.toTensor(manager);
                NDArray ours = theirs.transpose(ourOrder);
                NDArray flat = ours.reshape(new Shape(ours.size()))) {
            return flat.toFloatArray();
        }
    }

    @Override
    public void close() {
        last.close();
        for (IValue argument : arguments) {
            argument.close();
        }
        function.close();
        manager.close();
    }
}
