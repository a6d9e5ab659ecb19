package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.bench.elements.Operand.Use;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.BatchNormalization;
import dev.lanewise.kernels.LayerNormalization;
import dev.lanewise.reference.BatchNormalizationReference;
import dev.lanewise.reference.LayerNormalizationReference;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Normalisations of rows and of columns, with statistics of their own. A gradient is timed with the forward pass, which
 * computes the statistics that it needs, and with the gradients of weight and bias.
 */
final class NormTable {
    private static final double EPSILON = 1e-5;

    /** So many terms may be added without their rounding being seen. */
    private static final int TERMS = 1024;

    private static final int AFFINE = OneDnnCall.USE_SCALE | OneDnnCall.USE_SHIFT;
    private static final int ROOT_MEAN_SQUARE = OneDnnCall.USE_SCALE | OneDnnCall.RMS;

    private static final Operand X = Operand.read("x", Draw.NORMAL);
    private static final Operand WEIGHT = new Operand("w", Use.READ, Span.COLUMNS, Draw.POSITIVE);
    private static final Operand BIAS = new Operand("b", Use.READ, Span.COLUMNS, Draw.NORMAL);
    private static final Operand DY = Operand.read("dy", Draw.NORMAL);

    static final List<ElementOperation> ROWS = List.of(
            new ElementOperation(
                    "layer-norm",
                    ElementOperation.ROWS,
                    List.of(X, WEIGHT, BIAS, Operand.written("y")),
                    a -> layer(a, LayerNormalization.centered(EPSILON), a.tensor(2), a.tensor(3)),
                    TorchCode.of("y0, m0, r0 = torch.native_layer_norm(x, [x.size(1)], w, b, 1e-05)", "y0"),
                    new OneDnnCall(Kind.LAYER_NORMALIZATION, AFFINE, (float) EPSILON, 0),
                    Part.ROW,
                    (in, extents) -> List.of(Expected.sized(row(extents, true).forward(in[0], in[1], in[2]), in[2]))),
            new ElementOperation(
                    "layer-norm-gradient",
                    ElementOperation.ROWS,
                    List.of(X, WEIGHT, BIAS, DY, Operand.written("dx")),
                    NormTable::layerGradient,
                    TorchCode.of(
                            "y0, m0, r0 = torch.native_layer_norm(x, [x.size(1)], w, b, 1e-05)",
                            "dx0, dw0, db0 = torch.native_layer_norm_backward(dy, x, [x.size(1)], m0, r0, w, b,"
                                    + " [True, True, True])",
                            "dx0"),
                    new OneDnnCall(Kind.LAYER_NORMALIZATION, AFFINE, (float) EPSILON, 0),
                    Part.ROW,
                    (in, extents) -> List.of(Expected.sized(
                            row(extents, true)
                                    .gradient(in[0], in[1], in[3], new double[extents[1]], new double[extents[1]])
                                    .dx(),
                            in[3]))),
            new ElementOperation(
                    "rms-norm",
                    ElementOperation.ROWS,
                    List.of(X, WEIGHT, Operand.written("y")),
                    a -> layer(a, LayerNormalization.rootMeanSquare(EPSILON), null, a.tensor(2)),
                    TorchCode.of("torch.rms_norm(x, [x.size(1)], w, 1e-05)"),
                    new OneDnnCall(Kind.LAYER_NORMALIZATION, ROOT_MEAN_SQUARE, (float) EPSILON, 0),
                    Part.ROW,
                    (in, extents) -> List.of(Expected.sized(row(extents, false).forward(in[0], in[1], null), in[1]))),
            // PyTorch 2.7 has no operator for this gradient; that of oneDNN 3.13 is off by hundredths.
            new ElementOperation(
                    "rms-norm-gradient",
                    ElementOperation.ROWS,
                    List.of(X, WEIGHT, DY, Operand.written("dx")),
                    NormTable::rootMeanSquareGradient,
                    TorchCode.of(
                            "r0 = torch.rsqrt(torch.add(torch.mean(torch.square(x), [1], True), 1e-05))",
                            "n0 = torch.mul(x, r0)",
                            "y0 = torch.mul(n0, w)",
                            "dw0 = torch.sum(torch.mul(dy, n0), [0])",
                            "g0 = torch.mul(dy, w)",
                            "c0 = torch.mean(torch.mul(g0, n0), [1], True)",
                            "torch.mul(torch.sub(g0, torch.mul(n0, c0)), r0)"),
                    null,
                    Part.ROW,
                    (in, extents) -> List.of(Expected.sized(
                            row(extents, false)
                                    .gradient(in[0], in[1], in[2], new double[extents[1]], new double[extents[1]])
                                    .dx(),
                            in[2]))),
            new ElementOperation(
                    "batch-norm",
                    ElementOperation.ROWS,
                    List.of(X, WEIGHT, BIAS, Operand.written("y")),
                    NormTable::batch,
                    TorchCode.of("y0, m0, r0 = torch.native_batch_norm(x, w, b, None, None, True, 0.1, 1e-05)", "y0"),
                    new OneDnnCall(Kind.BATCH_NORMALIZATION, AFFINE, (float) EPSILON, 0),
                    Part.COLUMN,
                    (in, extents) -> List.of(
                            sizedColumn(column().forward(in[0], column().statistics(in[0]), in[1], in[2]), in[2]))),
            new ElementOperation(
                    "batch-norm-gradient",
                    ElementOperation.ROWS,
                    List.of(X, WEIGHT, BIAS, DY, Operand.written("dx")),
                    NormTable::batchGradient,
                    TorchCode.of(
                            "y0, m0, r0 = torch.native_batch_norm(x, w, b, None, None, True, 0.1, 1e-05)",
                            "dx0, dw0, db0 = torch.native_batch_norm_backward(dy, x, w, None, None, m0, r0, True,"
                                    + " 1e-05, [True, True, True])",
                            "dx0"),
                    new OneDnnCall(Kind.BATCH_NORMALIZATION, AFFINE, (float) EPSILON, 0),
                    Part.COLUMN,
                    (in, extents) -> List.of(sizedColumn(
                            column().gradient(
                                            in[0],
                                            column().statistics(in[0]),
                                            in[1],
                                            in[2],
                                            true,
                                            in[3],
                                            new double[1],
                                            new double[1])
                                    .dx(),
                            in[3]))));

