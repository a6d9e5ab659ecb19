package dev.lanewise.kernels;

import dev.lanewise.kernels.micro.Runs;
import dev.lanewise.tensor.Tensor;

/**
 * Gathers what kernel positions meet under output pixels: images as columns, but only as many as stay in a cache.
 *
 * @param geometry the convolution
 * @param inputHeight rows of an image
 * @param inputWidth columns of an image
 * @param outputHeight rows of the output
 * @param outputWidth columns of the output
 */
record Patches(ConvolutionGeometry geometry, int inputHeight, int inputWidth, int outputHeight, int outputWidth) {
    /**
     * Gathers.
     *
     * @param x the images
     * @param group the group of channels
     * @param pixel the first output pixel, counted through all images
     * @param pixels how many
     * @param row the first kernel position: {@code (kh kernelWidth + kw) channels + ci}, with the channels of a group
     * @param rows how many
     * @param target receives, for each pixel, the elements of all rows next to each other, and some floats more
     * @param target0 where to
     */
    void gather(Tensor x, int group, int pixel, int pixels, int row, int rows, float[] target, int target0) {
        int channels = geometry.inChannels() / geometry.groups();
        int position = row / channels;
        int outputPixels = outputHeight * outputWidth;
        for (int p = 0; p < pixels; p++) {
            int image = (pixel + p) / outputPixels;
            int oh = (pixel + p) % outputPixels / outputWidth;
            int ow = (pixel + p) % outputWidth;
            int image0 = x.offset() + image * inputHeight * inputWidth * geometry.inChannels() + group * channels;
            int kh = position / geometry.kernelWidth();
            int kw = position % geometry.kernelWidth();
            int channel = row % channels;
            for (int done = 0; done < rows; ) {
                int ih = oh * geometry.strideHeight() + kh * geometry.dilationHeight() - geometry.padTop();
                int iw = ow * geometry.strideWidth() + kw * geometry.dilationWidth() - geometry.padLeft();
                boolean inside = ih >= 0 && ih < inputHeight && iw >= 0 && iw < inputWidth;
                int positions = inside ? adjacent(kw, iw) : 1;
                int count = Math.min(rows - done, positions * channels - channel);
                int to = target0 + p * rows + done;
                if (inside) {
                    int from = image0 + (ih * inputWidth + iw) * geometry.inChannels() + channel;
                    Runs.copy(x.array(), from, target, to, count);
                } else {
                    Runs.zero(target, to, count);
                }
                done += count;
                channel = 0;
                kw += positions;
                if (kw == geometry.kernelWidth()) {
                    kw = 0;
                    kh++;
                }
            }
        }
    }

    /** How many kernel positions of a row, from one on, meet pixels of which all channels are next to each other. */
    private int adjacent(int kw, int iw) {
        boolean whole = geometry.groups() == 1 && geometry.dilationWidth() == 1;
        return whole ? Math.min(geometry.kernelWidth() - kw, inputWidth - iw) : 1;
    }
}
