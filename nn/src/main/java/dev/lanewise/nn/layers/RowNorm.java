package dev.lanewise.nn.layers;

import dev.lanewise.kernels.LayerNormalization;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/** Normalisation along the last axis: what {@link LayerNorm} and {@link RmsNorm} have in common. */
final class RowNorm {
    private final String name;
    private final int features;
    private final double epsilon;
    private final LayerNormalization kernel;
    private final Parameter weight;
    /** Null for none. */
    private final Parameter bias;

    RowNorm(String name, int features, double epsilon, boolean centered) {
        this.name = name;
        this.features = Require.positive(name, "features", features);
        this.epsilon = epsilon;
        this.kernel = centered ? LayerNormalization.centered(epsilon) : LayerNormalization.rootMeanSquare(epsilon);
        this.weight = Parameter.scale("weight", Shape.of(features));
        this.bias = centered ? Parameter.bias("bias", Shape.of(features)) : null;
    }

    int features() {
        return features;
    }

    double epsilon() {
        return epsilon;
    }

    Shape outputShape(Shape input) {
        if (input.rank() < 1 || input.extent(-1) != features) {
            throw new ShapeMismatchException(
                    name + ": an example is " + input + "; its last axis must be " + features + " features");
        }
        return input;
    }

    List<Parameter> parameters() {
        return bias == null ? List.of(weight) : List.of(weight, bias);
    }

    Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        Tensor output = pass.workspace().tensor(input.shape());
        Tensor statistics = pass.workspace().tensor(input.shape().rows(), LayerNormalization.STATISTICS);
        Tensor added = bias == null ? null : bias.value();
        kernel.forward(input, weight.value(), added, output, statistics, pass.parallelism(), pass.workspace());
        return new Forward(output, (gradient, wanted) -> {
            kernel.gradient(
                    input,
                    statistics,
                    weight.value(),
                    gradient,
                    gradient,
                    weight.gradient(),
                    bias == null ? null : bias.gradient(),
                    pass.parallelism(),
                    pass.workspace());
            return wanted ? gradient : null;
        });
    }
}
