package dev.lanewise.nn;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A differentiable function with parameters: the unit that networks are composed of.
 *
 * <p>A layer keeps no state of a pass. {@link #forward} returns, beside the output, the function that carries gradients
 * back ({@link Backward}); what that function needs, it holds. So one layer can serve several passes at once, and a
 * layer of one's own is one small class. A layer with {@link #buffers} may change them in training, then one pass at a time.
 */
public interface Layer {
    /**
     * Returns the shape of the output for one example.
     *
     * @param input the shape of one example, without the batch axis
     * @return the output's shape, without the batch axis
     * @throws dev.lanewise.tensor.ShapeMismatchException if the layer can't take such an input
     */
    Shape outputShape(Shape input);

    /**
     * Returns what the layer learns.
     *
     * @return the parameters, always the same objects in the same order; empty for a layer that learns nothing
     */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * Returns what the layer remembers without learning it.
     *
     * @return the buffers, always the same objects in the same order; empty for most layers
     */
    default List<Buffer> buffers() {
        return List.of();
    }

    /**
     * Returns all that makes this layer another than a new one: what a file must hold.
     *
     * @return the live values of the parameters, then those of the buffers, by name
     * @throws IllegalArgumentException if two have the same name
     */
    default Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        parameters().forEach(parameter -> state.put(parameter.name(), parameter.value()));
        buffers().forEach(buffer -> state.put(buffer.name(), buffer.value()));
        if (state.size() != parameters().size() + buffers().size()) {
            throw new IllegalArgumentException("layer: two of the parameters and buffers have the same name; they are "
                    + Stream.concat(
                                    parameters().stream().map(Parameter::name),
                                    buffers().stream().map(Buffer::name))
                            .toList());
        }
        return state;
    }

    /**
     * Computes the output for a batch.
     *
     * @param input shape {@code [batch, ...]}; it must stay as it is until the backward function has run
     * @param pass threads, memory, and whether this is training
     * @return the output, shape {@code [batch, ...outputShape]}, and the backward function; both live in the memory of
     *     {@code pass} and end with its step
     */
    Forward forward(Tensor input, Pass pass);

    /**
     * Returns a layer for using what has been learned: it computes what this one computes in a pass of inference, to the bit, with what can
     * be prepared for many passes: the packed weights of convolutions and of fully connected layers. It is made of what the parameters are now, and of this layer's
     * buffers: make another after either has changed, for what it computes then means nothing. {@link #parameters} and {@link #state}
     * lack what has been prepared, so save the layer that it was made from; training and backward functions are refused.
     *
     * @return the layer; this one where there is nothing to prepare
     */
    default Layer forInference() {
        return this;
    }
}
