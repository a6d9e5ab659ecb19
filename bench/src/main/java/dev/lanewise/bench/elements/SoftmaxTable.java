package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.bench.elements.Operand.Use;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.reference.SoftmaxReference;
import java.util.List;

/** Softmax along rows and the loss on it. */
final class SoftmaxTable {
    static final List<ElementOperation> ROWS = List.of(
            new ElementOperation(
                    "softmax",
                    ElementOperation.ROWS,
                    List.of(Operand.read("x", Draw.NORMAL), Operand.written("y")),
                    a -> Softmax.forward(a.tensor(0), a.tensor(1), a.parallelism()),
                    TorchCode.of("torch._softmax(x, -1, False, out=y)"),
                    OneDnnCall.of(Kind.SOFTMAX_FORWARD, OneDnnCall.SOFTMAX),
                    Part.ROW,
                    (in, extents) -> List.of(Expected.of(row(extents).forward(in[0])))),
            new ElementOperation(
                    "softmax-gradient",
                    ElementOperation.ROWS,
                    List.of(
                            Operand.read("y", (random, extents) -> random.nextFloat() * 2 / extents[1]),
                            Operand.read("dy", Draw.NORMAL),
                            Operand.written("dx")),
                    a -> Softmax.gradient(a.tensor(0), a.tensor(1), a.tensor(2), a.parallelism()),
                    TorchCode.of("torch._softmax_backward_data(dy, y, -1, 6, grad_input=dx)"),
                    OneDnnCall.of(Kind.SOFTMAX_BACKWARD, OneDnnCall.SOFTMAX),
                    Part.ROW,
                    (in, extents) -> List.of(Expected.of(
                            largest(in[0]) * largest(in[1]), row(extents).gradient(in[0], in[1])))),
            // The loss and its gradient, which PyTorch takes four operators for.
            new ElementOperation(
                    "cross-entropy",
                    ElementOperation.ROWS,
                    List.of(
                            Operand.read("x", Draw.NORMAL),
                            new Operand("labels", Use.INDICES, Span.ROWS, Draw.LABEL),
                            Operand.written("dx")),
                    a -> Softmax.crossEntropy(a.tensor(0), a.indices(1), a.tensor(2), a.parallelism(), a.workspace()),
                    new TorchCode(
                            List.of(
                                    "one = torch.ones([])",
                                    "logs = torch.empty_like(x)",
                                    "picked = torch.empty_like(x)"),
                            List.of(
                                    "_0 = torch._log_softmax(x, -1, False, out=logs)",
                                    "loss, weight = torch.nll_loss_forward(logs, labels, None, 1, -100)",
                                    "_1 = torch.nll_loss_backward(one, logs, labels, None, 1, -100, weight,"
                                            + " grad_input=picked)",
                                    "torch._log_softmax_backward_data(picked, logs, -1, 6, out=dx)")),
                    null,
                    Part.ROW,
                    SoftmaxTable::crossEntropy));

    private SoftmaxTable() {}

    private static SoftmaxReference row(int[] extents) {
        return new SoftmaxReference(1, extents[1]);
    }

    private static double largest(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static List<Expected> crossEntropy(double[][] in, int[] extents) {
        double[] gradient = row(extents).crossEntropyGradient(in[0], new int[] {(int) in[1][0]});
        double[] magnitudes = new double[gradient.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= extents[0];
            // At the label 1 is taken away.
            magnitudes[i] = i == (int) in[1][0] ? 1.0 / extents[0] : gradient[i];
        }
        return List.of(new Expected(gradient, magnitudes));
    }
}
