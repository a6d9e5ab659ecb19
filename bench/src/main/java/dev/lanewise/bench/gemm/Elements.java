package dev.lanewise.bench.gemm;

/** Copies between element types. */
public final class Elements {
    private Elements() {}

    /**
     * Copies doubles to floats.
     *
     * @param values numbers that floats hold exactly
     * @return the copy
     */
    public static float[] floats(double[] values) {
        float[] copy = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = (float) values[i];
        }
        return copy;
    }

    /**
     * Copies floats to doubles.
     *
     * @param values numbers
     * @return the copy
     */
    public static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }
}
