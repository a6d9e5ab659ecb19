package dev.lanewise.nn;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * A differentiable function with parameters: the unit that networks are composed of.
 *
 * <p>A layer keeps no state of a pass. {@link #forward} returns, beside the output, the function that carries gradients
 * back ({@link Backward}); what that function needs, it holds. So one layer can serve several passes at once, and a
 * layer of one's own is one small class.
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
     * Computes the output for a batch.
     *
     * @param input shape {@code [batch, ...]}; it must stay as it is until the backward function has run
     * @param pass threads, memory, and whether this is training
     * @return the output, shape {@code [batch, ...outputShape]}, and the backward function; both live in the memory of
     *     {@code pass} and end with its step
     */
    Forward forward(Tensor input, Pass pass);
}
