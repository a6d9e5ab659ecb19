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
     * @param step from pixel to pixel of the target
     */
    void gather(Tensor x, int group, int pixel, int pixels, int row, int rows, float[] target, int target0, int step) {
        int channels = geometry.inChannels() / geometry.groups();
        int span = geometry.kernelWidth() * channels;
        boolean wholeSpans = isWhole() && row % span == 0 && rows % span == 0;
        int image = pixel / (outputHeight * outputWidth);
        int oh = pixel / outputWidth % outputHeight;
        int ow = pixel % outputWidth;
        for (int p = 0; p < pixels; p++) {
            int image0 = x.offset() + image * inputHeight * inputWidth * geometry.inChannels() + group * channels;
            int ih = oh * geometry.strideHeight() - geometry.padTop();
            int iw = ow * geometry.strideWidth() - geometry.padLeft();
            int to = target0 + p * step;
            if (wholeSpans && isInside(ih, iw)) {
                int rowFloats = inputWidth * geometry.inChannels();
                int from = image0 + ih * rowFloats + iw * geometry.inChannels();
                for (int kh = row / span; kh * span < row + rows; kh++) {
                    int source = from + kh * geometry.dilationHeight() * rowFloats;
                    Runs.copy(x.array(), source, target, to + kh * span - row, span);
                }
            } else {
                gatherPixel(x.array(), image0, ih, iw, row, rows, target, to);
            }
            if (++ow == outputWidth) {
                ow = 0;
                if (++oh == outputHeight) {
                    oh = 0;
                    image++;
                }
            }
        }
    }

    /** Whether the pixels under a row of the kernel are next to each other with all their channels. */
    private boolean isWhole() {
        return geometry.groups() == 1 && geometry.dilationWidth() == 1;
    }

    /** Whether all of the kernel lies in the image, where its first position does. */
    private boolean isInside(int ih, int iw) {
        int down = (geometry.kernelHeight() - 1) * geometry.dilationHeight();
        return ih >= 0 && ih + down < inputHeight && iw >= 0 && iw + geometry.kernelWidth() <= inputWidth;
    }

    /** One pixel, at the border or with rows that begin or end within a row of the kernel: run after run. */
    private void gatherPixel(float[] x, int image0, int top, int left, int row, int rows, float[] target, int target0) {
        int channels = geometry.inChannels() / geometry.groups();
        int kh = row / channels / geometry.kernelWidth();
        int kw = row / channels % geometry.kernelWidth();
        int channel = row % channels;
        for (int done = 0; done < rows; ) {
            int ih = top + kh * geometry.dilationHeight();
            int iw = left + kw * geometry.dilationWidth();
            boolean inside = ih >= 0 && ih < inputHeight && iw >= 0 && iw < inputWidth;
            int positions = inside && isWhole() ? Math.min(geometry.kernelWidth() - kw, inputWidth - iw) : 1;
            int count = Math.min(rows - done, positions * channels - channel);
            if (inside) {
                int from = image0 + (ih * inputWidth + iw) * geometry.inChannels() + channel;
                Runs.copy(x, from, target, target0 + done, count);
            } else {
                Runs.zero(target, target0 + done, count);
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
