package dev.lanewise.reference;

/**
 * One of the two axes of images that a convolution or a pooling window slides over, rows or columns.
 *
 * @param input rows or columns of the input
 * @param kernel rows or columns of the kernel, the window
 * @param stride the distance from one output to the next
 * @param padBefore rows above or columns at the left that the window may reach over
 * @param padAfter rows below or columns at the right that the window may reach over
 * @param dilation the distance from one row or column of the kernel to the next; pooling has 1
 */
public record WindowAxis(int input, int kernel, int stride, int padBefore, int padAfter, int dilation)
        implements PoolingAxis {
    /**
     * Returns rows or columns of the output: as many places as the spread-out kernel has in the padded input.
     *
     * @return the number of outputs
     */
    @Override
    public int output() {
        return Math.floorDiv(padBefore + input + padAfter - (kernel - 1) * dilation - 1, stride) + 1;
    }

    @Override
    public int from(int output) {
        return Math.max(0, inputOf(output, 0));
    }

    @Override
    public int to(int output) {
        return Math.min(input, inputOf(output, kernel - 1) + 1);
    }

    /**
     * Returns the input that an output meets under one position of the kernel.
     *
     * @param output the output's index
     * @param position the kernel's row or column
     * @return the input's index; it lies outside the input where the kernel is over the padding
     */
    int inputOf(int output, int position) {
        return output * stride + position * dilation - padBefore;
    }

    /** Tells whether any output, be it outside the real ones, meets an input under a position of the kernel. */
    boolean meets(int input, int position) {
        return Math.floorMod(input + padBefore - position * dilation, stride) == 0;
    }

    /** Returns that output's index; it may lie outside the output. */
    int outputOf(int input, int position) {
        return Math.floorDiv(input + padBefore - position * dilation, stride);
    }
}
