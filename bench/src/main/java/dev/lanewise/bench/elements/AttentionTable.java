package dev.lanewise.bench.elements;

import dev.lanewise.kernels.Attention;
import dev.lanewise.reference.AttentionReference;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Attention of heads, each {@code [t, d]}, with as many keys as queries. A gradient is timed with the forward pass, whose
 * results it needs, and gives that of queries, keys and values.
 */
final class AttentionTable {
    /** Heads of a short text, of BERT's base model with 256 words, and of a batch of texts of 512. */
    private static final List<int[]> HEADS =
            List.of(new int[] {4, 64, 64}, new int[] {8, 256, 64}, new int[] {512, 512, 64});

    private static final int STATISTICS = 2;
    private static final Operand Q = Operand.read("q", Draw.NORMAL);
    private static final Operand K = Operand.read("k", Draw.NORMAL);
    private static final Operand V = Operand.read("v", Draw.NORMAL);

    static final List<ElementOperation> ROWS = List.of(
            forward("attention", false),
            gradient("attention-gradient", false),
            forward("causal-attention", true),
            gradient("causal-attention-gradient", true));

    private AttentionTable() {}

    /** Operations as the formula has them: two matrix products forward, five for the gradient, of the pairs that see each other. */
    static double operations(Problem problem) {
        int[] extents = problem.extents();
        double queries = extents[1];
        String name = problem.operation().name();
        double pairs = extents[0] * (name.startsWith("causal") ? queries * (queries + 1) / 2 : queries * queries);
        int products = name.endsWith("gradient") ? 2 + 5 : 2;
        return problem.repeats() * 2 * pairs * extents[2] * products;
    }

    private static ElementOperation forward(String name, boolean causal) {
        return new ElementOperation(
                name,
                HEADS,
                List.of(Q, K, V, Operand.written("o")),
                a -> {
                    a.workspace().reset();
                    forward(a, attention(causal), a.tensor(3));
                },
                new TorchCode(fourAxes("q", "k", "v"), List.of(torchForward(causal), "torch.squeeze(o0, 0)")),
                null,
                Part.SLICE,
                (in, extents) -> List.of(
                        Expected.sized(reference(extents, causal).forward(in[0], in[1], in[2], mask(extents)), in[2])));
    }

    private static ElementOperation gradient(String name, boolean causal) {
        return new ElementOperation(
                name,
                HEADS,
                List.of(
                        Q,
                        K,
                        V,
                        Operand.read("do", Draw.NORMAL),
                        Operand.written("dq"),
                        Operand.written("dk"),
                        Operand.written("dv")),
                a -> gradient(a, attention(causal)),
                new TorchCode(
                        fourAxes("q", "k", "v", "do"),
                        List.of(
                                torchForward(causal),
                                "dq0, dk0, dv0 = torch._scaled_dot_product_flash_attention_for_cpu_backward(do0, q0, k0, v0,"
                                        + " o0, s0, 0., " + torch(causal) + ")",
                                "torch.squeeze(dq0, 0), torch.squeeze(dk0, 0), torch.squeeze(dv0, 0)")),
                null,
                Part.SLICE,
                (in, extents) -> gradients(reference(extents, causal), in, mask(extents)));
    }

    private static Attention attention(boolean causal) {
        return causal ? Attention.CAUSAL : Attention.FULL;
    }

    private static String torchForward(boolean causal) {
        return "o0, s0 = torch._scaled_dot_product_flash_attention_for_cpu(q0, k0, v0, 0., " + torch(causal) + ")";
    }

    private static String torch(boolean causal) {
        return causal ? "True" : "False";
    }

    /** PyTorch wants an axis of batches before that of heads. */
    private static List<String> fourAxes(String... names) {
        return Stream.of(names)
                .map(name -> name + "0 = torch.unsqueeze(" + name + ", 0)")
                .toList();
    }

    private static Tensor forward(Arguments a, Attention attention, Tensor o) {
        Tensor q = a.tensor(0);
        Workspace workspace = a.workspace();
        Tensor statistics = workspace.tensor(q.shape().extent(0), q.shape().extent(1), STATISTICS);
        attention.forward(q, a.tensor(1), a.tensor(2), o, statistics, a.parallelism(), workspace);
        return statistics;
    }

    private static void gradient(Arguments a, Attention attention) {
        Workspace workspace = a.workspace();
        workspace.reset();
        Tensor o = workspace.tensor(a.tensor(0).shape());
        Tensor statistics = forward(a, attention, o);
        attention.gradient(
                a.tensor(0),
                a.tensor(1),
                a.tensor(2),
                o,
                statistics,
                a.tensor(3),
                a.tensor(4),
                a.tensor(5),
                a.tensor(6),
                a.parallelism(),
                workspace);
    }

    private static AttentionReference reference(int[] extents, boolean causal) {
        float scale = (float) (1 / Math.sqrt(extents[2]));
        return new AttentionReference(1, extents[1], extents[1], extents[2], extents[2], causal, scale);
    }

    private static double[] mask(int[] extents) {
        return new double[extents[1] * extents[1]];
    }

    private static List<Expected> gradients(AttentionReference reference, double[][] in, double[] mask) {
        AttentionReference.DoubleGradients g = reference.gradient(in[0], in[1], in[2], mask, in[3]);
        return List.of(Expected.sized(g.dq(), in[3]), Expected.sized(g.dk(), in[3]), Expected.sized(g.dv(), in[3]));
    }
}
