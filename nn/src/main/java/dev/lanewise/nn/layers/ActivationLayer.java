package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Any function of {@link Activation}, {@code y = f(x)}, applied to each element of an input of any shape: GELU, SiLU, mish and
 * the others whose gradient needs the inputs, which {@link Linear} and {@link Conv2d} do not keep.
 *
 * <p>Those that need none are faster as the activation of the layer before.
 */
public final class ActivationLayer implements Layer {
    private final Activation function;

    /**
     * Creates the layer.
     *
     * @param function what is applied
     * @throws IllegalArgumentException if it is null
     */
    public ActivationLayer(Activation function) {
        this.function = Require.given("activation", "function", function);
    }

    /**
     * Returns what is applied.
     *
     * @return the function
     */
    public Activation function() {
        return function;
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        return ElementWise.forward(function, input, pass);
    }
}
