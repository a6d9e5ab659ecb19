package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Bias;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.kernels.PackedMatrix;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * A fully connected layer: {@code y[n, o] = f(bias[o] + sum over i of x[n, i] weight[i, o])}.
 *
 * <p>Input {@code [batch, inputs]}, output {@code [batch, outputs]}, parameters {@code weight} of shape {@code [inputs,
 * outputs]} and {@code bias} of shape {@code [outputs]}, both zero until an {@link Initializer} or a file fills them.
 */
public final class Linear implements Layer {
    private final int inputs;
    private final int outputs;
    private final Activation activation;
    private final Parameter weight;
    private final Parameter bias;

    /**
     * Creates a layer whose parameters are zero.
     *
     * @param inputs features of an example, at least 1
     * @param outputs features of the result, at least 1
     * @param activation applied to each output, {@link Activation#IDENTITY} for none; one that does not keep its inputs
     * @throws IllegalArgumentException if a number is below 1, or the activation is {@link Activation#keepsInputs one that
     *     keeps its inputs}
     */
    public Linear(int inputs, int outputs, Activation activation) {
        this.inputs = Require.positive("linear", "inputs", inputs);
        this.outputs = Require.positive("linear", "outputs", outputs);
        this.activation = Require.fused("linear", activation);
        this.weight = Parameter.weight("weight", Shape.of(inputs, outputs));
        this.bias = Parameter.bias("bias", Shape.of(outputs));
    }

    /**
     * Returns the number of features of an example.
     *
     * @return the number, at least 1
     */
    public int inputs() {
        return inputs;
    }

    /**
     * Returns the number of features of the result.
     *
     * @return the number, at least 1
     */
    public int outputs() {
        return outputs;
    }

    /**
     * Returns what is applied to each output.
     *
     * @return the activation
     */
    public Activation activation() {
        return activation;
    }

    @Override
    public Shape outputShape(Shape input) {
        return outputShape(input, inputs, outputs);
    }

    static Shape outputShape(Shape input, int inputs, int outputs) {
        if (input.rank() != 1 || input.extent(0) != inputs) {
            throw new ShapeMismatchException(
                    "linear: an example is " + input + "; it must have one axis of " + inputs + " features");
        }
        return Shape.of(outputs);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape = outputShape(input.shape().dropFirst());
        Tensor output = pass.workspace().tensor(shape.prepend(input.shape().extent(0)));
        Matmul.NN
                .with(activation)
                .run(input, weight.value(), bias.value(), output, pass.parallelism(), pass.workspace());
        return new Forward(output, (gradient, wanted) -> backward(input, output, gradient, wanted, pass));
    }

    /** Returns a layer whose weights are packed. */
    @Override
    public Layer forInference() {
        Tensor weights = copy(weight.value());
        return new PackedLinear(
                inputs, outputs, Matmul.NN.with(activation), weights, PackedMatrix.of(weights), copy(bias.value()));
    }

    private static Tensor copy(Tensor values) {
        return Tensor.wrap(values.toArray(), 0, values.shape());
    }

    private Tensor backward(Tensor input, Tensor output, Tensor gradient, boolean inputGradientWanted, Pass pass) {
        if (activation != Activation.IDENTITY) {
            Activations.gradient(activation, output, gradient, gradient, pass.parallelism());
        }
        Bias.gradient(gradient, bias.gradient(), pass.parallelism(), pass.workspace());
        Matmul.TN.accumulating().run(input, gradient, weight.gradient(), pass.parallelism(), pass.workspace());
        if (!inputGradientWanted) {
            return null;
        }
        Tensor inputGradient = pass.workspace().tensor(input.shape());
        Matmul.NT.run(gradient, weight.value(), inputGradient, pass.parallelism(), pass.workspace());
        return inputGradient;
    }
}
