package dev.lanewise.nn.io;

import dev.lanewise.kernels.Softmax;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Normalization;
import dev.lanewise.nn.Pass;
import dev.lanewise.nn.Sequential;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.runtime.Workspace;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network with what is needed to use it: what it takes and what its outputs mean.
 *
 * @param network the network
 * @param input the shape of one example
 * @param classes the names of the classes, one for each output; empty where outputs are no classes
 * @param normalization how bytes of images become inputs
 * @param notes anything else worth keeping, by name; names that begin with {@code lanewise.} are taken
 */
public record Model(
        Sequential network, Shape input, List<String> classes, Normalization normalization, Map<String, String> notes) {
    /** Checks that the network takes such examples and that there are as many classes as outputs, or none. */
    public Model {
        classes = List.copyOf(classes);
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
        Shape output = network.outputShape(input);
        if (!classes.isEmpty() && output.size() != classes.size()) {
            throw new ShapeMismatchException("model: the network's output is " + output + ", there are "
                    + classes.size() + " classes; there must be as many classes as outputs, or none");
        }
        for (String name : notes.keySet()) {
            if (name.startsWith(ModelFile.RESERVED)) {
                throw new IllegalArgumentException(
                        "model: note " + name + "; a name must not begin with " + ModelFile.RESERVED);
            }
        }
    }

    /**
     * Returns a model without notes.
     *
     * @param network the network
     * @param input the shape of one example
     * @param classes the names of the classes, one for each output
     * @param normalization how bytes of images become inputs
     * @return the model
     */
    public static Model of(Sequential network, Shape input, List<String> classes, Normalization normalization) {
        return new Model(network, input, classes, normalization, Map.of());
    }

    /**
     * Returns this model with another set of notes.
     *
     * @param other the notes, by name
     * @return a model that shares the network
     */
    public Model withNotes(Map<String, String> other) {
        return new Model(network, input, classes, normalization, other);
    }

    /**
     * Returns this model with its network prepared to be used many times, see {@link Sequential#forInference}.
     *
     * @return a model that computes the same, to the bit, as long as this one is not trained further; save this one, for a file can't hold
     *     what has been prepared
     */
    public Model forInference() {
        return new Model(network.forInference(), input, classes, normalization, notes);
    }

    /**
     * Returns how probable each class is for each example: the softmax of the network's outputs.
     *
     * @param inputs shape {@code [batch, ...input]}
     * @param parallelism the threads
     * @param workspace the memory that the result lives in
     * @return shape {@code [batch, classes]}; each row's sum is 1
     * @throws ShapeMismatchException if the inputs are not of the shape that the model takes
     */
    public Tensor probabilities(Tensor inputs, Parallelism parallelism, Workspace workspace) {
        if (inputs.shape().rank() == 0 || !inputs.shape().dropFirst().equals(input)) {
            throw new ShapeMismatchException(
                    "model: inputs are " + inputs.shape() + "; expected a batch of examples of " + input);
        }
        Forward forward = network.forward(inputs, Pass.inference(parallelism, workspace));
        Tensor probabilities = workspace.tensor(forward.output().shape());
        Softmax.forward(forward.output(), probabilities, parallelism);
        return probabilities;
    }
}
