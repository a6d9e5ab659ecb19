package dev.lanewise.peers.elements;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.lanewise.bench.elements.ElementLibrary;
import dev.lanewise.bench.elements.ElementOperation;
import dev.lanewise.bench.elements.Operand;
import dev.lanewise.bench.elements.Problem;
import dev.lanewise.bench.elements.TorchCode;
import dev.lanewise.peers.foreign.PyTorchLibrary;
import dev.lanewise.peers.foreign.TorchScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Element-wise operations and reductions in PyTorch, through DJL. The repetitions of a short computation are a loop in
 * TorchScript, so that Java and PyTorch meet once for all of them.
 */
public final class PyTorchElements implements ElementLibrary {
    /** Creates it, for {@link java.util.ServiceLoader}. */
    public PyTorchElements() {}

    @Override
    public String name() {
        return "pytorch";
    }

    @Override
    public String version() {
        return PyTorchLibrary.version();
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public boolean offers(ElementOperation operation) {
        return operation.torch() != null;
    }

    @Override
    public Running prepare(Problem problem, float[][] operands, int threads) {
        PtNDManager manager = PyTorchLibrary.start(threads);
        // Or the repetitions of what only returns a tensor would be found to be the same, and be left out.
        JniUtils.setGraphExecutorOptimize(false);
        List<NDArray> tensors = IntStream.range(0, operands.length)
                .mapToObj(i -> tensor(manager, problem, i, operands[i]))
                .toList();
        String parameters = problem.operation().operands().stream()
                        .map(operand -> operand.name() + ": Tensor")
                        .collect(Collectors.joining(", "))
                + ", times: int";
        List<Integer> results = problem.results();
        Operand first = problem.operation().operands().get(results.getFirst());
        String[] body = body(problem.operation().torch(), first);
        return new PyTorchElementsRunning(
                problem.repeats(),
                manager,
                TorchScript.load(manager, parameters, "List[Tensor]", body),
                tensors,
                results);
    }

    private static NDArray tensor(PtNDManager manager, Problem problem, int operand, float[] elements) {
        Shape shape =
                new Shape(Arrays.stream(problem.extents(operand)).asLongStream().toArray());
        if (!problem.isIndices(operand)) {
            return manager.create(elements, shape);
        }
        long[] indices = new long[elements.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (long) elements[i];
        }
        return manager.create(indices, shape);
    }

    private static String[] body(TorchCode code, Operand result) {
        List<String> lines = new ArrayList<>(code.before());
        lines.add("result = [" + result.name() + "]");
        lines.add("for _ in range(times):");
        List<String> each = code.each();
        each.subList(0, each.size() - 1).forEach(line -> lines.add("  " + line));
        lines.add("  result = [" + each.getLast() + "]");
        lines.add("return result");
        return lines.toArray(String[]::new);
    }
}
