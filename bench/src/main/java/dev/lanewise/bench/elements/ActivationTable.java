package dev.lanewise.bench.elements;

import dev.lanewise.bench.elements.OneDnnCall.Kind;
import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.reference.ActivationsReference;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Functions of each element, and their gradients. PyTorch writes to tensors that are there, but for the gradients of mish
 * and hard swish, which it only returns; where it has no operator, it does what {@code torch.nn.functional} or its
 * {@code derivatives.yaml} says, several operators with tensors between them.
 */
final class ActivationTable {
    /** All but the identity. */
    static final List<Activation> FUNCTIONS = Arrays.stream(Activation.values())
            .filter(f -> f != Activation.IDENTITY)
            .toList();

    static final List<ElementOperation> ROWS =
            FUNCTIONS.stream().flatMap(f -> Stream.of(forward(f), gradient(f))).toList();

    private static final String SELU = "1.6732632423543772, 1.0507009873554805, 1.";

    private ActivationTable() {}

    static String name(Activation f) {
        return f.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ElementOperation forward(Activation f) {
        return new ElementOperation(
                name(f),
                ElementOperation.SIZES,
                List.of(Operand.read("x", arguments(f)), Operand.written("y")),
                a -> Activations.forward(f, a.tensor(0), a.tensor(1), a.parallelism()),
                TorchCode.of(torch(f)),
                oneDnn(f),
                Part.ELEMENT,
                (in, extents) -> {
                    double y = ActivationsReference.forward(f, in[0][0]);
                    return List.of(Expected.of(Math.abs(y) + 1, new double[] {y}));
                });
    }

    private static ElementOperation gradient(Activation f) {
        String code = torchGradient(f);
        return new ElementOperation(
                name(f) + "-gradient",
                ElementOperation.SIZES,
                List.of(
                        Operand.read(f.keepsInputs() ? "x" : "y", kept(f)),
                        Operand.read("dy", Draw.NORMAL),
                        Operand.written("dx")),
                a -> Activations.gradient(f, a.tensor(0), a.tensor(1), a.tensor(2), a.parallelism()),
                code == null ? null : TorchCode.of(code),
                oneDnnGradient(f),
                Part.ELEMENT,
                (in, extents) -> {
                    double[] dx = ActivationsReference.gradient(f, in[0], in[1]);
                    return List.of(Expected.of(Math.abs(dx[0]) + Math.abs(in[1][0]), dx));
                });
    }

    private static Draw arguments(Activation f) {
        return switch (f) {
            case LOG, LOG1P, SQRT, RECIPROCAL -> Draw.POSITIVE;
            default -> Draw.NORMAL;
        };
    }

    /** What the gradient is computed from. Of the hard sigmoid, other libraries keep x: the same below 1, but for its ends. */
    private static Draw kept(Activation f) {
        Draw x = arguments(f);
        if (f == Activation.HARD_SIGMOID) {
            return (random, extents) -> random.nextFloat() * 0.98f + 0.01f;
        }
        return f.keepsInputs()
                ? x
                : (random, extents) -> ActivationsReference.forward(f, new float[] {x.next(random, extents)})[0];
    }

    private static String torch(Activation f) {
        return switch (f) {
            case IDENTITY -> throw new IllegalArgumentException(f + " is not timed");
            case RELU -> "torch.clamp_min(x, 0, out=y)";
            case RELU6 -> "torch.hardtanh(x, 0., 6., out=y)";
            case LEAKY_RELU -> "torch.leaky_relu(x, 0.01, out=y)";
            case ELU -> "torch.elu(x, 1., 1., 1., out=y)";
            case SELU -> "torch.elu(x, " + SELU + ", out=y)";
            case GELU -> "torch.gelu(x, approximate=\"none\", out=y)";
            case GELU_TANH -> "torch.gelu(x, approximate=\"tanh\", out=y)";
            case HARD_SIGMOID -> "torch.hardsigmoid(x, out=y)";
            case HARD_SWISH -> "torch.hardswish(x, out=y)";
            case SOFTPLUS -> "torch.softplus(x, 1., 20., out=y)";
            case SOFTSIGN -> "torch.div(x, torch.add(torch.abs(x), 1), out=y)";
            case SILU, MISH, SIGMOID, TANH, EXP, EXPM1, LOG, LOG1P, SQRT, RECIPROCAL, ERF, SIN, COS ->
                "torch." + name(f) + "(x, out=y)";
        };
    }

    /** Null where PyTorch leaves it to autograd to differentiate each step. */
    private static String torchGradient(Activation f) {
        return switch (f) {
            case IDENTITY, SOFTSIGN -> null;
            case RELU -> "torch.threshold_backward(dy, y, 0, grad_input=dx)";
            case RELU6 -> "torch.hardtanh_backward(dy, y, 0., 6., grad_input=dx)";
            case LEAKY_RELU -> "torch.leaky_relu_backward(dy, y, 0.01, True, grad_input=dx)";
            case ELU -> "torch.elu_backward(dy, 1., 1., 1., True, y, grad_input=dx)";
            case SELU -> "torch.elu_backward(dy, " + SELU + ", True, y, grad_input=dx)";
            case GELU -> "torch.gelu_backward(dy, x, approximate=\"none\", grad_input=dx)";
            case GELU_TANH -> "torch.gelu_backward(dy, x, approximate=\"tanh\", grad_input=dx)";
            case SILU -> "torch.silu_backward(dy, x, grad_input=dx)";
            case MISH -> "torch.mish_backward(dy, x)";
            case HARD_SIGMOID -> "torch.hardsigmoid_backward(dy, y, grad_input=dx)";
            case HARD_SWISH -> "torch.hardswish_backward(dy, x)";
            case SOFTPLUS -> "torch.softplus_backward(dy, x, 1., 20., grad_input=dx)";
            case SIGMOID -> "torch.sigmoid_backward(dy, y, grad_input=dx)";
            case TANH -> "torch.tanh_backward(dy, y, grad_input=dx)";
            case EXP -> "torch.mul(dy, y, out=dx)";
            case EXPM1 -> "torch.mul(dy, torch.add(y, 1), out=dx)";
            case LOG -> "torch.div(dy, x, out=dx)";
            case LOG1P -> "torch.div(dy, torch.add(x, 1), out=dx)";
            case SQRT -> "torch.div(dy, torch.mul(y, 2), out=dx)";
            case RECIPROCAL -> "torch.mul(torch.neg(dy), torch.mul(y, y), out=dx)";
            case ERF -> "torch.mul(torch.mul(torch.exp(torch.neg(torch.pow(x, 2))), 1.1283791670955126), dy, out=dx)";
            case SIN -> "torch.mul(dy, torch.cos(x), out=dx)";
            case COS -> "torch.mul(dy, torch.neg(torch.sin(x)), out=dx)";
        };
    }

    private static OneDnnCall oneDnn(Activation f) {
        return switch (f) {
            case RELU -> eltwise(0x20, 0, 0);
            case LEAKY_RELU -> eltwise(0x20, 0.01f, 0);
            case TANH -> eltwise(0x21, 0, 0);
            case ELU -> eltwise(0x22, 1, 0);
            case SQRT -> eltwise(0x25, 0, 0);
            case SOFTPLUS -> eltwise(0x27, 1, 0);
            case HARD_SIGMOID -> eltwise(0x28, 1 / 6f, 0.5f);
            case SIGMOID -> eltwise(0x29, 0, 0);
            case EXP -> eltwise(0x2a, 0, 0);
            case GELU_TANH -> eltwise(0x2b, 0, 0);
            case SILU -> eltwise(0x2c, 1, 0);
            case LOG -> eltwise(0x2d, 0, 0);
            case RELU6 -> eltwise(0x2f, 0, 6);
            case RECIPROCAL -> eltwise(0x30, 1, -1);
            case GELU -> eltwise(0x31, 0, 0);
            case MISH -> eltwise(0x33, 0, 0);
            case HARD_SWISH -> eltwise(0x34, 1 / 6f, 0.5f);
            case IDENTITY, SELU, SOFTSIGN, EXPM1, LOG1P, ERF, SIN, COS -> null;
        };
    }

    private static OneDnnCall eltwise(int algorithm, float alpha, float beta) {
        return new OneDnnCall(Kind.ELTWISE_FORWARD, algorithm, alpha, beta);
    }

    /** Where ours are computed from the result, so are theirs if they can: {@code dnnl_eltwise_..._use_dst_for_bwd}. */
    private static OneDnnCall oneDnnGradient(Activation f) {
        OneDnnCall forward = oneDnn(f);
        if (forward == null || f == Activation.RECIPROCAL) {
            return null;
        }
        int algorithm = switch (f) {
            case RELU, LEAKY_RELU -> 0x100;
            case TANH -> 0x101;
            case ELU -> 0x102;
            case SQRT -> 0x103;
            case SIGMOID -> 0x104;
            case EXP -> 0x105;
            case RELU6 -> 0x106;
            default -> forward.algorithm();
        };
        return new OneDnnCall(Kind.ELTWISE_BACKWARD, algorithm, forward.alpha(), forward.beta());
    }
}
