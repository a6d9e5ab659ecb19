package dev.lanewise.nn;

import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers applied one after another: {@code y = layerN(... layer1(layer0(x)))}. Itself a layer, so that sequences nest.
 *
 * <p>A parameter or buffer is named after the place of its layer: {@code 0.weight}, {@code 2.0.bias}. Layer {@code i} runs with
 * {@link Pass#forChild} of {@code i}. A sequence without layers returns its input.
 */
public final class Sequential implements Layer {
    private final List<Layer> layers;
    private final List<Parameter> parameters;
    private final List<Buffer> buffers;
    /** The first layer that learns: below it nobody needs a gradient but the caller. */
    private final int firstLearning;

    /**
     * Creates a sequence.
     *
     * @param layers the layers, the one that sees the input first
     */
    public Sequential(List<? extends Layer> layers) {
        this.layers = List.copyOf(layers);
        List<Parameter> named = new ArrayList<>();
        List<Buffer> remembered = new ArrayList<>();
        int first = this.layers.size();
        for (int i = 0; i < this.layers.size(); i++) {
            String prefix = i + ".";
            List<Parameter> own = this.layers.get(i).parameters();
            own.forEach(parameter -> named.add(parameter.named(prefix + parameter.name())));
            this.layers.get(i).buffers().forEach(buffer -> remembered.add(buffer.named(prefix + buffer.name())));
            first = own.isEmpty() ? first : Math.min(first, i);
        }
        this.parameters = List.copyOf(named);
        this.buffers = List.copyOf(remembered);
        this.firstLearning = first;
    }

    /**
     * Returns a sequence.
     *
     * @param layers the layers, the one that sees the input first
     * @return the sequence
     */
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    /**
     * Returns the layers.
     *
     * @return the layers, the one that sees the input first; unmodifiable
     */
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape shape = input;
        for (int i = 0; i < layers.size(); i++) {
            try {
                shape = layers.get(i).outputShape(shape);
            } catch (ShapeMismatchException e) {
                throw new ShapeMismatchException("layer " + i + ": " + e.getMessage());
            }
        }
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public List<Buffer> buffers() {
        return buffers;
    }

    /**
     * Computes the output for a batch.
     *
     * @throws ShapeMismatchException if a layer can't take what it would be given; nothing is computed then
     */
    @Override
    public Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        Backward[] backwards = new Backward[layers.size()];
        Tensor tensor = input;
        for (int i = 0; i < backwards.length; i++) {
            Forward forward = layers.get(i).forward(tensor, pass.forChild(i));
            tensor = forward.output();
            backwards[i] = forward.backward();
        }
        return new Forward(tensor, (gradient, wanted) -> backward(backwards, gradient, wanted, pass.workspace()));
    }

    @Override
    public Sequential forInference() {
        return new Sequential(layers.stream().map(Layer::forInference).toList());
    }

    /**
     * Walks back. Of what a layer takes from the workspace only the gradient of its input is still needed, and that only until
     * the layer below has consumed it; so memory is that of a few gradients, not of one for each layer.
     */
    private Tensor backward(
            Backward[] backwards, Tensor outputGradient, boolean inputGradientWanted, Workspace workspace) {
        Tensor gradient = outputGradient;
        int last = inputGradientWanted ? 0 : firstLearning;
        Workspace.Mark mark = workspace.mark();
        for (int i = backwards.length - 1; i >= last; i--) {
            gradient = backwards[i].apply(gradient, inputGradientWanted || i > last);
            if (gradient != null) {
                gradient = workspace.releaseBut(mark, gradient);
            }
        }
        return inputGradientWanted ? gradient : null;
    }
}
