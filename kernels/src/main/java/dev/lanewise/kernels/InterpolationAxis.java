package dev.lanewise.kernels;

/**
 * Between which inputs of one axis each output lies. Positions are fractions of integers, so that nothing is lost before
 * a weight is rounded once.
 *
 * @param lower for each output, the input at or before its position
 * @param upper the input after it, or the last
 * @param lowerWeight the part of the lower one
 * @param upperWeight the part of the upper one
 */
record InterpolationAxis(int[] lower, int[] upper, float[] lowerWeight, float[] upperWeight) {
    static InterpolationAxis of(Interpolation mode, int inputs, int outputs) {
        InterpolationAxis axis =
                new InterpolationAxis(new int[outputs], new int[outputs], new float[outputs], new float[outputs]);
        for (int o = 0; o < outputs; o++) {
            long numerator;
            long denominator;
            switch (mode) {
                case NEAREST -> {
                    denominator = outputs;
                    numerator = (long) o * inputs / outputs * outputs;
                }
                case BILINEAR -> {
                    denominator = 2L * outputs;
                    numerator = Math.max(0, (2L * o + 1) * inputs - outputs);
                }
                default -> {
                    denominator = Math.max(1, outputs - 1);
                    numerator = (long) o * (inputs - 1);
                }
            }
            long rest = numerator % denominator;
            axis.lower[o] = (int) (numerator / denominator);
            axis.upper[o] = Math.min(axis.lower[o] + 1, inputs - 1);
            axis.lowerWeight[o] = (float) ((denominator - rest) / (double) denominator);
            axis.upperWeight[o] = (float) (rest / (double) denominator);
        }
        return axis;
    }
}
