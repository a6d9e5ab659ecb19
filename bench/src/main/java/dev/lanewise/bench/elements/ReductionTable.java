package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.bench.elements.Operand.Use;
import dev.lanewise.kernels.Arithmetic;
import dev.lanewise.kernels.Bias;
import dev.lanewise.kernels.BinaryOperation;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.reference.BiasReference;
import dev.lanewise.reference.ReductionsReference;
import java.util.List;
import java.util.stream.DoubleStream;

/** Sums and maxima of all elements or along an axis, sums of two tensors, and what is added along an axis. */
final class ReductionTable {
    private static final List<Operand> TO_ROWS =
            List.of(Operand.read("x", Draw.NORMAL), Operand.written("y", Span.ROWS));

    static final List<ElementOperation> ROWS = List.of(
            new ElementOperation(
                    "add",
                    ElementOperation.SIZES,
                    List.of(Operand.read("a", Draw.NORMAL), Operand.read("b", Draw.NORMAL), Operand.written("y")),
                    a -> Arithmetic.apply(BinaryOperation.ADD, a.tensor(0), a.tensor(1), a.tensor(2), a.parallelism()),
                    TorchCode.of("torch.add(a, b, out=y)"),
                    OneDnnCall.of(Kind.BINARY, OneDnnCall.BINARY_ADD),
                    Part.ELEMENT,
                    (in, extents) -> List.of(Expected.of(in[0][0] + in[1][0]))),
            new ElementOperation(
                    "sum",
                    ElementOperation.SIZES,
                    List.of(Operand.read("x", Draw.NORMAL), Operand.written("y", Span.ONE)),
                    a -> a.tensor(1).fill(Reductions.sum(a.tensor(0), a.parallelism(), a.workspace())),
                    TorchCode.of("torch.sum(x, [0], True, dtype=None, out=y)"),
                    null,
                    Part.WHOLE,
                    (in, extents) ->
                            List.of(Expected.of(magnitude(in[0]), all(in[0]).sum(in[0])))),
            new ElementOperation(
                    "row-sum",
                    ElementOperation.ROWS,
                    TO_ROWS,
                    a -> Reductions.sum(a.tensor(0), -1, a.tensor(1), a.parallelism(), a.workspace()),
                    TorchCode.of("torch.sum(x, [1], False, dtype=None, out=y)"),
                    null,
                    Part.ROW,
                    (in, extents) ->
                            List.of(Expected.of(magnitude(in[0]), all(in[0]).sum(in[0])))),
            new ElementOperation(
                    "column-sum",
                    ElementOperation.ROWS,
                    List.of(Operand.read("x", Draw.NORMAL), Operand.written("y", Span.COLUMNS)),
                    a -> Reductions.sum(a.tensor(0), 0, a.tensor(1), a.parallelism(), a.workspace()),
                    TorchCode.of("torch.sum(x, [0], False, dtype=None, out=y)"),
                    OneDnnCall.of(Kind.REDUCTION, OneDnnCall.REDUCTION_SUM),
                    Part.COLUMN,
                    (in, extents) ->
                            List.of(Expected.of(magnitude(in[0]), all(in[0]).sum(in[0])))),
            new ElementOperation(
                    "row-norm",
                    ElementOperation.ROWS,
                    TO_ROWS,
                    a -> Reductions.norm(a.tensor(0), -1, a.tensor(1), a.parallelism(), a.workspace()),
                    TorchCode.of("torch.linalg_vector_norm(x, 2, [1], False, dtype=None, out=y)"),
                    null,
                    Part.ROW,
                    (in, extents) -> List.of(Expected.of(Math.sqrt(all(in[0]).dot(in[0], in[0])[0])))),
            new ElementOperation(
                    "row-max",
                    ElementOperation.ROWS,
                    TO_ROWS,
                    a -> Reductions.max(a.tensor(0), -1, a.tensor(1), a.parallelism()),
                    TorchCode.of("torch.amax(x, [1], False, out=y)"),
                    null,
                    Part.ROW,
                    (in, extents) ->
                            List.of(Expected.of(DoubleStream.of(in[0]).max().orElseThrow()))),
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

    private static ReductionsReference all(double[] part) {
        return new ReductionsReference(1, part.length, 1);
    }

    private static double magnitude(double[] terms) {
        return DoubleStream.of(terms).map(Math::abs).sum();
    }
}
