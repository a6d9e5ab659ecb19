package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.ElementOperation.Truth;
import dev.lanewise.kernels.Updates;
import dev.lanewise.reference.UpdatesReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Steps of optimizers. PyTorch's are those of {@code torch.optim} with {@code fused=True}; RMSProp has none, and takes the
 * operators of {@code torch.optim.RMSprop}.
 */
final class OptimizerTable {
    private static final double RATE = 1e-3;
    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 0.99;
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final int STEP = 10;

    private static final Operand WEIGHTS = Operand.updated("w", Draw.NORMAL);
    private static final Operand GRADIENT = Operand.read("g", Draw.NORMAL);
    private static final Operand MEAN = Operand.updated("m", Draw.NORMAL);
    private static final Operand MEAN_SQUARE = Operand.updated("v", Draw.POSITIVE);

    static final List<ElementOperation> ROWS = List.of(
            new ElementOperation(
                    "sgd-momentum",
                    ElementOperation.SIZES,
                    List.of(WEIGHTS, GRADIENT, MEAN),
                    a -> Updates.sgd(a.tensor(0), a.tensor(1), a.tensor(2), RATE, MOMENTUM, a.parallelism()),
                    new TorchCode(
                            lists("w", "g", "m"),
                            List.of(
                                    "_0 = torch._fused_sgd_(ws, gs, ms, weight_decay=0., momentum=0.9, lr=0.001,"
                                            + " dampening=0., nesterov=False, maximize=False, is_first_step=False)",
                                    "ws[0]")),
                    null,
                    Part.ELEMENT,
                    truth(in -> UpdatesReference.sgd(in[0], in[1], in[2], RATE, MOMENTUM, false), 0, 2)),
            new ElementOperation(
                    "rmsprop",
                    ElementOperation.SIZES,
                    List.of(WEIGHTS, GRADIENT, MEAN_SQUARE),
                    a -> Updates.rmsProp(a.tensor(0), a.tensor(1), a.tensor(2), RATE, DECAY, EPSILON, a.parallelism()),
                    TorchCode.of(
                            "_0 = torch.addcmul_(torch.mul_(v, 0.99), g, g, value=0.01)",
                            "torch.addcdiv_(w, g, torch.add_(torch.sqrt(v), 1e-08), value=-0.001)"),
                    null,
                    Part.ELEMENT,
                    truth(in -> UpdatesReference.rmsProp(in[0], in[1], in[2], RATE, DECAY, EPSILON), 0, 2)),
            new ElementOperation(
                    "adam",
                    ElementOperation.SIZES,
                    List.of(WEIGHTS, GRADIENT, MEAN, MEAN_SQUARE),
                    a -> Updates.adam(
                            a.tensor(0),
                            a.tensor(1),
                            a.tensor(2),
                            a.tensor(3),
                            RATE,
                            BETA_1,
                            BETA_2,
                            EPSILON,
                            STEP,
                            a.parallelism()),
                    new TorchCode(
                            lists("w", "g", "m", "v"),
                            List.of(
                                    "_0 = torch._fused_adam_(ws, gs, ms, vs, none, steps, lr=0.001, beta1=0.9,"
                                            + " beta2=0.999, weight_decay=0., eps=1e-08, amsgrad=False,"
                                            + " maximize=False)",
                                    "ws[0]")),
                    null,
                    Part.ELEMENT,
                    truth(
                            in -> UpdatesReference.adam(
                                    in[0], in[1], in[2], in[3], RATE, BETA_1, BETA_2, EPSILON, STEP),
                            0,
                            2,
                            3)));

    private OptimizerTable() {}

    /**
     * PyTorch updates lists of tensors. They are made before, and what is returned is taken from them: what is only in a list
     * that nobody reads, TorchScript does not compute.
     */
    private static List<String> lists(String... tensors) {
        List<String> lines = new ArrayList<>(
                List.of("none = annotate(List[Tensor], [])", "steps = [torch.mul(torch.ones([]), " + STEP + ".)]"));
        for (String tensor : tensors) {
            lines.add(tensor + "s = [" + tensor + "]");
        }
        return lines;
    }

    /** An update of arrays of one element. */
    @FunctionalInterface
    private interface Update {
        void run(double[][] operands);
    }

    /** What an update leaves in some of its operands; errors are measured by all that went in. */
    private static Truth truth(Update update, int... results) {
        return (in, extents) -> {
            double magnitude =
                    Stream.of(in).mapToDouble(operand -> Math.abs(operand[0])).sum();
            update.run(in);
            List<Expected> expected = new ArrayList<>();
            for (int result : results) {
                expected.add(Expected.of(magnitude + Math.abs(in[result][0]), in[result]));
            }
            return expected;
        };
    }
}
