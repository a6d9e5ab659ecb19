package dev.lanewise.nn;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Checks a layer's backward function against its forward function: {@code GradientCheck.of(layer).check(input)}.
 *
 * <p>With {@code s = sum over j of r[j] y[j]}, where the {@code r[j]} are random of magnitude 0.5 to 1, the backward
 * function given {@code r} must return {@code ds/dx}, and add {@code ds/dw} to the gradient of each parameter. That is
 * compared with central differences, the sum taken in {@code double}:
 *
 * <pre>
 *   D(h) = sum over j of r[j] (y[j](x[i] + h) - y[j](x[i] - h)) / 2h
 *   ds/dx[i] = D(h) + (D(h) - D(2h)) / 3
 * </pre>
 *
 * <p>The second term takes out what curvature of the third order adds to {@code D(h)}, {@code h² / 6} times the third
 * derivative (Richardson's extrapolation). A check {@link #avoidingKinks() that avoids kinks} takes {@code D(h)} alone, for
 * twice as far away there are more of them.
 *
 * <p>Outputs that do not depend on {@code x[i]} are equal to the bit and cancel. What is left differs from the true
 * gradient by three errors, and this is the tolerance:
 * <ul>
 *   <li>rounding: each output is a {@code float}, of relative error {@code 2^-24} times a small number that grows with the
 *       root of the length of its sums; allowed are {@code 32 2^-24 max|y| |r| / 2h}, {@code |r|} the root of the sum of
 *       squares over the outputs that changed. 32 is some four standard deviations for sums of 1600 products;
 *   <li>rounding in the backward function, which is a {@code float} too: {@code 32 2^-24} times the largest gradient of all
 *       tensors. It counts where the true gradient is 0, as for the queries of an attention to a single key;
 *   <li>what curvature is left: {@code 16 h²} times the largest gradient in the tensor; for the usual h of {@code 2^-7}
 *       that is {@code 2^-10} of it, a tenth of a percent.
 * </ul>
 *
 * <p>So an error of 1 % of the largest gradient is caught if inputs, parameters and outputs are of the order of 1;
 * {@link GradientReport#sensitivity} tells what would have been caught. The backward function runs twice, the second time
 * without the input's gradient, and what it added to a parameter's gradient is halved: one that overwrites gives half of
 * what is expected. Also checked: that the input stays as it is, that {@link Layer#outputShape} tells the truth. Parameters,
 * their gradients and buffers are as before afterwards. Immutable.
 */
public final class GradientCheck {
    private static final double USUAL_STEP = 0x1p-7;
    private static final double ROUNDING = 32 * 0x1p-24;
    private static final double CURVATURE = 16;
    /** A second difference of this share of the first one is no curvature any more. */
    private static final double KINK = 0.25;

    private final Layer layer;
    private final long seed;
    private final double step;
    private final int most;
    private final boolean avoidKinks;

    private GradientCheck(Layer layer, long seed, double step, int most, boolean avoidKinks) {
        this.layer = layer;
        this.seed = seed;
        this.step = step;
        this.most = most;
        this.avoidKinks = avoidKinks;
    }

    /**
     * Returns a check of every element of the input and of all parameters.
     *
     * @param layer the layer; it is run as in training
     * @return the check
     */
    public static GradientCheck of(Layer layer) {
        return new GradientCheck(layer, 42, USUAL_STEP, Integer.MAX_VALUE, false);
    }

    /**
     * Returns a check with other random numbers.
     *
     * @param value the source of {@code r}, of the elements chosen and of the pass's key
     * @return the check
     */
    public GradientCheck withSeed(long value) {
        return new GradientCheck(layer, value, step, most, avoidKinks);
    }

    /**
     * Returns a check with another step: a larger one for a function that is nearly linear or has small gradients, a
     * smaller one for one that is strongly curved.
     *
     * @param h the step for values of magnitude up to 1; others take it relative to themselves. Above 0, below 1
     * @return the check
     * @throws IllegalArgumentException if h is out of range
     */
    public GradientCheck withStep(double h) {
        if (!(h > 0 && h < 1)) {
            throw new IllegalArgumentException("gradient check: step is " + h + "; it must be above 0 and below 1");
        }
        return new GradientCheck(layer, seed, h, most, avoidKinks);
    }

    /**
     * Returns a check that takes a random choice of elements where a tensor has many.
     *
     * @param elements how many elements of each tensor to compare at most; at least 1
     * @return the check
     * @throws IllegalArgumentException if it is below 1
     */
    public GradientCheck atMost(int elements) {
        if (elements < 1) {
            throw new IllegalArgumentException(
                    "gradient check: elements to compare is " + elements + "; it must be at least 1");
        }
        return new GradientCheck(layer, seed, step, elements, avoidKinks);
    }

    /**
     * Returns a check that leaves out outputs which have a kink within two steps of the input or a parameter, such as a
     * rectifier near 0 or a maximum of two values that are nearly equal: their {@code r[j]} becomes 0. A kink is where
     * the slopes at both sides of the point differ by more than a quarter of the larger.
     *
     * @return the check
     */
    public GradientCheck avoidingKinks() {
        return new GradientCheck(layer, seed, step, most, true);
    }

    /**
     * Compares, and fails if a gradient is wrong.
     *
     * @param input a batch, shape {@code [batch, ...]}; of the order of 1
     * @return what was found
     * @throws AssertionError if a gradient is wrong; the message names tensor, index, expected and got. Also if more than
     *     half of the outputs had to be left out
     */
    public GradientReport check(Tensor input) {
        GradientReport report = measure(input);
        if (!report.passed()) {
            throw new AssertionError("gradient check: " + report.worst());
        }
        return report;
    }

    /**
     * Compares.
     *
     * @param input a batch, shape {@code [batch, ...]}; of the order of 1
     * @return what was found
     * @throws AssertionError if the layer does not keep to the contract of {@link Layer}, or more than half of the outputs
     *     had to be left out
     */
    public GradientReport measure(Tensor input) {
        GradientProbe probe = new GradientProbe(layer, input, seed);
        try {
            return measure(probe);
        } finally {
            probe.restoreBuffers();
        }
    }

    private GradientReport measure(GradientProbe probe) {
        float[] output = probe.output();
        float[] projection = projection(output.length);
        double scale = largest(output);
        int leftOut = avoidKinks ? leaveOutKinks(probe, output, scale, projection) : 0;
        if (leftOut > output.length / 2) {
            throw new AssertionError("gradient check: " + leftOut + " of " + output.length
                    + " outputs lie near a kink; take another input or a smaller step");
        }
        List<GradientReport.Comparison> all = new ArrayList<>();
        List<List<GradientReport.Comparison>> tensors = new ArrayList<>();
        double largest = 0;
        for (GradientProbe.Variable variable : probe.gradients(projection)) {
            List<GradientReport.Comparison> tensor = compare(probe, variable, projection, scale);
            tensors.add(tensor);
            largest = Math.max(largest, largest(tensor));
        }
        double backward = ROUNDING * largest;
        double sensitivity = 0;
        for (List<GradientReport.Comparison> tensor : tensors) {
            tensor.replaceAll(comparison -> comparison.allowing(backward));
            all.addAll(tensor);
            sensitivity = Math.max(sensitivity, sensitivity(tensor));
        }
        GradientReport.Comparison worst = null;
        for (GradientReport.Comparison comparison : all) {
            worst = worst == null || comparison.severity() > worst.severity() ? comparison : worst;
        }
        return new GradientReport(worst, all.size(), leftOut, sensitivity);
    }

    private List<GradientReport.Comparison> compare(
            GradientProbe probe, GradientProbe.Variable variable, float[] projection, double scale) {
        int[] elements = elements(variable.value().size());
        double[] expected = new double[elements.length];
        double[] rounding = new double[elements.length];
        double largest = 0;
        for (int i = 0; i < elements.length; i++) {
            Difference near = Difference.around(probe, variable.value(), elements[i], step);
            expected[i] = near.slope(projection);
            if (!avoidKinks) {
                Difference far = Difference.around(probe, variable.value(), elements[i], 2 * step);
                expected[i] += (expected[i] - far.slope(projection)) / 3;
            }
            rounding[i] = ROUNDING * scale * near.norm(projection) / near.distance();
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        List<GradientReport.Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < elements.length; i++) {
            comparisons.add(new GradientReport.Comparison(
                    variable.name(),
                    index(variable.value().shape(), elements[i]),
                    expected[i],
                    (double) variable.gradient()[elements[i]] / variable.passes(),
                    rounding[i] + CURVATURE * step * step * largest));
        }
        return comparisons;
    }

    private int leaveOutKinks(GradientProbe probe, float[] output, double scale, float[] projection) {
        boolean[] kinked = new boolean[output.length];
        for (GradientProbe.Variable variable : probe.variables()) {
            for (int element : elements(variable.value().size())) {
                Difference.around(probe, variable.value(), element, 2 * step)
                        .markKinks(output, KINK, ROUNDING * scale, kinked);
            }
        }
        int leftOut = 0;
        for (int j = 0; j < kinked.length; j++) {
            if (kinked[j]) {
                projection[j] = 0;
                leftOut++;
            }
        }
        return leftOut;
    }

    private float[] projection(int size) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] projection = new float[size];
        for (int j = 0; j < size; j++) {
            double magnitude = random.nextDouble(0.5, 1);
            projection[j] = (float) (random.nextBoolean() ? magnitude : -magnitude);
        }
        return projection;
    }

    private int[] elements(int size) {
        if (size <= most) {
            return IntStream.range(0, size).toArray();
        }
        return new SplittableRandom(seed).ints(most, 0, size).toArray();
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double largest(List<GradientReport.Comparison> comparisons) {
        double largest = 0;
        for (GradientReport.Comparison comparison : comparisons) {
            largest = Math.max(largest, Math.abs(comparison.expected()));
        }
        return largest;
    }

    private static double sensitivity(List<GradientReport.Comparison> comparisons) {
        double tolerance = 0;
        for (GradientReport.Comparison comparison : comparisons) {
            tolerance = Math.max(tolerance, comparison.tolerance());
        }
        double gradient = largest(comparisons);
        return gradient == 0 ? 0 : tolerance / gradient;
    }

    private static String index(Shape shape, int element) {
        int[] index = new int[shape.rank()];
        int rest = element;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.extent(axis);
            rest /= shape.extent(axis);
        }
        return Arrays.toString(index);
    }
}
