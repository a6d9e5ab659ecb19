package dev.lanewise.nn.layers;

import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Parameter;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Random weights to begin with, of a variance that keeps signals as strong as they came.
 *
 * <table>
 * <caption>Variance of a weight</caption>
 * <tr><th>name</th><th>variance</th><th>distribution</th><th>made for</th></tr>
 * <tr><td>HE_NORMAL</td><td>2 / fanIn</td><td>normal</td><td>ReLU</td></tr>
 * <tr><td>HE_UNIFORM</td><td>2 / fanIn</td><td>uniform within sqrt(6 / fanIn)</td><td>ReLU</td></tr>
 * <tr><td>GLOROT_NORMAL</td><td>2 / (fanIn + fanOut)</td><td>normal</td><td>tanh, sigmoid</td></tr>
 * <tr><td>GLOROT_UNIFORM</td><td>2 / (fanIn + fanOut)</td><td>uniform within sqrt(6 / (fanIn + fanOut))</td><td>tanh,
 * sigmoid</td></tr>
 * </table>
 *
 * <p>A weight's last axis counts its outputs, the axis before its inputs, all others positions of a kernel: {@code fanIn}
 * is the product of all axes but the last, {@code fanOut} of all but the last but one. He et al., "Delving Deep into
 * Rectifiers", 2015, equation 10; Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
 * networks", 2010, equations 12 and 16. The normal distribution is not truncated.
 *
 * <p>The same seed gives the same bits on every platform. Element {@code i} draws from the generator SplitMix64 (Steele,
 * Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014) its output number {@code i}; the upper 53 bits
 * make a number of [0, 1) in {@code double}. Uniform is {@code (2 u - 1) limit}. Normal takes elements in pairs by the
 * transform of Box and Muller (1958): {@code sqrt(-2 log(1 - u0))} times {@code cos(2 pi u1)} and {@code sin(2 pi u1)},
 * with the functions of {@link StrictMath}. The result is rounded to {@code float} once.
 */
public enum Initializer {
    /** Normal, variance {@code 2 / fanIn}. */
    HE_NORMAL(true, false),
    /** Uniform, variance {@code 2 / fanIn}. */
    HE_UNIFORM(false, false),
    /** Normal, variance {@code 2 / (fanIn + fanOut)}. */
    GLOROT_NORMAL(true, true),
    /** Uniform, variance {@code 2 / (fanIn + fanOut)}. */
    GLOROT_UNIFORM(false, true);

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final boolean normal;
    private final boolean bothFans;

    Initializer(boolean normal, boolean bothFans) {
        this.normal = normal;
        this.bothFans = bothFans;
    }

    /**
     * Fills the weights of a layer: parameters of two axes or more. The others, biases and scales, become what they
     * {@link Parameter#start} with; buffers stay as they are. Parameter {@code p} of the layer draws from the seed that SplitMix64's finaliser makes of {@code seed + p * 0x9E3779B97F4A7C15}.
     *
     * @param layer the layer, such as a whole network
     * @param seed the source of randomness
     */
    public void fill(Layer layer, long seed) {
        List<Parameter> parameters = layer.parameters();
        for (int p = 0; p < parameters.size(); p++) {
            Tensor value = parameters.get(p).value();
            if (value.shape().rank() >= 2) {
                fill(value, mix(seed + p * GOLDEN_GAMMA));
            } else {
                value.fill(parameters.get(p).start());
            }
        }
    }

    /**
     * Fills one weight.
     *
     * @param weight receives the values; at least two axes, the last but one for inputs and the last for outputs
     * @param seed the source of randomness
     * @throws IllegalArgumentException if the tensor has fewer than two axes
     */
    public void fill(Tensor weight, long seed) {
        double variance = variance(weight.shape());
        if (normal) {
            fillNormal(weight, seed, Math.sqrt(variance));
        } else {
            fillUniform(weight, seed, Math.sqrt(3 * variance));
        }
    }

    private double variance(Shape shape) {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException(
                    "initializer: the weight is " + shape + "; it must have at least two axes");
        }
        int outputs = Math.max(1, shape.extent(-1));
        int inputs = Math.max(1, shape.extent(-2));
        double fanIn = Math.max(1.0, shape.size() / outputs);
        double fanOut = Math.max(1.0, shape.size() / inputs);
        return 2 / (bothFans ? fanIn + fanOut : fanIn);
    }

    private static void fillUniform(Tensor weight, long seed, double limit) {
        float[] array = weight.array();
        for (int i = 0; i < weight.size(); i++) {
            array[weight.offset() + i] = (float) ((2 * draw(seed, i) - 1) * limit);
        }
    }

    private static void fillNormal(Tensor weight, long seed, double deviation) {
        float[] array = weight.array();
        int offset = weight.offset();
        int size = weight.size();
        for (int i = 0; i < size; i += 2) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - draw(seed, i))) * deviation;
            double angle = 2 * Math.PI * draw(seed, i + 1);
            array[offset + i] = (float) (radius * StrictMath.cos(angle));
            if (i + 1 < size) {
                array[offset + i + 1] = (float) (radius * StrictMath.sin(angle));
            }
        }
    }

    /** Output number {@code index} of SplitMix64, as a number of [0, 1). */
    private static double draw(long seed, int index) {
        return (mix(seed + (index + 1L) * GOLDEN_GAMMA) >>> 11) * 0x1p-53;
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
