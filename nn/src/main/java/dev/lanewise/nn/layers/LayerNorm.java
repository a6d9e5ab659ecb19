package dev.lanewise.nn.layers;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Layer normalisation along the last axis: {@code y = (x - mean) / sqrt(variance + epsilon) weight[f] + bias[f]} with the mean
 * and the variance over the features f. Ba, Kiros and Hinton, "Layer Normalization", 2016.
 *
 * <p>Input and output {@code [batch, ..., features]}, parameters {@code weight} (ones at first) and {@code bias} (zeros), of
 * shape {@code [features]}. The same in training and outside.
 */
public final class LayerNorm implements Layer {
    private final RowNorm norm;

    /**
     * Creates a layer with an epsilon of 1e-5, as in PyTorch.
     *
     * @param features how many features, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public LayerNorm(int features) {
        this(features, 1e-5);
    }

    /**
     * Creates a layer.
     *
     * @param features how many features, at least 1
     * @param epsilon added to the variance, so that it is not 0; above 0 and finite
     * @throws IllegalArgumentException if a number is out of range
     */
    public LayerNorm(int features, double epsilon) {
        this.norm = new RowNorm("layernorm", features, epsilon, true);
    }

    /**
     * Returns the number of features.
     *
     * @return the number, at least 1
     */
    public int features() {
        return norm.features();
    }

    /**
     * Returns what is added to the variance.
     *
     * @return epsilon, above 0
     */
    public double epsilon() {
        return norm.epsilon();
    }

    @Override
    public Shape outputShape(Shape input) {
        return norm.outputShape(input);
    }

    @Override
    public List<Parameter> parameters() {
        return norm.parameters();
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        return norm.forward(input, pass);
    }
}
