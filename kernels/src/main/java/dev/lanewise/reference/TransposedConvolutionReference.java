package dev.lanewise.reference;

/**
 * The transposed 2-d convolution and its gradients: those of the convolution that is transposed, exchanged, and a bias.
 *
 * @param transposed that convolution; its input is this one's output
 */
public record TransposedConvolutionReference(ConvolutionReference transposed) {
    /**
     * Computes {@code y = bias + transposed(x, w)}.
     *
     * @param x the images
     * @param w the weights
     * @param bias one value for each output channel
     * @return y
     */
    public double[] forward(double[] x, double[] w, double[] bias) {
        double[] y = transposed.inputGradient(x, w);
        for (int i = 0; i < y.length; i++) {
            y[i] += bias[i % bias.length];
        }
        return y;
    }

    /**
     * Computes the forward pass with the kernel's bits: the convolution's input gradient, then the bias is added.
     *
     * @param x the images
     * @param w the weights
     * @param bias one value for each output channel; null for none
     * @return y
     */
    public float[] forward(float[] x, float[] w, float[] bias) {
        float[] y = transposed.inputGradient(x, w);
        for (int i = 0; bias != null && i < y.length; i++) {
            y[i] += bias[i % bias.length];
        }
        return y;
    }

    /**
     * Computes the gradient of the input with the kernel's bits: the convolution's forward pass.
     *
     * @param dy the gradient of the output
     * @param w the weights
     * @return dx
     */
    public float[] inputGradient(float[] dy, float[] w) {
        return transposed.forward(dy, w, new float[transposed.outChannels()]);
    }

    /**
     * Computes the gradient of the input.
     *
     * @param dy the gradient of the output
     * @param w the weights
     * @return dx
     */
    public double[] inputGradient(double[] dy, double[] w) {
        return transposed.forward(dy, w, new double[transposed.outChannels()]);
    }

    /**
     * Computes the gradient of the weights with the kernel's bits: the convolution's, x and dy exchanged.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param start what the gradient is added to
     * @param chunks the number of chunks
     * @return dw
     */
    public float[] weightGradient(float[] x, float[] dy, float[] start, int chunks) {
        return transposed.weightGradient(dy, x, start, chunks);
    }

    /**
     * Computes the gradient of the weights.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @param start what the gradient is added to
     * @return dw
     */
    public double[] weightGradient(double[] x, double[] dy, double[] start) {
        return transposed.weightGradient(dy, x, start);
    }
}
