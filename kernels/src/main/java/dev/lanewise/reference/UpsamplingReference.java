package dev.lanewise.reference;

import dev.lanewise.kernels.Interpolation;

/**
 * Images of another size and their gradient, one number at a time. The {@code double} versions say what is true, the
 * {@code float} versions which bits.
 *
 * @param mode nearest or bilinear
 * @param batch the number of images
 * @param height rows of the input
 * @param width columns of the input
 * @param outputHeight rows of the output
 * @param outputWidth columns of the output
 * @param channels channels of the images
 */
public record UpsamplingReference(
        Interpolation mode, int batch, int height, int width, int outputHeight, int outputWidth, int channels) {

    /**
     * Computes the output: the sum of up to four pixels times their weights.
     *
     * @param x the images
     * @return y
     */
    public double[] forward(double[] x) {
        double[] y = new double[outputSize()];
        forEachTerm((xi, yi, row, column) -> y[yi] += x[xi] * row * column);
        return y;
    }

    /**
     * Computes the output with the kernel's bits: weights of rows and columns are rounded to float, then their products;
     * the first pixel's product is rounded, the others are fused multiply-adds.
     *
     * @param x the images
     * @return y
     */
    public float[] forward(float[] x) {
        float[] y = new float[outputSize()];
        boolean[] begun = new boolean[y.length];
        forEachTerm((xi, yi, row, column) -> {
            float weight = (float) row * (float) column;
            if (mode == Interpolation.NEAREST) {
                y[yi] = x[xi];
            } else {
                y[yi] = begun[yi] ? Math.fma(x[xi], weight, y[yi]) : x[xi] * weight;
            }
            begun[yi] = true;
        });
        return y;
    }

    /**
     * Computes the gradient of the input, {@code dx = sum of dy w} over all terms of the forward pass.
     *
     * @param dy the gradient of the output
     * @return dx
     */
    public double[] gradient(double[] dy) {
        double[] dx = new double[inputSize()];
        forEachTerm((xi, yi, row, column) -> dx[xi] += dy[yi] * row * column);
        return dx;
    }

    /**
     * Computes the gradient of the input with the kernel's bits: each element begins with +0 and takes the terms in the
     * order of outputs, then of their pixels; nearest adds, bilinear takes fused multiply-adds.
     *
     * @param dy the gradient of the output
     * @return dx
     */
    public float[] gradient(float[] dy) {
        float[] dx = new float[inputSize()];
        forEachTerm((xi, yi, row, column) -> {
            boolean nearest = mode == Interpolation.NEAREST;
            dx[xi] = nearest ? dx[xi] + dy[yi] : Math.fma(dy[yi], (float) row * (float) column, dx[xi]);
        });
        return dx;
    }

    /**
     * Returns the number of elements of the images.
     *
     * @return the size of x
     */
    public int inputSize() {
        return batch * height * width * channels;
    }

    /**
     * Returns the number of elements of the output.
     *
     * @return the size of y
     */
    public int outputSize() {
        return batch * outputHeight * outputWidth * channels;
    }

    @FunctionalInterface
    private interface Term {
        void accept(int xi, int yi, double rowWeight, double columnWeight);
    }

    /** The terms of all outputs: one for nearest; for bilinear lower and upper row, and for each the two columns. */
    private void forEachTerm(Term term) {
        int terms = mode == Interpolation.NEAREST ? 1 : 2;
        for (int yi = 0; yi < outputSize(); yi++) {
            int c = yi % channels;
            int ow = yi / channels % outputWidth;
            int oh = yi / channels / outputWidth % outputHeight;
            int n = yi / channels / outputWidth / outputHeight;
            for (int i = 0; i < terms; i++) {
                for (int j = 0; j < terms; j++) {
                    int ih = input(height, outputHeight, oh, i);
                    int iw = input(width, outputWidth, ow, j);
                    double row = weight(height, outputHeight, oh, i);
                    double column = weight(width, outputWidth, ow, j);
                    term.accept(((n * height + ih) * width + iw) * channels + c, yi, row, column);
                }
            }
        }
    }

    /** An output's position, as a fraction: numerator and denominator. */
    private long[] position(int inputs, int outputs, int o) {
        return switch (mode) {
            case NEAREST -> new long[] {(long) o * inputs / outputs, 1};
            case BILINEAR -> new long[] {Math.max(0, (2L * o + 1) * inputs - outputs), 2L * outputs};
            case BILINEAR_ALIGNED -> new long[] {(long) o * (inputs - 1), Math.max(1, outputs - 1)};
        };
    }

    private int input(int inputs, int outputs, int o, int upper) {
        long[] position = position(inputs, outputs, o);
        return (int) Math.min(position[0] / position[1] + upper, inputs - 1);
    }

    private double weight(int inputs, int outputs, int o, int upper) {
        long[] position = position(inputs, outputs, o);
        long rest = position[0] % position[1];
        return (double) (upper == 1 ? rest : position[1] - rest) / position[1];
    }
}
