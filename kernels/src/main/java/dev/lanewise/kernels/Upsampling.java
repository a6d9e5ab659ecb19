package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.UpsamplingLoops;
import dev.lanewise.runtime.Parallelism;
import dev.lanewise.tensor.ShapeMismatchException;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * Images of another size, each output pixel made of one input pixel or four ({@link Interpolation}), forward and backward.
 * Images are {@code [batch, height, width, channels]}; each channel is computed on its own. Sizes are those of the
 * tensors: any to any, smaller ones too, though then pixels are left out.
 */
public final class Upsampling {
    /** Elements of output that a task computes, at least: some microseconds of work. */
    private static final int GRAIN = 1 << 14;

    private Upsampling() {}

    /**
     * Computes an image of another size.
     *
     * <p>Nearest copies. Bilinear: with {@code h} the weights of the lower and the upper row and {@code w} those of the
     * columns, each rounded to float once, and {@code w(i, j) = h(i) w(j)},
     *
     * <pre>
     *   y = fma(x(1, 1), w(1, 1), fma(x(1, 0), w(1, 0), fma(x(0, 1), w(0, 1), x(0, 0) w(0, 0))))
     * </pre>
     *
     * <p>All four take part even where a weight is 0: an infinity beside a pixel makes it NaN, as in PyTorch.
     *
     * @param mode nearest or bilinear
     * @param x the images, {@code [batch, height, width, channels]}
     * @param y receives the images, {@code [batch, outputHeight, outputWidth, channels]}, of any height and width from 1;
     *     shares no element with x
     * @param parallelism the threads
     * @throws ShapeMismatchException if batch or channels differ, or an image has no pixel; y is untouched then
     * @throws IllegalArgumentException if y overlaps x
     */
    public static void forward(Interpolation mode, Tensor x, Tensor y, Parallelism parallelism) {
        check("upsampling", "x", x, "y", y);
        Checks.apart("upsampling", "x", x, "y", y);
        int[] in = x.shape().toArray();
        int[] out = y.shape().toArray();
        InterpolationAxis rows = InterpolationAxis.of(mode, in[1], out[1]);
        InterpolationAxis columns = InterpolationAxis.of(mode, in[2], out[2]);
        int channels = in[3];
        int rowFloats = in[2] * channels;
        int grain = Math.max(1, GRAIN / Math.max(1, out[2] * channels));
        parallelism.forRange(out[0] * out[1], grain, (from, to) -> {
            for (int row = from; row < to; row++) {
                int image0 = x.offset() + row / out[1] * in[1] * rowFloats;
                int i = row % out[1];
                int lower = image0 + rows.lower()[i] * rowFloats;
                int upper = image0 + rows.upper()[i] * rowFloats;
                for (int j = 0; j < out[2]; j++) {
                    int left = columns.lower()[j] * channels;
                    int right = columns.upper()[j] * channels;
                    int at = y.offset() + (row * out[2] + j) * channels;
                    if (mode == Interpolation.NEAREST) {
                        System.arraycopy(x.array(), lower + left, y.array(), at, channels);
                        continue;
                    }
                    UpsamplingLoops.blend(
                            channels,
                            x.array(),
                            lower + left,
                            lower + right,
                            upper + left,
                            upper + right,
                            rows.lowerWeight()[i] * columns.lowerWeight()[j],
                            rows.lowerWeight()[i] * columns.upperWeight()[j],
                            rows.upperWeight()[i] * columns.lowerWeight()[j],
                            rows.upperWeight()[i] * columns.upperWeight()[j],
                            y.array(),
                            at);
                }
            }
        });
    }

    /**
     * Computes the gradient of the input of {@link #forward}, its adjoint: each output gives {@code dy} times its weight to
     * each pixel that it is made of.
     *
     * <p>The order of operations: an element of dx begins with +0 and takes outputs in ascending order. Nearest adds
     * {@code dy}; bilinear takes {@code fma(dy, w(i, j), dx)} for the pixels (0, 0), (0, 1), (1, 0), (1, 1) in turn, which
     * may be the same at the border.
     *
     * @param mode nearest or bilinear
     * @param dy the gradient of the output, {@code [batch, outputHeight, outputWidth, channels]}
     * @param dx receives the gradient of the images, {@code [batch, height, width, channels]}; shares no element with dy
     * @param parallelism the threads
     * @throws ShapeMismatchException if batch or channels differ, or an image has no pixel; dx is untouched then
     * @throws IllegalArgumentException if dx overlaps dy
     */
    public static void gradient(Interpolation mode, Tensor dy, Tensor dx, Parallelism parallelism) {
        check("upsampling gradient", "dx", dx, "dy", dy);
        Checks.apart("upsampling gradient", "dy", dy, "dx", dx);
        int[] in = dx.shape().toArray();
        int[] out = dy.shape().toArray();
        InterpolationAxis rows = InterpolationAxis.of(mode, in[1], out[1]);
        InterpolationAxis columns = InterpolationAxis.of(mode, in[2], out[2]);
        int channels = in[3];
        int imageFloats = in[1] * in[2] * channels;
        parallelism.forEach(in[0], (image, worker) -> {
            int image0 = dx.offset() + image * imageFloats;
            Arrays.fill(dx.array(), image0, image0 + imageFloats, 0);
            for (int i = 0; i < out[1]; i++) {
                int lower = image0 + rows.lower()[i] * in[2] * channels;
                int upper = image0 + rows.upper()[i] * in[2] * channels;
                for (int j = 0; j < out[2]; j++) {
                    int left = columns.lower()[j] * channels;
                    int right = columns.upper()[j] * channels;
                    int at = dy.offset() + ((image * out[1] + i) * out[2] + j) * channels;
                    float[] to = dx.array();
                    if (mode == Interpolation.NEAREST) {
                        UpsamplingLoops.add(channels, dy.array(), at, to, lower + left);
                        continue;
                    }
                    float top = rows.lowerWeight()[i];
                    float bottom = rows.upperWeight()[i];
                    float before = columns.lowerWeight()[j];
                    float after = columns.upperWeight()[j];
                    UpsamplingLoops.addScaled(channels, dy.array(), at, top * before, to, lower + left);
                    UpsamplingLoops.addScaled(channels, dy.array(), at, top * after, to, lower + right);
                    UpsamplingLoops.addScaled(channels, dy.array(), at, bottom * before, to, upper + left);
                    UpsamplingLoops.addScaled(channels, dy.array(), at, bottom * after, to, upper + right);
                }
            }
        });
    }

    private static void check(String operation, String inputName, Tensor input, String outputName, Tensor output) {
        int[] in = input.shape().toArray();
        int[] out = output.shape().toArray();
        boolean fits = in.length == 4 && out.length == 4 && in[0] == out[0] && in[3] == out[3];
        if (!fits || Math.min(Math.min(in[1], in[2]), Math.min(out[1], out[2])) < 1) {
            throw new ShapeMismatchException(operation + ": " + inputName + " is " + input.shape() + ", " + outputName
                    + " is " + output.shape() + "; both must be [batch]x[height]x[width]x[channels], of equal batch and"
                    + " channels, with a pixel or more");
        }
    }
}
