package dev.lanewise.nn;

import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A layer at one point, input and parameters: its outputs there and nearby, and the gradients it claims. */
final class GradientProbe {
    /**
     * A tensor that the output depends on.
     *
     * @param name how to call it
     * @param value its elements
     * @param gradient what the layer claims, the sum over some backward passes
     * @param passes over how many
     */
    record Variable(String name, Tensor value, float[] gradient, int passes) {}

    private final Layer layer;
    private final Tensor input;
    private final Pass pass;
    private final List<float[]> buffers = new ArrayList<>();

    GradientProbe(Layer layer, Tensor input, long key) {
        this.layer = layer;
        this.input = Tensor.of(input.toArray(), input.shape().toArray());
        this.pass = new Pass(true, key, Parallelism.serial(), new Workspace());
        layer.buffers().forEach(buffer -> buffers.add(buffer.value().toArray()));
    }

    /** Gives the layer's buffers back what they held before the first pass. */
    void restoreBuffers() {
        for (int i = 0; i < buffers.size(); i++) {
            Tensor value = layer.buffers().get(i).value();
            value.copyFrom(Tensor.of(buffers.get(i), value.shape().toArray()));
        }
    }

    /** Computes the output at the present point. */
    float[] output() {
        pass.workspace().reset();
        return forward().output().toArray();
    }

    /** The tensors that the output depends on, their gradients not yet known. */
    List<Variable> variables() {
        List<Variable> variables = new ArrayList<>();
        variables.add(new Variable("input", input, null, 0));
        for (Parameter parameter : layer.parameters()) {
            variables.add(new Variable(parameter.name(), parameter.value(), null, 0));
        }
        return variables;
    }

    /**
     * Runs the backward function twice, the second time without asking for the input's gradient.
     *
     * @param projection the output's gradient
     * @return the input with its gradient, and each parameter with what the two runs added together
     * @throws AssertionError if the layer does not keep to the contract of {@link Layer} or {@link Backward}
     */
    List<Variable> gradients(float[] projection) {
        List<Parameter> parameters = layer.parameters();
        List<float[]> before = new ArrayList<>();
        for (Parameter parameter : parameters) {
            before.add(parameter.gradient().toArray());
            parameter.gradient().fill(0);
        }
        try {
            float[] point = input.toArray();
            float[] inputGradient = backward(projection, true);
            backward(projection, false);
            require(Arrays.equals(point, input.toArray()), "the layer changed its input, which belongs to another");
            List<Variable> variables = new ArrayList<>();
            variables.add(new Variable("input", input, inputGradient, 1));
            for (Parameter parameter : parameters) {
                variables.add(new Variable(
                        parameter.name(),
                        parameter.value(),
                        parameter.gradient().toArray(),
                        2));
            }
            return variables;
        } finally {
            for (int i = 0; i < before.size(); i++) {
                Tensor gradient = parameters.get(i).gradient();
                gradient.copyFrom(Tensor.of(before.get(i), gradient.shape().toArray()));
            }
        }
    }

    private float[] backward(float[] projection, boolean inputGradientWanted) {
        pass.workspace().reset();
        Forward forward = forward();
        Tensor gradient = pass.workspace().tensor(forward.output().shape());
        System.arraycopy(projection, 0, gradient.array(), gradient.offset(), projection.length);
        Tensor inputGradient = forward.backward().apply(gradient, inputGradientWanted);
        if (!inputGradientWanted) {
            return null;
        }
        require(inputGradient != null, "backward returned null, though the input's gradient was wanted");
        require(
                inputGradient.shape().equals(input.shape()),
                "the gradient of the input is " + inputGradient.shape() + ", the input " + input.shape());
        return inputGradient.toArray();
    }

    private Forward forward() {
        Forward forward = layer.forward(input, pass);
        Shape announced = layer.outputShape(input.shape().dropFirst())
                .prepend(input.shape().extent(0));
        Shape shape = forward.output().shape();
        require(shape.equals(announced), "outputShape announces " + announced + ", the output is " + shape);
        return forward;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError("gradient check: " + message);
        }
    }
}
