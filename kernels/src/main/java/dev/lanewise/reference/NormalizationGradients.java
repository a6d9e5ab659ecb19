package dev.lanewise.reference;

/**
 * The gradients of a pass of a normalisation.
 *
 * @param dx that of the inputs
 * @param dweight that of the weights, added to what was there
 * @param dbias that of the biases, added to what was there
 */
public record NormalizationGradients(double[] dx, double[] dweight, double[] dbias) {
    /**
     * The gradients with the kernel's bits.
     *
     * @param dx that of the inputs
     * @param dweight that of the weights, added to what was there
     * @param dbias that of the biases, added to what was there
     */
    public record Floats(float[] dx, float[] dweight, float[] dbias) {}
}
