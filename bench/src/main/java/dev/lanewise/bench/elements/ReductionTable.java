package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.bench.elements.Operand.Use;
import dev.lanewise.kernels.Bias;
import dev.lanewise.reference.BiasReference;
import java.util.List;
import java.util.stream.DoubleStream;

/** Sums along an axis, and what is added along one. */
final class ReductionTable {
    static final List<ElementOperation> ROWS = List.of(
            new ElementOperation(
                    "bias",
                    ElementOperation.ROWS,
                    List.of(
                            Operand.read("x", Draw.NORMAL),
                            new Operand("b", Use.READ, Span.COLUMNS, Draw.NORMAL),
                            Operand.written("y")),
                    a -> Bias.add(a.tensor(0), a.tensor(1), a.tensor(2), a.parallelism()),
                    TorchCode.of("torch.add(x, b, out=y)"),
                    OneDnnCall.of(Kind.BINARY, OneDnnCall.BINARY_ADD),
                    Part.ROW,
                    (in, extents) -> List.of(Expected.of(magnitude(in[0]), BiasReference.add(in[0], in[1])))),
            // Ours and PyTorch's are added to what is there; oneDNN's replaces it.
            new ElementOperation(
                    "bias-gradient",
                    ElementOperation.ROWS,
                    List.of(Operand.read("dy", Draw.NORMAL), new Operand("db", Use.UPDATED, Span.COLUMNS, Draw.ZERO)),
                    a -> Bias.gradient(a.tensor(0), a.tensor(1), a.parallelism(), a.workspace()),
                    TorchCode.of("torch.add_(db, torch.sum(dy, [0]))"),
                    OneDnnCall.of(Kind.REDUCTION, OneDnnCall.REDUCTION_SUM),
                    Part.COLUMN,
                    (in, extents) -> List.of(Expected.of(magnitude(in[0]), BiasReference.gradient(in[0], in[1])))));

    private ReductionTable() {}

    private static double magnitude(double[] terms) {
        return DoubleStream.of(terms).map(Math::abs).sum();
    }
}
