package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Arithmetic;
import dev.lanewise.kernels.BinaryOperation;
import dev.lanewise.nn.Backward;
import dev.lanewise.nn.Buffer;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Two branches that see the same input, added: {@code y = f(body(x) + shortcut(x))}. He, Zhang, Ren and Sun, "Deep Residual
 * Learning for Image Recognition", 2016, equations 1 and 2.
 *
 * <p>A shortcut without layers is the identity: {@code y = f(body(x) + x)}. Input {@code [batch, ...]}, output {@code
 * [batch, ...]} of the shape that both branches give. Parameters and buffers are named after their branch: {@code
 * body.0.weight}, {@code shortcut.0.weight}. The body runs with {@link Pass#forChild} of 0, the shortcut of 1.
 */
public final class Residual implements Layer {
    private final Sequential body;
    private final Sequential shortcut;
    private final Activation activation;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Buffer> buffers = new ArrayList<>();

    /**
     * Creates a layer of two branches.
     *
     * @param body the branch that learns the difference
     * @param shortcut the other branch; without layers for the identity
     * @param activation applied to each sum, {@link Activation#IDENTITY} for none; one that does not keep its inputs
     */
    public Residual(Sequential body, Sequential shortcut, Activation activation) {
        this.body = Require.given("residual", "body", body);
        this.shortcut = Require.given("residual", "shortcut", shortcut);
        this.activation = Require.fused("residual", activation);
        take("body.", body);
        take("shortcut.", shortcut);
    }

    private void take(String prefix, Sequential branch) {
        branch.parameters().forEach(parameter -> parameters.add(parameter.named(prefix + parameter.name())));
        branch.buffers().forEach(buffer -> buffers.add(buffer.named(prefix + buffer.name())));
    }

    /**
     * Returns the branch that learns the difference.
     *
     * @return the body
     */
    public Sequential body() {
        return body;
    }

    /**
     * Returns the other branch.
     *
     * @return the shortcut; without layers for the identity
     */
    public Sequential shortcut() {
        return shortcut;
    }

    /**
     * Returns what is applied to each sum.
     *
     * @return the activation
     */
    public Activation activation() {
        return activation;
    }

    /**
     * Returns the shape of the output for one example.
     *
     * @throws ShapeMismatchException if a branch can't take such an input, or if the branches give different shapes
     */
    @Override
    public Shape outputShape(Shape input) {
        Shape ours = body.outputShape(input);
        Shape other = shortcut.outputShape(input);
        if (!ours.equals(other)) {
            throw new ShapeMismatchException("residual: of an example of " + input + " the body makes " + ours
                    + ", the shortcut " + other + "; they must be equal");
        }
        return ours;
    }

    @Override
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public List<Buffer> buffers() {
        return List.copyOf(buffers);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        Forward ours = body.forward(input, pass.forChild(0));
        Forward other = shortcut.forward(input, pass.forChild(1));
        Tensor output = pass.workspace().tensor(ours.output().shape());
        Arithmetic.apply(BinaryOperation.ADD, ours.output(), other.output(), output, pass.parallelism());
        if (activation != Activation.IDENTITY) {
            Activations.forward(activation, output, output, pass.parallelism());
        }
        return new Forward(
                output,
                (gradient, wanted) -> backward(ours.backward(), other.backward(), output, gradient, wanted, pass));
    }

    @Override
    public Residual forInference() {
        return new Residual(body.forInference(), shortcut.forInference(), activation);
    }

    private Tensor backward(
            Backward ours, Backward other, Tensor output, Tensor gradient, boolean inputGradientWanted, Pass pass) {
        if (activation != Activation.IDENTITY) {
            Activations.gradient(activation, output, gradient, gradient, pass.parallelism());
        }
        // Each branch consumes what it is given, and the identity gives it on.
        Tensor copy = pass.workspace().tensor(gradient.shape());
        copy.copyFrom(gradient);
        Tensor throughBody = ours.apply(copy, inputGradientWanted);
        Tensor throughShortcut = other.apply(gradient, inputGradientWanted);
        if (!inputGradientWanted) {
            return null;
        }
        Arithmetic.apply(BinaryOperation.ADD, throughBody, throughShortcut, throughBody, pass.parallelism());
        return throughBody;
    }
}
