package dev.lanewise.reference;

/**
 * Maximum and average over windows and their gradients, one number at a time. The {@code double} versions say what is true,
 * the {@code float} versions which bits.
 *
 * <p>Arrays are row-major: images x {@code [batch, height, width, channels]}, outputs y {@code [batch, outputHeight,
 * outputWidth, channels]}. Windows are taken in ascending order, their pixels rows first; padding is not looked at.
 *
 * @param batch the number of images
 * @param vertical the rows
 * @param horizontal the columns
 * @param channels channels of the images
 */
public record PoolingReference(int batch, PoolingAxis vertical, PoolingAxis horizontal, int channels) {
    /**
     * Computes the maximum of each window. A pixel replaces the maximum so far if it is greater or NaN; maxima are exact,
     * so this serves as the {@code double} version too.
     *
     * @param x the images
     * @return y
     */
    public float[] max(float[] x) {
        float[] y = new float[outputSize()];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[best(x, i)];
        }
        return y;
    }

    /**
     * Computes the gradient of the maxima: each window's goes to its first pixel that is the maximum.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @return dx
     */
    public double[] maxGradient(float[] x, double[] dy) {
        double[] dx = new double[inputSize()];
        for (int i = 0; i < dy.length; i++) {
            dx[best(x, i)] += dy[i];
        }
        return dx;
    }

    /**
     * Computes the gradient of the maxima with the kernel's bits: an element begins with +0 and adds its windows in
     * ascending order, each with its {@code dy} or, if another pixel is its maximum, +0.
     *
     * @param x the images
     * @param dy the gradient of the output
     * @return dx
     */
    public float[] maxGradient(float[] x, float[] dy) {
        float[] dx = new float[inputSize()];
        for (int i = 0; i < dy.length; i++) {
            int best = best(x, i);
            int window = i;
            forEachPixel(i, pixel -> dx[pixel] += pixel == best ? dy[window] : 0f);
        }
        return dx;
    }

    /**
     * Computes the average of each window's pixels.
     *
     * @param x the images
     * @return y
     */
    public double[] average(double[] x) {
        return average(x, 0);
    }

    /**
     * Computes the average of each window, with a divisor that may count padding.
     *
     * @param x the images
     * @param divisor what each sum or gradient is divided by; 0 for the number of pixels that its window covers
     * @return y
     */
    public double[] average(double[] x, int divisor) {
        double[] y = new double[outputSize()];
        for (int i = 0; i < y.length; i++) {
            int window = i;
            forEachPixel(i, pixel -> y[window] += x[pixel]);
            y[i] /= divisor == 0 ? pixels(i) : divisor;
        }
        return y;
    }

    /**
     * Computes the averages with the kernel's bits: a sum begins with +0 and takes the pixels in window order; then one
     * division.
     *
     * @param x the images
     * @return y
     */
    public float[] average(float[] x) {
        return average(x, 0);
    }

    /**
     * Computes the averages with the kernel's bits, with a divisor that may count padding.
     *
     * @param x the images
     * @param divisor what each sum or gradient is divided by; 0 for the number of pixels that its window covers
     * @return y
     */
    public float[] average(float[] x, int divisor) {
        float[] y = new float[outputSize()];
        for (int i = 0; i < y.length; i++) {
            int window = i;
            forEachPixel(i, pixel -> y[window] += x[pixel]);
            y[i] /= divisor == 0 ? pixels(i) : divisor;
        }
        return y;
    }

    /**
     * Computes the gradient of the averages: each window gives {@code dy / pixels} to all its pixels.
     *
     * @param dy the gradient of the output
     * @return dx
     */
    public double[] averageGradient(double[] dy) {
        return averageGradient(dy, 0);
    }

    /**
     * Computes the gradient of the averages, with a divisor that may count padding.
     *
     * @param dy the gradient of the output
     * @param divisor what each sum or gradient is divided by; 0 for the number of pixels that its window covers
     * @return dx
     */
    public double[] averageGradient(double[] dy, int divisor) {
        double[] dx = new double[inputSize()];
        for (int i = 0; i < dy.length; i++) {
            double share = dy[i] / (divisor == 0 ? pixels(i) : divisor);
            forEachPixel(i, pixel -> dx[pixel] += share);
        }
        return dx;
    }

    /**
     * Computes the gradient of the averages with the kernel's bits: an element begins with +0 and adds the quotients of
     * its windows in ascending order.
     *
     * @param dy the gradient of the output
     * @return dx
     */
    public float[] averageGradient(float[] dy) {
        return averageGradient(dy, 0);
    }

    /**
     * Computes the gradient of the averages with the kernel's bits, with a divisor that may count padding.
     *
     * @param dy the gradient of the output
     * @param divisor what each sum or gradient is divided by; 0 for the number of pixels that its window covers
     * @return dx
     */
    public float[] averageGradient(float[] dy, int divisor) {
        float[] dx = new float[inputSize()];
        for (int i = 0; i < dy.length; i++) {
            float share = dy[i] / (divisor == 0 ? pixels(i) : divisor);
            forEachPixel(i, pixel -> dx[pixel] += share);
        }
        return dx;
    }

    /**
     * Returns the number of elements of the images.
     *
     * @return the size of x
     */
    public int inputSize() {
        return batch * vertical.input() * horizontal.input() * channels;
    }

    /**
     * Returns the number of elements of the output.
     *
     * @return the size of y
     */
    public int outputSize() {
        return batch * vertical.output() * horizontal.output() * channels;
    }

    @FunctionalInterface
    private interface Pixel {
        void at(int position);
    }

    /** The position of a window's maximum. */
    private int best(float[] x, int window) {
        int[] best = {-1};
        forEachPixel(window, pixel -> {
            boolean firstNaN = Float.isNaN(x[pixel]) && !(best[0] >= 0 && Float.isNaN(x[best[0]]));
            if (best[0] < 0 || firstNaN || x[pixel] > x[best[0]]) {
                best[0] = pixel;
            }
        });
        return best[0];
    }

    private int pixels(int window) {
        int[] count = {0};
        forEachPixel(window, pixel -> count[0]++);
        return count[0];
    }

    private void forEachPixel(int window, Pixel pixel) {
        int c = window % channels;
        int ow = window / channels % horizontal.output();
        int oh = window / channels / horizontal.output() % vertical.output();
        int n = window / channels / horizontal.output() / vertical.output();
        for (int ih = vertical.from(oh); ih < vertical.to(oh); ih++) {
            for (int iw = horizontal.from(ow); iw < horizontal.to(ow); iw++) {
                pixel.at(((n * vertical.input() + ih) * horizontal.input() + iw) * channels + c);
            }
        }
    }
}
