package dev.lanewise.reference;

/**
 * Sums, means, norms, dot products and maxima along the middle axis of {@code [outer, extent, inner]}, one number at a time.
 * The {@code double} versions say what is true, the {@code float} versions which bits.
 *
 * @param outer the product of the axes before
 * @param extent the axis
 * @param inner the product of the axes after
 */
public record ReductionsReference(int outer, int extent, int inner) {
    private static final int CHUNK = 1 << 14;
    private static final int CHUNK_ROWS = 1 << 10;
    private static final int SUM_LANES = 16;
    private static final int DOT_LANES = 32;

    /**
     * Adds elements.
     *
     * @param x the elements
     * @return the sums
     */
    public double[] sum(double[] x) {
        double[] sums = new double[outer * inner];
        for (int i = 0; i < x.length; i++) {
            sums[result(i)] += x[i];
        }
        return sums;
    }

    /**
     * Adds products.
     *
     * @param a the first factors
     * @param b the second factors
     * @return the sums
     */
    public double[] dot(double[] a, double[] b) {
        double[] sums = new double[outer * inner];
        for (int i = 0; i < a.length; i++) {
            sums[result(i)] += a[i] * b[i];
        }
        return sums;
    }

    /**
     * Computes the sums with the kernel's bits: chunks in double, with four elements added in float before where there are as
     * many, chunks in ascending order.
     *
     * @param x the elements
     * @return the sums
     */
    public float[] sum(float[] x) {
        return rounded(sums(x, null));
    }

    /**
     * Computes the means with the kernel's bits: sums divided in double.
     *
     * @param x the elements
     * @return the means
     */
    public float[] mean(float[] x) {
        double[] sums = sums(x, null);
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= extent;
        }
        return rounded(sums);
    }

    /**
     * Computes the dot products with the kernel's bits: fused multiply-adds in double, over 32 lanes where elements are next to
     * each other, chunks in ascending order.
     *
     * @param a the first factors
     * @param b the second factors
     * @return the sums
     */
    public float[] dot(float[] a, float[] b) {
        return rounded(sums(a, b));
    }

    /**
     * Computes the norms with the kernel's bits: roots of dot products, in double.
     *
     * @param x the elements
     * @return the norms
     */
    public float[] norm(float[] x) {
        double[] sums = sums(x, x);
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.sqrt(sums[i]);
        }
        return rounded(sums);
    }

    /**
     * Finds the largest elements: NaN if there is one, +0 before -0.
     *
     * @param x the elements, an extent of at least 1
     * @return the maxima
     */
    public float[] max(float[] x) {
        float[] max = new float[outer * inner];
        for (int i = 0; i < max.length; i++) {
            max[i] = x[element(i, 0)];
            for (int k = 1; k < extent; k++) {
                max[i] = Math.max(max[i], x[element(i, k)]);
            }
        }
        return max;
    }

    /**
     * Finds where the largest elements are: the first NaN, otherwise the first of the largest.
     *
     * @param x the elements, an extent of at least 1
     * @return the indices along the axis
     */
    public int[] argmax(float[] x) {
        int[] places = new int[outer * inner];
        for (int i = 0; i < places.length; i++) {
            for (int k = 1; k < extent; k++) {
                float largest = x[element(i, places[i])];
                float next = x[element(i, k)];
                if (next > largest || Float.isNaN(next) && !Float.isNaN(largest)) {
                    places[i] = k;
                }
            }
        }
        return places;
    }

    /** The result that an element belongs to. */
    int result(int element) {
        return element / (extent * inner) * inner + element % inner;
    }

    /** The k-th element of a result. */
    int element(int result, int k) {
        return (result / inner * extent + k) * inner + result % inner;
    }

    private double[] sums(float[] a, float[] b) {
        double[] sums = new double[outer * inner];
        int chunk = inner == 1 ? CHUNK : CHUNK_ROWS;
        for (int i = 0; i < sums.length; i++) {
            for (int from = 0; from < extent; from += chunk) {
                int to = Math.min(extent, from + chunk);
                sums[i] += inner == 1 ? run(a, b, i, from, to) : column(a, b, i, from, to);
            }
        }
        return sums;
    }

    /** A chunk of elements that are next to each other, in lanes. */
    private double run(float[] a, float[] b, int result, int from, int to) {
        double[] lanes = new double[b == null ? SUM_LANES : DOT_LANES];
        int at = from;
        for (; b == null && at + 4 * SUM_LANES <= to; at += 4 * SUM_LANES) {
            for (int lane = 0; lane < SUM_LANES; lane++) {
                int i = element(result, at + lane);
                lanes[lane] += (a[i] + a[i + SUM_LANES]) + (a[i + 2 * SUM_LANES] + a[i + 3 * SUM_LANES]);
            }
        }
        for (int k = at; k < to; k++) {
            int lane = (k - at) % lanes.length;
            int i = element(result, k);
            lanes[lane] = b == null ? lanes[lane] + a[i] : Math.fma((double) a[i], (double) b[i], lanes[lane]);
        }
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }

    /** A chunk of elements that are apart, in ascending order. */
    private double column(float[] a, float[] b, int result, int from, int to) {
        double sum = 0;
        int k = from;
        for (; b == null && k + 4 <= to; k += 4) {
            sum += (a[element(result, k)] + a[element(result, k + 1)])
                    + (a[element(result, k + 2)] + a[element(result, k + 3)]);
        }
        for (; k < to; k++) {
            int i = element(result, k);
            sum = b == null ? sum + a[i] : Math.fma((double) a[i], (double) b[i], sum);
        }
        return sum;
    }

    private static float[] rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
