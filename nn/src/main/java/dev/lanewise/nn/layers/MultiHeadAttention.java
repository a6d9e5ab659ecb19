package dev.lanewise.nn.layers;

import dev.lanewise.kernels.Activation;
import dev.lanewise.kernels.Arithmetic;
import dev.lanewise.kernels.Attention;
import dev.lanewise.kernels.Matmul;
import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Self-attention of several heads (Vaswani et al., Attention is all you need, 2017, section 3.2.2): queries, keys and values are
 * linear functions of the input, each head attends with its part of them, and the output is a linear function of all heads'
 * results.
 *
 * <p>Input and output {@code [batch, positions, features]}. Parameters {@code query.weight}, {@code query.bias}, {@code
 * key.weight}, {@code value.weight}, {@code value.bias}, {@code output.weight} and {@code output.bias}: weights {@code [features,
 * features]}, the heads side by side, and biases {@code [features]}, all zero until an {@link Initializer} or a file fills them.
 * Keys have no bias: it would add the same to all scores of a query, and so change no weight.
 */
public final class MultiHeadAttention implements Layer {
    private final int features;
    private final int heads;
    private final boolean causal;
    private final Attention attention;
    private final Linear query;
    private final Parameter key;
    private final Linear value;
    private final Linear output;

    /**
     * Creates a layer whose parameters are zero.
     *
     * @param features of a position, at least 1
     * @param heads how many, at least 1; features must be a multiple of it
     * @param causal whether a position sees only itself and those before
     * @throws IllegalArgumentException if a number is below 1, or features is no multiple of heads
     */
    public MultiHeadAttention(int features, int heads, boolean causal) {
        this.features = Require.positive("multi-head attention", "features", features);
        this.heads = Require.positive("multi-head attention", "heads", heads);
        if (features % heads != 0) {
            throw new IllegalArgumentException("multi-head attention: features is " + features + ", heads is " + heads
                    + "; features must be a multiple of heads");
        }
        this.causal = causal;
        this.attention = (causal ? Attention.CAUSAL : Attention.FULL).withHeads(heads);
        this.query = new Linear(features, features, Activation.IDENTITY);
        this.key = Parameter.weight("key.weight", Shape.of(features, features));
        this.value = new Linear(features, features, Activation.IDENTITY);
        this.output = new Linear(features, features, Activation.IDENTITY);
    }

    /**
     * Returns the number of features of a position.
     *
     * @return the number, at least 1
     */
    public int features() {
        return features;
    }

    /**
     * Returns the number of heads.
     *
     * @return the number, at least 1
     */
    public int heads() {
        return heads;
    }

    /**
     * Tells whether a position sees only itself and those before.
     *
     * @return false if it sees all
     */
    public boolean causal() {
        return causal;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.extent(1) != features) {
            throw new ShapeMismatchException(
                    "multi-head attention: an example is " + input + "; it must be [positions]x" + features);
        }
        return input;
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(named("query", query), List.of(key), named("value", value), named("output", output))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Parameter> named(String prefix, Linear layer) {
        return layer.parameters().stream()
                .map(each -> each.named(prefix + "." + each.name()))
                .toList();
    }

    @Override
    public Forward forward(Tensor input, Pass pass) {
        outputShape(input.shape().dropFirst());
        Shape shape = input.shape();
        Tensor rows = rows(input);
        Forward queries = query.forward(rows, pass);
        Tensor keys = pass.workspace().tensor(rows.shape());
        Matmul.NN.run(rows, key.value(), keys, pass.parallelism(), pass.workspace());
        Forward values = value.forward(rows, pass);
        Tensor q = queries.output().reshape(shape);
        Tensor k = keys.reshape(shape);
        Tensor v = values.output().reshape(shape);
        Tensor results = pass.workspace().tensor(shape);
        Tensor statistics = pass.workspace().tensor(statistics(shape));
        attention.forward(q, k, v, results, statistics, pass.parallelism(), pass.workspace());
        Forward joined = output.forward(rows(results), pass);
        return new Forward(joined.output().reshape(shape), (gradient, wanted) -> {
            Tensor ofResults = joined.backward().apply(rows(gradient), true).reshape(shape);
            Tensor dq = pass.workspace().tensor(shape);
            Tensor dk = pass.workspace().tensor(shape);
            Tensor dv = pass.workspace().tensor(shape);
            attention.gradient(
                    q, k, v, results, statistics, ofResults, dq, dk, dv, pass.parallelism(), pass.workspace());
            Matmul.TN.accumulating().run(rows, rows(dk), key.gradient(), pass.parallelism(), pass.workspace());
            Tensor throughQueries = queries.backward().apply(rows(dq), wanted);
            Tensor throughValues = values.backward().apply(rows(dv), wanted);
            if (!wanted) {
                return null;
            }
            Matmul.NT.accumulating().run(rows(dk), key.value(), throughQueries, pass.parallelism(), pass.workspace());
            Arithmetic.axpy(1, throughValues, throughQueries, pass.parallelism());
            return throughQueries.reshape(shape);
        });
    }

    /** All positions of all examples, one after the other. */
    private Tensor rows(Tensor tensor) {
        return tensor.reshape(Shape.of(tensor.shape().rows(), features));
    }

    private Shape statistics(Shape shape) {
        int batch = shape.extent(0);
        int positions = shape.extent(1);
        return heads > 1 ? Shape.of(batch, heads, positions, 2) : Shape.of(batch, positions, 2);
    }
}
