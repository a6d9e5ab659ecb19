package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.BatchNormalization;
import dev.lanewise.nn.Buffer;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/** Batch normalisation of rows of channels: what {@link BatchNorm1d} and {@link BatchNorm2d} have in common. */
final class ChannelNorm {
    /** PyTorch's epsilon. */
    static final double EPSILON = 1e-5;

    /** PyTorch's momentum. */
    static final double MOMENTUM = 0.1;

    private final String name;
    private final int channels;
    private final double epsilon;
    private final double momentum;
    private final Activation activation;
    private final BatchNormalization kernel;
    private final Parameter weight;
    private final Parameter bias;
    private final Buffer runningMean;
    private final Buffer runningVariance;

    ChannelNorm(String name, int channels, double epsilon, double momentum, Activation activation) {
        this.name = name;
        this.channels = Require.positive(name, "channels", channels);
        this.epsilon = epsilon;
        this.momentum = momentum;
        this.activation = Require.given(name, "activation", activation);
        this.kernel = kernel(name, epsilon, momentum, activation);
        Shape shape = Shape.of(channels);
        this.weight = Parameter.scale("weight", shape);
        this.bias = Parameter.bias("bias", shape);
        this.runningMean = new Buffer("runningMean", Tensor.zeros(shape));
        this.runningVariance = new Buffer("runningVariance", Tensor.zeros(shape));
        runningVariance.value().fill(1);
    }

    private static BatchNormalization kernel(String name, double epsilon, double momentum, Activation activation) {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(name + ": momentum is " + momentum + "; it must be from 0 to 1");
        }
        return BatchNormalization.of(epsilon, activation);
    }

    int channels() {
        return channels;
    }

    double epsilon() {
        return epsilon;
    }

    double momentum() {
        return momentum;
    }

    Activation activation() {
        return activation;
    }

    List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    List<Buffer> buffers() {
        return List.of(runningMean, runningVariance);
    }

    Forward forward(Tensor input, Pass pass) {
        int rows = input.shape().rows();
        if (pass.training() && rows == 1) {
            throw new IllegalArgumentException(name + ": a batch of " + input.shape()
                    + " has one value for each channel; in training there must be at least 2, for a variance");
        }
        boolean own = pass.training() && rows > 0;
        Tensor statistics = pass.workspace().tensor(BatchNormalization.STATISTICS, channels);
        if (own) {
            BatchNormalization.statistics(input, statistics, pass.parallelism(), pass.workspace());
            BatchNormalization.follow(statistics, rows, momentum, runningMean.value(), runningVariance.value());
        } else {
            statistics.slice(0, 1).reshape(Shape.of(channels)).copyFrom(runningMean.value());
            statistics.slice(1, 2).fill(0);
            statistics.slice(2, 3).reshape(Shape.of(channels)).copyFrom(runningVariance.value());
        }
        Tensor output = pass.workspace().tensor(input.shape());
        kernel.forward(input, statistics, weight.value(), bias.value(), output, pass.parallelism(), pass.workspace());
        return new Forward(output, (gradient, wanted) -> {
            backward(input, statistics, own, gradient, wanted ? gradient : null, pass);
            return wanted ? gradient : null;
        });
    }

    private void backward(
            Tensor input, Tensor statistics, boolean own, Tensor gradient, Tensor inputGradient, Pass pass) {
        Tensor w = weight.value();
        Tensor b = bias.value();
        Tensor dw = weight.gradient();
        Tensor db = bias.gradient();
        if (own) {
            kernel.gradient(
                    input, statistics, w, b, gradient, inputGradient, dw, db, pass.parallelism(), pass.workspace());
        } else {
            kernel.gradientOfFixed(
                    input, statistics, w, b, gradient, inputGradient, dw, db, pass.parallelism(), pass.workspace());
        }
    }
}
