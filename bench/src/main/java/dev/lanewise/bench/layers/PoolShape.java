package dev.lanewise.bench.layers;

import dev.lanewise.kernels.PoolingGeometry;
import dev.lanewise.reference.WindowAxis;
import java.util.List;

/**
 * A 2-d pooling to time, written as oneDNN's benchdnn writes it: {@code mb1ic64ih112oh56kh3sh2ph1n"name"}. The parts are
 * those of {@link ConvShape}; there are no groups, channels of the output or dilation.
 *
 * @param batch images
 * @param channels channels of the images
 * @param vertical height: of image, window and output
 * @param horizontal width, likewise
 * @param name what the user calls it; may be empty
 */
public record PoolShape(int batch, int channels, WindowAxis vertical, WindowAxis horizontal, String name) {
    private static final String EXAMPLE = "mb1ic64ih112oh56kh3sh2ph1";
    private static final List<String> KEYS =
            List.of("mb", "ic", "ih", "iw", "oh", "ow", "kh", "kw", "sh", "sw", "ph", "pw");

    /**
     * Reads a shape.
     *
     * @param text such as {@code mb1ic64ih112oh56kh3sh2ph1}
     * @return the shape
     * @throws IllegalArgumentException if it is none, or a tensor of it would not fit into an array
     */
    public static PoolShape parse(String text) {
        Descriptor descriptor = new Descriptor(text, EXAMPLE, KEYS);
        PoolShape shape = new PoolShape(
                descriptor.positive("mb", 2),
                descriptor.positive("ic"),
                Windows.read(descriptor, 'h'),
                Windows.read(descriptor, 'w'),
                descriptor.name());
        refuseWindowsOfPadding(descriptor, "h", shape.vertical);
        refuseWindowsOfPadding(descriptor, "w", shape.horizontal);
        descriptor.refuseLargerThanArrays(
                shape.batch, shape.vertical.input(), shape.horizontal.input(), shape.channels);
        descriptor.refuseLargerThanArrays(
                shape.batch, shape.vertical.output(), shape.horizontal.output(), shape.channels);
        return shape;
    }

    private static void refuseWindowsOfPadding(Descriptor descriptor, String side, WindowAxis axis) {
        if (axis.padBefore() >= axis.kernel()) {
            throw descriptor.wrong("padding p" + side + " is " + axis.padBefore() + "; it must be less than the "
                    + axis.kernel() + " pixels that the window covers");
        }
    }

    /**
     * Returns the elements of the images.
     *
     * @return the size of x, {@code [batch, height, width, channels]}
     */
    public int inputSize() {
        return batch * vertical.input() * horizontal.input() * channels;
    }

    /**
     * Returns the elements of the output.
     *
     * @return the size of y, {@code [batch, outputHeight, outputWidth, channels]}
     */
    public int outputSize() {
        return batch * vertical.output() * horizontal.output() * channels;
    }

    /**
     * Returns whether the padding is, or could be, the same at opposite sides.
     *
     * @return false for what libraries that know only one number for both can't do
     */
    public boolean isSymmetric() {
        return Windows.isSymmetric(vertical) && Windows.isSymmetric(horizontal);
    }

    /**
     * Returns the geometry, as Lanewise's kernels take it.
     *
     * @return window, stride and padding
     */
    public PoolingGeometry geometry() {
        return PoolingGeometry.of(vertical.kernel(), horizontal.kernel())
                .withStride(vertical.stride(), horizontal.stride())
                .withPadding(vertical.padBefore(), horizontal.padBefore(), vertical.padAfter(), horizontal.padAfter());
    }

    /** Writes the shape as {@link #parse} reads it. */
    @Override
    public String toString() {
        return "mb" + batch + "ic" + channels + Windows.text(vertical, horizontal, "")
                + (name.isEmpty() ? "" : "n\"" + name + "\"");
    }
}
