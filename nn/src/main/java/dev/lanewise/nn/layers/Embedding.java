package dev.lanewise.nn.layers;

import dev.lanewise.nn.Forward;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.nn.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Look-up of a learnt row for each of a set of things, such as words: {@code y[n, ..., j] = weight[x[n, ...], j]}.
 *
 * <p>Input {@code [batch, ...]}, whose elements are whole numbers from 0 to entries - 1: a float holds each up to 2^24
 * exactly. Output {@code [batch, ..., width]}, parameter {@code weight} of shape {@code [entries, width]}, zero until a file
 * or an initialiser fills it; PyTorch begins with a standard normal distribution. The gradient of the weight has the same
 * bits for any number of threads; that of the input is 0.
 */
public final class Embedding implements Layer {
    /** From here on floats do not hold every whole number. */
    private static final int MOST = 1 << 24;

    private final int entries;
    private final int width;
    private final Parameter weight;

    /**
     * Creates a layer whose weight is zero.
     *
     * @param entries how many things there are, from 1 to 2^24
     * @param width how long a row is, at least 1
     * @throws IllegalArgumentException if a number is out of range
     */
    public Embedding(int entries, int width) {
        this.entries = Require.positive("embedding", "entries", entries);
        if (entries > MOST) {
            throw new IllegalArgumentException(
                    "embedding: entries is " + entries + "; it must be at most 2^24, the whole numbers a float holds");
        }
        this.width = Require.positive("embedding", "width", width);
        this.weight = Parameter.weight("weight", Shape.of(entries, width));
    }

    /**
     * Returns how many things there are.
     *
     * @return the number, from 1 to 2^24
     */
    public int entries() {
        return entries;
    }

    /**
     * Returns how long a row is.
     *
     * @return the number, at least 1
     */
    public int width() {
        return width;
    }

    @Override
    public Shape outputShape(Shape input) {
        int[] extents = new int[input.rank() + 1];
        System.arraycopy(input.toArray(), 0, extents, 0, input.rank());
        extents[input.rank()] = width;
        return Shape.of(extents);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight);
    }

    /**
     * Looks up rows.
     *
     * @throws IllegalArgumentException if an element is no whole number, or not one of an entry; the message names it and
     *     its position
     */
    @Override
    public Forward forward(Tensor input, Pass pass) {
        Shape shape =
                outputShape(input.shape().dropFirst()).prepend(input.shape().extent(0));
        int count = input.size();
        int[] indices = pass.workspace().ints(count);
        for (int i = 0; i < count; i++) {
            indices[i] = index(input.array()[input.offset() + i], i);
        }
        Tensor output = pass.workspace().tensor(shape);
        dev.lanewise.kernels.Embedding.forward(weight.value(), indices, count, output, pass.parallelism());
        return new Forward(output, (gradient, wanted) -> {
            dev.lanewise.kernels.Embedding.gradient(
                    indices, count, gradient, weight.gradient(), pass.parallelism(), pass.workspace());
            return wanted ? zeros(input.shape(), pass) : null;
        });
    }

    private int index(float value, int position) {
        int index = (int) value;
        if (index != value || index < 0 || index >= entries) {
            throw new IllegalArgumentException("embedding: index " + value + " at position " + position
                    + " must be a whole number, at least 0 and below the number of entries, " + entries);
        }
        return index;
    }

    private static Tensor zeros(Shape shape, Pass pass) {
        Tensor zeros = pass.workspace().tensor(shape);
        zeros.fill(0);
        return zeros;
    }
}
