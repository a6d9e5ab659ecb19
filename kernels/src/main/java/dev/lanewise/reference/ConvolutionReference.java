package dev.lanewise.reference;

/**
 * The 2-d convolution and its gradients, one number at a time.
 *
 * <p>The {@code double} versions are the textbook's sums and say what is true; padding is left out. The {@code float}
 * versions take the operations in the stated order and say which bits; padding takes part as zeros, so an infinity times
 * padding is NaN.
 *
 * <p>Arrays are row-major: images x {@code [batch, height, width, inChannels]}, outputs y {@code [batch, outputHeight,
 * outputWidth, outChannels]}, weights w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}. Output
 * channel co belongs to group {@code co / (outChannels / groups)} and sees that group's input channels alone.
 *
 * @param batch the number of images
 * @param vertical the rows
 * @param horizontal the columns
 * @param inChannels channels of the input, a multiple of groups
 * @param outChannels channels of the output, a multiple of groups
 * @param groups the number of groups
 */
public record ConvolutionReference(
        int batch, WindowAxis vertical, WindowAxis horizontal, int inChannels, int outChannels, int groups) {
    /**
     * Computes {@code y[n, oh, ow, co] = bias[co] + sum over kh, kw, ci of x[n, ih, iw, ci] w[kh, kw, ci, co]} with
     * {@code ih = oh stride + kh dilation - pad}, likewise iw.
     *
     * @param x the images
     * @param w the weights
     * @param bias one value for each output channel
     * @return y
     */
    public double[] forward(double[] x, double[] w, double[] bias) {
        double[] y = new double[outputSize()];
        for (int i = 0; i < y.length; i++) {
            y[i] = bias[i % outChannels];
        }
        forEachProduct((xi, wi, yi) -> y[yi] += x[xi] * w[wi]);
        return y;
    }

    /**
     * Computes the gradient of the input, {@code dx = sum of dy w} over all products of the forward pass.
     *
     * @param dy the gradient of the output
     * @param w the weights
     * @return dx
     */
    public double[] inputGradient(double[] dy, double[] w) {
        double[] dx = new double[inputSize()];
        forEachProduct((xi, wi, yi) -> dx[xi] += dy[yi] * w[wi]);
        return dx;
    }

    /**
     * Computes the gradient of the weights, {@code dw = start + sum of x dy} over all products of the forward pass.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param start what the gradient is added to
     * @return dw
     */
    public double[] weightGradient(double[] x, double[] dy, double[] start) {
        double[] dw = start.clone();
        forEachProduct((xi, wi, yi) -> dw[wi] += x[xi] * dy[yi]);
        return dw;
    }

    /**
     * Computes the forward pass: each output is one chain of fused multiply-adds that begins with the bias and takes kh,
     * kw, ci in ascending order.
     *
     * @param x the images
     * @param w the weights
     * @param bias one value for each output channel
     * @return y
     */
    public float[] forward(float[] x, float[] w, float[] bias) {
        float[] y = new float[outputSize()];
        for (int i = 0; i < y.length; i++) {
            int co = i % outChannels;
            int ow = i / outChannels % horizontal.output();
            int oh = i / outChannels / horizontal.output() % vertical.output();
            int n = i / outChannels / horizontal.output() / vertical.output();
            float sum = bias[co];
            for (int position = 0; position < positions(); position++) {
                int kh = position / horizontal.kernel();
                int kw = position % horizontal.kernel();
                for (int ci = 0; ci < groupInputs(); ci++) {
                    float pixel = pixel(x, n, vertical.inputOf(oh, kh), horizontal.inputOf(ow, kw), co, ci);
                    sum = Math.fma(pixel, w[(position * groupInputs() + ci) * outChannels + co], sum);
                }
            }
            y[i] = sum;
        }
        return y;
    }

    /**
     * Computes the gradient of the input: each element is one chain of fused multiply-adds that begins with 0 and takes
     * kh, kw, co in ascending order. Positions of the kernel that no output, in the image or outside, has over this pixel
     * are left out; where the output lies outside the image, zeros take part.
     *
     * @param dy the gradient of the output
     * @param w the weights
     * @return dx
     */
    public float[] inputGradient(float[] dy, float[] w) {
        float[] dx = new float[inputSize()];
        for (int i = 0; i < dx.length; i++) {
            int c = i % inChannels;
            int iw = i / inChannels % horizontal.input();
            int ih = i / inChannels / horizontal.input() % vertical.input();
            int n = i / inChannels / horizontal.input() / vertical.input();
            float sum = 0;
            for (int position = 0; position < positions(); position++) {
                int kh = position / horizontal.kernel();
                int kw = position % horizontal.kernel();
                if (!vertical.meets(ih, kh) || !horizontal.meets(iw, kw)) {
                    continue;
                }
                for (int k = 0; k < groupOutputs(); k++) {
                    int co = c / groupInputs() * groupOutputs() + k;
                    float gradient = gradient(dy, n, vertical.outputOf(ih, kh), horizontal.outputOf(iw, kw), co);
                    float weight = w[(position * groupInputs() + c % groupInputs()) * outChannels + co];
                    sum = Math.fma(gradient, weight, sum);
                }
            }
            dx[i] = sum;
        }
        return dx;
    }

    /**
     * Computes the gradient of the weights. Images are split into chunks, chunk {@code i} of {@code n} from {@code i batch
     * / n} to below {@code (i + 1) batch / n}, rounded down. In a chunk each element is one chain of fused multiply-adds
     * that begins with the start value in the first chunk, with 0 in the others, and takes images, output rows and output
     * columns in ascending order. Chunks are added in pairs, 0 + 1, 2 + 3, then 01 + 23 and so on, one without a partner
     * carried up.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param start what the gradient is added to
     * @param chunks the number of chunks, at most {@code batch}
     * @return dw
     */
    public float[] weightGradient(float[] x, float[] dy, float[] start, int chunks) {
        float[] dw = start.clone();
        if (batch == 0) {
            return dw;
        }
        float[] partials = new float[chunks];
        for (int i = 0; i < dw.length; i++) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                int first = (int) ((long) batch * chunk / chunks);
                int last = (int) ((long) batch * (chunk + 1) / chunks);
                partials[chunk] = weightChain(x, dy, i, chunk == 0 ? start[i] : 0, first, last);
            }
            dw[i] = pairwiseSum(partials);
        }
        return dw;
    }

    private float weightChain(float[] x, float[] dy, int weight, float start, int firstImage, int lastImage) {
        int co = weight % outChannels;
        int ci = weight / outChannels % groupInputs();
        int kw = weight / outChannels / groupInputs() % horizontal.kernel();
        int kh = weight / outChannels / groupInputs() / horizontal.kernel();
        float sum = start;
        for (int n = firstImage; n < lastImage; n++) {
            for (int oh = 0; oh < vertical.output(); oh++) {
                for (int ow = 0; ow < horizontal.output(); ow++) {
                    float pixel = pixel(x, n, vertical.inputOf(oh, kh), horizontal.inputOf(ow, kw), co, ci);
                    sum = Math.fma(pixel, gradient(dy, n, oh, ow, co), sum);
                }
            }
        }
        return sum;
    }

    private static float pairwiseSum(float[] terms) {
        float[] sums = terms.clone();
        for (int gap = 1; gap < sums.length; gap *= 2) {
            for (int i = 0; i + gap < sums.length; i += 2 * gap) {
                sums[i] += sums[i + gap];
            }
        }
        return sums[0];
    }

    /** Receives the positions, in x, w and y, of one product of the forward pass. */
    private interface Product {
        void accept(int xi, int wi, int yi);
    }

    private void forEachProduct(Product product) {
        for (int yi = 0; yi < outputSize(); yi++) {
            int co = yi % outChannels;
            int ow = yi / outChannels % horizontal.output();
            int oh = yi / outChannels / horizontal.output() % vertical.output();
            int n = yi / outChannels / horizontal.output() / vertical.output();
            for (int position = 0; position < positions(); position++) {
                int ih = vertical.inputOf(oh, position / horizontal.kernel());
                int iw = horizontal.inputOf(ow, position % horizontal.kernel());
                if (outside(ih, iw)) {
                    continue;
                }
                for (int ci = 0; ci < groupInputs(); ci++) {
                    int wi = (position * groupInputs() + ci) * outChannels + co;
                    product.accept(inputPosition(n, ih, iw, co, ci), wi, yi);
                }
            }
        }
    }

    /** The element of x that output channel {@code co} meets under input channel {@code ci} of its group; 0 outside. */
    private float pixel(float[] x, int n, int ih, int iw, int co, int ci) {
        return outside(ih, iw) ? 0 : x[inputPosition(n, ih, iw, co, ci)];
    }

    private float gradient(float[] dy, int n, int oh, int ow, int co) {
        boolean outside = oh < 0 || oh >= vertical.output() || ow < 0 || ow >= horizontal.output();
        return outside ? 0 : dy[((n * vertical.output() + oh) * horizontal.output() + ow) * outChannels + co];
    }

    private boolean outside(int ih, int iw) {
        return ih < 0 || ih >= vertical.input() || iw < 0 || iw >= horizontal.input();
    }

    private int inputPosition(int n, int ih, int iw, int co, int ci) {
        int channel = co / groupOutputs() * groupInputs() + ci;
        return ((n * vertical.input() + ih) * horizontal.input() + iw) * inChannels + channel;
    }

    private int positions() {
        return vertical.kernel() * horizontal.kernel();
    }

    private int groupInputs() {
        return inChannels / groups;
    }

    private int groupOutputs() {
        return outChannels / groups;
    }

    private int inputSize() {
        return batch * vertical.input() * horizontal.input() * inChannels;
    }

    private int outputSize() {
        return batch * vertical.output() * horizontal.output() * outChannels;
    }
}
