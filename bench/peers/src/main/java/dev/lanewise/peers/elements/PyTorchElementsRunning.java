package dev.lanewise.peers.elements;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.lanewise.bench.elements.ElementLibrary.Running;
import java.util.List;

/** A problem in PyTorch. What it returned last is kept until it runs again, as a network would. */
final class PyTorchElementsRunning implements Running {
    private final int repeats;
    private final PtNDManager manager;
    private final PtSymbolBlock function;
    private final List<NDArray> tensors;
    private final IValue[] arguments;
    private final List<Integer> results;
    private IValue last;

    /**
     * Takes a function.
     *
     * @param repeats how often a run computes it
     * @param manager holds all that belongs to it; closed with this
     * @param function of the tensors and how often to compute; returns a list of tensors
     * @param tensors the operands
     * @param results the numbers of the operands that are results, of which the function returns the first; the others it changes
     *     in place
     */
    PyTorchElementsRunning(
            int repeats, PtNDManager manager, PtSymbolBlock function, List<NDArray> tensors, List<Integer> results) {
        this.repeats = repeats;
        this.manager = manager;
        this.function = function;
        this.tensors = tensors;
        this.results = results;
        this.arguments = new IValue[tensors.size() + 1];
        for (int i = 0; i < tensors.size(); i++) {
            arguments[i] = IValue.from((PtNDArray) tensors.get(i));
        }
        arguments[tensors.size()] = IValue.from((long) repeats);
    }

    @Override
    public int repeats() {
        return repeats;
    }

    @Override
    public void run(int times) {
        if (times == repeats) {
            forward(arguments);
            return;
        }
        IValue[] other = arguments.clone();
        try (IValue count = IValue.from((long) times)) {
            other[tensors.size()] = count;
            forward(other);
        }
    }

    private void forward(IValue[] values) {
        IValue result = function.forward(values);
        if (last != null) {
            last.close();
        }
        last = result;
    }

    @Override
    public float[] result(int operand) {
        int place = results.indexOf(operand);
        try (NDList returned = last.toNDList(manager)) {
            return (place < returned.size() ? returned.get(place) : tensors.get(operand)).toFloatArray();
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
