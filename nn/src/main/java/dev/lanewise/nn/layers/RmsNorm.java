package dev.lanewise.nn.layers;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Root mean square normalisation along the last axis: {@code y = x / sqrt(mean of x² + epsilon) weight[f]} with the mean over
 * the features f. Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.
 *
 * <p>Input and output {@code [batch, ..., features]}, parameter {@code weight} (ones at first) of shape {@code [features]}.
 * The same in training and outside.
 */
public final class RmsNorm implements Layer {
    private final RowNorm norm;

    /**
     * Creates a layer with an epsilon of 2^-23, as in PyTorch.
     *
     * @param features how many features, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public RmsNorm(int features) {
        this(features, 0x1p-23);
    }

    /**
     * Creates a layer.
     *
     * @param features how many features, at least 1
     * @param epsilon added to the mean square, so that it is not 0; above 0 and finite
     * @throws IllegalArgumentException if a number is out of range
     */
    public RmsNorm(int features, double epsilon) {
        this.norm = new RowNorm("rmsnorm", features, epsilon, false);
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
     * Returns what is added to the mean square.
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
