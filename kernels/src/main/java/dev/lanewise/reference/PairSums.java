package dev.lanewise.reference;

/** Sums of partial sums in pairs: 0 + 1, 2 + 3, then 01 + 23, and so on; one without a partner is carried up. */
final class PairSums {
    private PairSums() {}

    /**
     * Adds numbers.
     *
     * @param terms the numbers, at least one
     * @return the sum
     */
    static float sum(float[] terms) {
        float[] sums = terms;
        while (sums.length > 1) {
            float[] pairs = new float[(sums.length + 1) / 2];
            for (int i = 0; i < sums.length; i += 2) {
                pairs[i / 2] = i + 1 < sums.length ? sums[i] + sums[i + 1] : sums[i];
            }
            sums = pairs;
        }
        return sums[0];
    }

    /**
     * Adds what stands in one column.
     *
     * @param rows the rows, at least one
     * @param column which column
     * @return the sum
     */
    static float column(float[][] rows, int column) {
        float[] terms = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            terms[i] = rows[i][column];
        }
        return sum(terms);
    }
}
