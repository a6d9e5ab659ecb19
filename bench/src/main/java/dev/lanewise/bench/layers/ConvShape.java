package dev.lanewise.bench.layers;

import dev.lanewise.kernels.ConvolutionGeometry;
import dev.lanewise.reference.WindowAxis;
import java.util.List;

/**
 * A 2-d convolution to time, written as oneDNN's benchdnn writes it: {@code mb1ic64ih56oc64oh56kh3ph1n"name"}.
 *
 * <table>
 * <caption>Parts</caption>
 * <tr><td>{@code g}</td><td>groups; 1 if left out</td></tr>
 * <tr><td>{@code mb}</td><td>images in the batch; 2 if left out</td></tr>
 * <tr><td>{@code ic, oc}</td><td>channels in and out, of all groups together</td></tr>
 * <tr><td>{@code ih, iw}</td><td>height and width of the image</td></tr>
 * <tr><td>{@code oh, ow}</td><td>those of the output; follow from the padding if left out</td></tr>
 * <tr><td>{@code kh, kw}</td><td>those of the kernel</td></tr>
 * <tr><td>{@code sh, sw}</td><td>stride; 1 if left out</td></tr>
 * <tr><td>{@code ph, pw}</td><td>padding at the top and the left; follows from the output if left out</td></tr>
 * <tr><td>{@code dh, dw}</td><td>pixels left out between those of the kernel; 0 for none</td></tr>
 * </table>
 *
 * <p>A width that is left out is as the height; without any height it is a 1-d convolution. The padding at the bottom and
 * the right is what the output needs.
 *
 * @param groups how many groups
 * @param batch images
 * @param inChannels channels of the images, a multiple of groups
 * @param outChannels channels of the output, a multiple of groups
 * @param vertical height: of image, kernel and output
 * @param horizontal width, likewise
 * @param name what the user calls it; may be empty
 */
public record ConvShape(
        int groups,
        int batch,
        int inChannels,
        int outChannels,
        WindowAxis vertical,
        WindowAxis horizontal,
        String name) {
    private static final String EXAMPLE = "mb1ic64ih56oc64oh56kh3ph1";
    private static final List<String> KEYS =
            List.of("g", "mb", "ic", "ih", "iw", "oc", "oh", "ow", "kh", "kw", "sh", "sw", "ph", "pw", "dh", "dw");

    /**
     * Reads a shape.
     *
     * @param text such as {@code g32mb1ic32ih112oc32oh112kh3ph1n"depthwise"}
     * @return the shape
     * @throws IllegalArgumentException if it is none, or a tensor of it would not fit into an array
     */
    public static ConvShape parse(String text) {
        Descriptor descriptor = new Descriptor(text, EXAMPLE, KEYS);
        ConvShape shape = new ConvShape(
                descriptor.positive("g", 1),
                descriptor.positive("mb", 2),
                descriptor.positive("ic"),
                descriptor.positive("oc"),
                Windows.read(descriptor, 'h'),
                Windows.read(descriptor, 'w'),
                descriptor.name());
        if (shape.inChannels % shape.groups != 0 || shape.outChannels % shape.groups != 0) {
            throw descriptor.wrong("groups g (" + shape.groups + ") must divide ic (" + shape.inChannels + ") and oc ("
                    + shape.outChannels + ")");
        }
        descriptor.refuseLargerThanArrays(
                shape.batch, shape.vertical.input(), shape.horizontal.input(), shape.inChannels);
        descriptor.refuseLargerThanArrays(
                shape.batch, shape.vertical.output(), shape.horizontal.output(), shape.outChannels);
        descriptor.refuseLargerThanArrays(
                shape.vertical.kernel(), shape.horizontal.kernel(), shape.groupInputs(), shape.outChannels);
        return shape;
    }

    /**
     * Returns the channels of the images that a group sees.
     *
     * @return {@code inChannels / groups}
     */
    public int groupInputs() {
        return inChannels / groups;
    }

    /**
     * Returns the channels of the output that a group computes.
     *
     * @return {@code outChannels / groups}
     */
    public int groupOutputs() {
        return outChannels / groups;
    }

    /**
     * Returns whether each group sees one channel.
     *
     * @return whether it is a depthwise convolution
     */
    public boolean isDepthwise() {
        return groups > 1 && groups == inChannels;
    }

    /**
     * Returns the elements of the images.
     *
     * @return the size of x, {@code [batch, height, width, inChannels]}
     */
    public int inputSize() {
        return batch * vertical.input() * horizontal.input() * inChannels;
    }

    /**
     * Returns the elements of the weights.
     *
     * @return the size of w, {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     */
    public int weightSize() {
        return vertical.kernel() * horizontal.kernel() * groupInputs() * outChannels;
    }

    /**
     * Returns the elements of the output.
     *
     * @return the size of y, {@code [batch, outputHeight, outputWidth, outChannels]}
     */
    public int outputSize() {
        return batch * vertical.output() * horizontal.output() * outChannels;
    }

    /**
     * Returns the operations of any of the three convolutions, a multiply-add counted as two, those with padding too.
     *
     * @return {@code 2 outputSize kernelHeight kernelWidth inChannels / groups}
     */
    public double flops() {
        return 2.0 * outputSize() * vertical.kernel() * horizontal.kernel() * groupInputs();
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
     * @return kernel, channels, stride, padding, dilation and groups
     */
    public ConvolutionGeometry geometry() {
        return ConvolutionGeometry.of(vertical.kernel(), horizontal.kernel(), inChannels, outChannels)
                .withStride(vertical.stride(), horizontal.stride())
                .withPadding(vertical.padBefore(), horizontal.padBefore(), vertical.padAfter(), horizontal.padAfter())
                .withDilation(vertical.dilation(), horizontal.dilation())
                .withGroups(groups);
    }

    /** Writes the shape as {@link #parse} reads it. */
    @Override
    public String toString() {
        return (groups == 1 ? "" : "g" + groups) + "mb" + batch + "ic" + inChannels
                + Windows.text(vertical, horizontal, "oc" + outChannels)
                + (name.isEmpty() ? "" : "n\"" + name + "\"");
    }
}
