package dev.lanewise.reference;

/**
 * Mean and variance of one channel in the order of the kernels: chunks of rows in float, around a shift near the chunk's
 * mean; the chunks in double.
 *
 * @param mean the mean
 * @param variance the mean square of the deviations from it, at least 0
 */
record ChannelMoments(double mean, double variance) {
    /**
     * Computes them.
     *
     * @param x holds the channel
     * @param first index of the channel's first value
     * @param stride the distance between its values
     * @param chunkRows how many values are summed in float
     * @return the moments
     */
    static ChannelMoments of(float[] x, int first, int stride, int chunkRows) {
        int rows = x.length / stride;
        int chunks = (rows - 1) / chunkRows + 1;
        float[][] sums = new float[chunks][];
        double total = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            int from = chunk * chunkRows;
            int count = Math.min(chunkRows, rows - from);
            sums[chunk] = deviations(x, first + from * stride, stride, count);
            total += (double) count * sums[chunk][0] + sums[chunk][1];
        }
        double mean = total / rows;
        double squares = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            double count = Math.min(chunkRows, rows - chunk * chunkRows);
            double e = sums[chunk][0] - mean;
            squares += sums[chunk][2] + e * (2.0 * sums[chunk][1] + count * e);
        }
        return new ChannelMoments(mean, Math.max(0, squares / rows));
    }

    /** Shift, sum of deviations from it, and sum of their squares. */
    private static float[] deviations(float[] x, int first, int stride, int count) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum += x[first + i * stride];
        }
        float shift = sum * (1f / count);
        float deviations = 0;
        float squares = 0;
        for (int i = 0; i < count; i++) {
            float d = x[first + i * stride] - shift;
            deviations += d;
            squares = Math.fma(d, d, squares);
        }
        return new float[] {shift, deviations, squares};
    }

    /**
     * Adds numbers, chunks in float, their sums in double.
     *
     * @param terms the numbers
     * @param chunk how many are summed in float
     * @return the sum
     */
    static double sum(float[] terms, int chunk) {
        double total = 0;
        for (int from = 0; from < terms.length; from += chunk) {
            float sum = 0;
            for (int i = from; i < Math.min(terms.length, from + chunk); i++) {
                sum += terms[i];
            }
            total += sum;
        }
        return total;
    }

    /**
     * Adds products, chunks in float by fused multiply-adds, their sums in double.
     *
     * @param a the first factors
     * @param b the second factors
     * @param chunk how many are summed in float
     * @return the sum
     */
    static double dot(float[] a, float[] b, int chunk) {
        double total = 0;
        for (int from = 0; from < a.length; from += chunk) {
            float sum = 0;
            for (int i = from; i < Math.min(a.length, from + chunk); i++) {
                sum = Math.fma(a[i], b[i], sum);
            }
            total += sum;
        }
        return total;
    }
}