    private NormTable() {}

    private static LayerNormalizationReference row(int[] extents, boolean centered) {
        return new LayerNormalizationReference(extents[1], EPSILON, centered);
    }

    private static BatchNormalizationReference column() {
        return new BatchNormalizationReference(1, EPSILON, false);
    }

    /**
     * Results of a column, whose errors are larger where its statistics are sums of very many terms: some libraries add them in
     * float, one after the other.
     */
    private static Expected sizedColumn(double[] results, double[] from) {
        double terms = Math.max(1, results.length / (double) TERMS);
        return Expected.of(Expected.sized(results, from).magnitudes()[0] * terms, results);
    }

    private static void layer(Arguments a, LayerNormalization norm, Tensor bias, Tensor y) {
        Workspace workspace = a.workspace();
        workspace.reset();
        Tensor statistics = workspace.tensor(y.shape().extent(0), LayerNormalization.STATISTICS);
        norm.forward(a.tensor(0), a.tensor(1), bias, y, statistics, a.parallelism(), workspace);
    }

    private static void layerGradient(Arguments a) {
        rowGradient(a, LayerNormalization.centered(EPSILON), a.tensor(2), a.tensor(3), a.tensor(4));
    }

    private static void rootMeanSquareGradient(Arguments a) {
        rowGradient(a, LayerNormalization.rootMeanSquare(EPSILON), null, a.tensor(2), a.tensor(3));
    }

    private static void rowGradient(Arguments a, LayerNormalization norm, Tensor bias, Tensor dy, Tensor dx) {
        Workspace workspace = a.workspace();
        workspace.reset();
        Tensor x = a.tensor(0);
        Tensor weight = a.tensor(1);
        Tensor statistics = workspace.tensor(x.shape().extent(0), LayerNormalization.STATISTICS);
        norm.forward(x, weight, bias, workspace.tensor(x.shape()), statistics, a.parallelism(), workspace);
        Tensor dbias = bias == null ? null : a.zeros(weight);
        norm.gradient(x, statistics, weight, dy, dx, a.zeros(weight), dbias, a.parallelism(), workspace);
    }

    private static void batch(Arguments a) {
        Workspace workspace = a.workspace();
        workspace.reset();
        normalise(a, BatchNormalization.of(EPSILON, Activation.IDENTITY), statistics(a), a.tensor(3));
    }

    private static Tensor statistics(Arguments a) {
        Tensor statistics =
                a.workspace().tensor(BatchNormalization.STATISTICS, a.tensor(1).size());
        BatchNormalization.statistics(a.tensor(0), statistics, a.parallelism(), a.workspace());
        return statistics;
    }

    private static void normalise(Arguments a, BatchNormalization norm, Tensor statistics, Tensor y) {
        norm.forward(a.tensor(0), statistics, a.tensor(1), a.tensor(2), y, a.parallelism(), a.workspace());
    }

    private static void batchGradient(Arguments a) {
        BatchNormalization norm = BatchNormalization.of(EPSILON, Activation.IDENTITY);
        Workspace workspace = a.workspace();
        workspace.reset();
        Tensor statistics = statistics(a);
        normalise(a, norm, statistics, workspace.tensor(a.tensor(0).shape()));
        norm.gradient(
                a.tensor(0),
                statistics,
                a.tensor(1),
                a.tensor(2),
                a.tensor(3),
                a.tensor(4),
                a.zeros(a.tensor(1)),
                a.zeros(a.tensor(1)),
                a.parallelism(),
                workspace);
    }
}
