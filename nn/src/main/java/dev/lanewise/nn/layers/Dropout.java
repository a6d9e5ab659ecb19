package dev.lanewise.nn.layers;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Sets elements to zero at random while training: {@code y[i] = keep[i] x[i] / (1 - rate)}, where {@code keep[i]} is 0
 * with probability {@code rate} and 1 otherwise. Otherwise the output is the input itself. Srivastava et al., "Dropout: A
 * Simple Way to Prevent Neural Networks from Overfitting", JMLR 15 (2014), with the scaling at training time.
 *
 * <p>What is kept depends on the pass's key and the element's index alone, not on threads or time. Input of any shape.
 */
public final class Dropout implements Layer {
    private final float rate;

    /**
     * Creates the layer.
     *
     * @param rate the share of elements to drop; at least 0 and below 1
     * @throws IllegalArgumentException if it is out of range or NaN
     */
    public Dropout(float rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: rate is " + rate + "; it must be at least 0 and below 1");
        }
        this.rate = rate;
    }

    /**
     * Returns the share of elements to drop.
     *
     * @return the rate, at least 0 and below 1
     */
    public float rate() {
        return rate;
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        input.shape().extent(0);
        if (!pass.training() || rate == 0) {
            return new Forward(input, (gradient, wanted) -> wanted ? gradient : null);
        }
        Tensor output = pass.workspace().tensor(input.shape());
        drop(input, output, pass);
        return new Forward(output, (gradient, wanted) -> {
            if (!wanted) {
                return null;
            }
            drop(gradient, gradient, pass);
            return gradient;
        });
    }

    private void drop(Tensor x, Tensor y, Pass pass) {
        dev.lanewise.kernels.Dropout.apply(x, y, rate, pass.key(), pass.parallelism());
    }
}
