package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.bench.elements.Operand.Use;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.GroupNormalization;
import dev.lanewise.reference.GroupNormalizationReference;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Normalisations of images {@code [images, pixels, channels]} by groups of channels, and by channels. A gradient is timed with
 * the forward pass, and with the gradients of weight and bias. PyTorch gets channels before pixels, the layout of its layers.
 */
final class GroupNormTable {
    private static final double EPSILON = 1e-5;

    /** Groups of channels, but for the instance normalisation, where each channel is one. */
    private static final int GROUPS = 8;

    private static final List<int[]> IMAGES =
            List.of(new int[] {4, 64, 64}, new int[] {8, 256, 64}, new int[] {64, 1024, 256});

    private static final Operand X = Operand.read("x", Draw.NORMAL);
    private static final Operand WEIGHT = new Operand("w", Use.READ, Span.COLUMNS, Draw.POSITIVE);
    private static final Operand BIAS = new Operand("b", Use.READ, Span.COLUMNS, Draw.NORMAL);
    private static final Operand DY = Operand.read("dy", Draw.NORMAL);

    static final List<ElementOperation> ROWS = List.of(
            forward("group-norm", false),
            gradient("group-norm-gradient", false),
            forward("instance-norm", true),
            gradient("instance-norm-gradient", true));

    private GroupNormTable() {}

    private static ElementOperation forward(String name, boolean each) {
        return new ElementOperation(
                name,
                IMAGES,
                List.of(X, WEIGHT, BIAS, Operand.written("y")),
                a -> {
                    a.workspace().reset();
                    forward(a, each, a.tensor(3));
                },
                new TorchCode(List.of(channelsFirst("x")), List.of(torchForward(each), "torch.transpose(y0, 1, 2)")),
                oneDnn(each),
                Part.SLICE,
                (in, extents) -> List.of(Expected.sized(reference(extents, each).forward(in[0], in[1], in[2]), in[2])));
    }

    private static ElementOperation gradient(String name, boolean each) {
        return new ElementOperation(
                name,
                IMAGES,
                List.of(X, WEIGHT, BIAS, DY, Operand.written("dx")),
                a -> gradient(a, each),
                new TorchCode(
                        List.of(channelsFirst("x"), channelsFirst("dy")),
                        List.of(
                                torchForward(each),
                                "dx0, dw0, db0 = torch.native_group_norm_backward(dy0, x0, m0, r0, w, x.size(0), x.size(2),"
                                        + " x.size(1), " + torchGroups(each) + ", [True, True, True])",
                                "torch.transpose(dx0, 1, 2)")),
                oneDnn(each),
                Part.SLICE,
                (in, extents) -> List.of(Expected.sized(
                        reference(extents, each)
                                .gradient(in[0], in[1], in[2], in[3], new double[extents[2]], new double[extents[2]])
                                .dx(),
                        in[3])));
    }

    private static OneDnnCall oneDnn(boolean each) {
        int affine = OneDnnCall.USE_SCALE | OneDnnCall.USE_SHIFT;
        return new OneDnnCall(Kind.GROUP_NORMALIZATION, affine, (float) EPSILON, each ? 0 : GROUPS);
    }

    private static String channelsFirst(String name) {
        return name + "0 = torch.contiguous(torch.transpose(" + name + ", 1, 2))";
    }

    private static String torchForward(boolean each) {
        return "y0, m0, r0 = torch.native_group_norm(x0, w, b, x.size(0), x.size(2), x.size(1), " + torchGroups(each)
                + ", 1e-05)";
    }

    private static String torchGroups(boolean each) {
        return each ? "x.size(2)" : Integer.toString(GROUPS);
    }

    private static int groups(int channels, boolean each) {
        return each ? channels : GROUPS;
    }

    private static Tensor forward(Arguments a, boolean each, Tensor y) {
        Tensor x = a.tensor(0);
        int groups = groups(x.shape().extent(2), each);
        Tensor statistics = a.workspace().tensor(x.shape().extent(0), GroupNormalization.STATISTICS, groups);
        norm(groups).forward(x, a.tensor(1), a.tensor(2), y, statistics, a.parallelism(), a.workspace());
        return statistics;
    }

    private static GroupNormalization norm(int groups) {
        return GroupNormalization.of(groups, EPSILON, Activation.IDENTITY);
    }

    private static void gradient(Arguments a, boolean each) {
        Workspace workspace = a.workspace();
        workspace.reset();
        Tensor x = a.tensor(0);
        Tensor weight = a.tensor(1);
        Tensor statistics = forward(a, each, workspace.tensor(x.shape()));
        norm(groups(x.shape().extent(2), each))
                .gradient(
                        x,
                        statistics,
                        weight,
                        a.tensor(2),
                        a.tensor(3),
                        a.tensor(4),
                        a.zeros(weight),
                        a.zeros(weight),
                        a.parallelism(),
                        workspace);
    }

    private static GroupNormalizationReference reference(int[] extents, boolean each) {
        return new GroupNormalizationReference(extents[1], extents[2], groups(extents[2], each), EPSILON, false);
    }
}
