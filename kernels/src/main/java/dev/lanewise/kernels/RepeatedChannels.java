package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.DepthwiseShape;

/**
 * Copies the rows of an image that some rows of outputs need, with each channel as often as it has output channels: to the
 * copy, the convolution has one output channel for each input channel. The copy takes a load and a store for each output,
 * beside as many multiply-adds as the kernel has taps.
 */
final class RepeatedChannels {
    private RepeatedChannels() {}

    /** Rows of an image that some rows of outputs need, at most. */
    static int rows(DepthwiseShape s, int outputRows) {
        return Math.min(s.height(), (outputRows - 1) * s.rowStep() + (s.kernelRows() - 1) * s.rowTap() + 1);
    }

    /**
     * Copies what rows of outputs need.
     *
     * @param x holds the image, {@code [height, width, inputs]}
     * @param x0 where it starts
     * @param inputs its channels
     * @param s where the copy's pixels are, and how many channels each gets
     * @param times how often each channel of the image is repeated
     * @param channel the first of the repeated channels to copy
     * @param fromRow the first row of outputs
     * @param toRow the row of outputs after the last
     * @param copy receives the rows
     * @param copy0 where to
     * @return where pixel (0, 0) of the whole image would be in the copy; may be negative
     */
    static int copy(
            float[] x,
            int x0,
            int inputs,
            DepthwiseShape s,
            int times,
            int channel,
            int fromRow,
            int toRow,
            float[] copy,
            int copy0) {
        int first = Math.clamp(s.firstRow() + fromRow * s.rowStep(), 0, s.height());
        int last = s.firstRow() + (toRow - 1) * s.rowStep() + (s.kernelRows() - 1) * s.rowTap();
        int end = Math.clamp(last + 1, first, s.height());
        int pixels = (end - first) * s.width();
        for (int pixel = 0; pixel < pixels; pixel++) {
            int from = x0 + (first * s.width() + pixel) * inputs + channel / times;
            int to = copy0 + pixel * s.pixel();
            int turn = channel % times;
            for (int c = 0; c < s.channels(); c++) {
                copy[to + c] = x[from];
                turn++;
                if (turn == times) {
                    turn = 0;
                    from++;
                }
            }
        }
        return copy0 - first * s.width() * s.pixel();
    }
}
